//! A form that a browser posts to S3 itself, limited by a signed policy.
//!
//! Contract: "Browser-Based Uploads Using POST", Amazon S3 API reference, signature version 4.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use busbar_kernel::Result;
use busbar_kernel::clock::iso_millis;
use busbar_ports::objects::{FormRequest, ObjectName, UploadForm};
use busbar_ports::sigv4::{self, Scope, SigningKey};

use super::client::{Client, parsed};

/// The form that stores bytes under `name`, made for the host that clients reach.
pub(super) fn signed(client: &Client, name: &ObjectName, wanted: &FormRequest) -> Result<UploadForm> {
    let settings = &client.settings;
    let moment = client.clock.now();
    let scope = Scope::at(moment, &settings.region, "s3");
    let mut fields = vec![
        ("key", name.to_string()),
        ("x-amz-algorithm", sigv4::ALGORITHM.to_owned()),
        (
            "x-amz-credential",
            format!("{}/{}", settings.access_key_id, scope.text()),
        ),
        ("x-amz-date", sigv4::stamp(moment)),
    ];
    if let Some(token) = &settings.session_token {
        fields.push(("x-amz-security-token", token.expose().to_owned()));
    }
    let mut conditions = vec![
        format!("{{\"bucket\":{}}}", quoted(&settings.bucket)),
        format!("[\"content-length-range\",0,{}]", wanted.largest),
    ];
    conditions.extend(
        fields
            .iter()
            .map(|(name, value)| format!("{{{}:{}}}", quoted(name), quoted(value))),
    );
    let policy = format!(
        "{{\"expiration\":\"{}\",\"conditions\":[{}]}}",
        iso_millis(moment + wanted.lifetime),
        conditions.join(",")
    );
    let policy = STANDARD.encode(policy);
    let key = SigningKey::derive(&settings.secret_access_key, &scope);
    fields.push(("x-amz-signature", key.sign(&policy)));
    fields.push(("policy", policy));
    Ok(UploadForm {
        url: parsed(&settings.base(true))?.to_string(),
        fields,
    })
}

/// A text of JSON.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use busbar_kernel::{MovableClock, Secret};

    use super::*;
    use crate::objects::s3::S3Settings;

    #[test]
    fn every_field_is_covered_by_the_policy_that_is_signed() {
        let settings = S3Settings {
            bucket: "app-files".to_owned(),
            region: "eu-north-1".to_owned(),
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: Some(Secret::new("the-token")),
            endpoint: Some("http://minio:9000".to_owned()),
            public_endpoint: Some("https://files.example".to_owned()),
            path_style: true,
            presigned_links: true,
        };
        let client = Client::new(settings, Arc::new(MovableClock::at_2026())).unwrap();
        let wanted = FormRequest {
            lifetime: Duration::from_secs(3600),
            largest: 7,
        };
        let form = signed(&client, &"aa/one".parse().unwrap(), &wanted).unwrap();
        assert_eq!(form.url, "https://files.example/app-files");
        let field = |wanted: &str| {
            let found = form.fields.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.clone()).unwrap()
        };
        let policy = String::from_utf8(STANDARD.decode(field("policy")).unwrap()).unwrap();
        assert_eq!(
            policy,
            "{\"expiration\":\"2026-01-01T01:00:00.000Z\",\"conditions\":[{\"bucket\":\"app-files\"},\
             [\"content-length-range\",0,7],{\"key\":\"aa/one\"},{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},\
             {\"x-amz-credential\":\"AKIDEXAMPLE/20260101/eu-north-1/s3/aws4_request\"},\
             {\"x-amz-date\":\"20260101T000000Z\"},{\"x-amz-security-token\":\"the-token\"}]}"
        );
        let scope = Scope::new("20260101", "eu-north-1", "s3");
        let key = SigningKey::derive(&client.settings.secret_access_key, &scope);
        assert_eq!(field("x-amz-signature"), key.sign(&field("policy")));
    }
}
