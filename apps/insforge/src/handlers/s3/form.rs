//! A form that a browser posts to a bucket: what its policy allows, signed by whoever made it.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use busbar_files::ObjectKey;
use busbar_files::objects::{Upload, Via, ViaS3};
use busbar_kernel::{Error, Result};
use busbar_platform::http::input::body_error;
use busbar_ports::objects::ByteStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use multer::{Field, Multipart};

use super::write::attached;
use super::{place, raw_path};
use crate::Services;
use crate::address::component;
use crate::gateway::policy::Policy;
use crate::gateway::xml::{Answer, empty};
use crate::gateway::{refusal, signature};

/// The most bytes of all fields before the file.
const LONGEST_FIELDS: usize = 64 * 1024;

/// Whether a request is such a form.
pub(super) fn is_one(request: &Request) -> bool {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    request.method() == Method::POST
        && !request.headers().contains_key(header::AUTHORIZATION)
        && content_type.is_some_and(|text| text.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Stores the file of a form.
pub(super) async fn answer(services: Services, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let bucket = place(&raw_path(&parts))?.0;
    let (mut fields, file_name, file) = read(&parts.headers, body).await?;
    fields.push(("bucket".to_owned(), bucket.clone()));
    let value = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let needed =
        |name: &'static str| value(name).ok_or_else(|| malformed(format!("The form has no field {name}")));

    let policy_text = value("policy")
        .ok_or_else(|| refusal("AccessDenied", "Anonymous access is forbidden for this operation"))?;
    let shown = (
        needed("x-amz-credential")?,
        needed("x-amz-date")?,
        needed("x-amz-signature")?,
    );
    let keys = &services.files.access_keys;
    let key = signature::policy_signer(keys, policy_text, shown).await?;
    let policy = Policy::read(policy_text)?;
    policy.check(&fields, services.clock.now())?;

    let object_key: ObjectKey = needed("key")?
        .replace("${filename}", file_name.as_deref().unwrap_or_default())
        .parse()?;
    let upload = Upload {
        bucket: bucket.parse()?,
        key: object_key,
        declared_type: value("content-type").map(str::to_owned),
        declared_size: None,
        via: Via::S3,
        s3: ViaS3 {
            access_key_id: Some(key.access_key_id.clone()),
            attached: attached(&as_headers(&fields))?,
            ..ViaS3::default()
        },
        body: within(file, policy.length()),
    };
    let object = services
        .files
        .objects
        .upload(&signature::actor(&key), upload)
        .await?;

    let (key, etag) = (object.key.as_str(), object.etag.as_deref().unwrap_or_default());
    if let Some(target) = value("success_action_redirect").or_else(|| value("redirect")) {
        let joint = if target.contains('?') { '&' } else { '?' };
        let target = format!(
            "{target}{joint}bucket={bucket}&key={}&etag=%22{etag}%22",
            component(key)
        );
        let target = HeaderValue::from_str(&target)
            .map_err(|_| malformed("success_action_redirect is not an address"))?;
        let mut answer = empty(StatusCode::SEE_OTHER);
        answer.headers_mut().insert(header::LOCATION, target);
        return Ok(answer);
    }
    let mut answer = match value("success_action_status") {
        Some("200") => empty(StatusCode::OK),
        Some("201") => {
            let mut answer = Answer::new("PostResponse");
            answer.put(
                "Location",
                format!("{}/{}", raw_path(&parts).trim_end_matches('/'), component(key)),
            );
            answer
                .put("Bucket", &bucket)
                .put("Key", key)
                .put("ETag", format!("\"{etag}\""));
            let mut answer = answer.send();
            *answer.status_mut() = StatusCode::CREATED;
            answer
        }
        _ => empty(StatusCode::NO_CONTENT),
    };
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{etag}\"")) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

type Fields = Vec<(String, String)>;

/// The fields before the file, their names in lower case, then the file; what follows it is not looked at.
async fn read(headers: &HeaderMap, body: Body) -> Result<(Fields, Option<String>, Field<'static>)> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(|text| multer::parse_boundary(text).ok());
    let boundary = boundary.ok_or_else(|| malformed("The form has no boundary"))?;
    let mut form = Multipart::new(body.into_data_stream(), boundary);
    let mut fields: Fields = Vec::new();
    let mut size = 0;
    while let Some(mut field) = form.next_field().await.map_err(form_error)? {
        let name = field.name().unwrap_or_default().to_ascii_lowercase();
        if name == "file" {
            let file_name = field
                .file_name()
                .map(|name| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
            return Ok((fields, file_name, field));
        }
        let mut value = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(form_error)? {
            size += chunk.len();
            if size > LONGEST_FIELDS {
                return Err(malformed("The fields before the file are too long"));
            }
            value.extend_from_slice(&chunk);
        }
        let value = String::from_utf8(value).map_err(|_| malformed("A field is not UTF-8"))?;
        if fields.iter().any(|(known, _)| *known == name) {
            return Err(malformed(format!("The field {name} stands there twice")));
        }
        fields.push((name, value));
    }
    Err(refusal(
        "InvalidArgument",
        "POST requires exactly one file upload per request",
    ))
}

/// The file's bytes, with an error where there are fewer or more of them than the policy allows.
fn within(file: Field<'static>, (least, most): (u64, u64)) -> ByteStream {
    let mut size = 0u64;
    let counted = file.map_err(form_error).map(move |chunk| {
        let chunk = chunk?;
        size += chunk.len() as u64;
        if size > most {
            return Err(refusal(
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size",
            ));
        }
        Ok((size, chunk))
    });
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let told = std::sync::Arc::clone(&seen);
    let bytes = counted.map_ok(move |(size, chunk)| {
        told.store(size, std::sync::atomic::Ordering::Relaxed);
        chunk
    });
    let end = stream::once(async move {
        match seen.load(std::sync::atomic::Ordering::Relaxed) < least {
            true => Err(refusal(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
            )),
            false => Ok(bytes::Bytes::new()),
        }
    });
    bytes.chain(end).boxed()
}

/// The fields that mean headers.
fn as_headers(fields: &[(String, String)]) -> HeaderMap {
    let pairs = fields.iter().filter_map(|(name, value)| {
        Some((
            name.parse::<HeaderName>().ok()?,
            HeaderValue::from_bytes(value.as_bytes()).ok()?,
        ))
    });
    pairs.filter(|(name, _)| name != "tagging").collect()
}

fn form_error(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(source) => body_error(axum::Error::new(source)),
        other => malformed("The form is not well formed").source(other),
    }
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    refusal("MalformedPOSTRequest", message)
}
