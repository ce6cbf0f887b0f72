//! Signature version 4: how requests to S3 and AWS services are signed, and how such signatures are checked.
//!
//! One form serves both directions: providers sign what they send, gateways rebuild what a client must have
//! signed. Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference.

mod canonical;
mod key;

pub use canonical::{Canonical, encode, encode_path, hash};
pub use key::{ALGORITHM, Scope, SigningKey, is_same, stamp, when};

/// The hash of a body that is not signed.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The hash of nothing.
pub const EMPTY_PAYLOAD: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[cfg(test)]
mod tests {
    use busbar_kernel::Secret;

    use super::*;

    /// The secret of the test suite.
    const SUITE: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    /// The secret of the S3 documentation.
    const DOCUMENTED: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn signed(secret: &str, scope: &Scope, moment: &str, request: &Canonical<'_>) -> (String, String) {
        let hashed = hash(request.text().as_bytes());
        let key = SigningKey::derive(&Secret::new(secret), scope);
        let signature = key.sign(&scope.string_to_sign(moment, &hashed));
        (hashed, signature)
    }

    #[test]
    fn the_published_suite() {
        let scope = Scope::new("20150830", "us-east-1", "service");
        let moment = "20150830T123600Z";
        let ordered = [("Param2", "value2"), ("Param1", "value1")];
        let host = [("host", "example.amazonaws.com"), ("x-amz-date", moment)];
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("host", "example.amazonaws.com"),
            ("x-amz-date", moment),
        ];
        let body = hash(b"Param1=value1");
        for (method, query, headers, payload, hashed, signature) in [
            (
                "GET",
                &[][..],
                &host[..],
                EMPTY_PAYLOAD,
                "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "GET",
                &ordered[..],
                &host[..],
                EMPTY_PAYLOAD,
                "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0",
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "POST",
                &[][..],
                &form[..],
                &body,
                "",
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
        ] {
            let request = Canonical {
                method,
                path: "/",
                query,
                headers,
                payload,
            };
            let found = signed(SUITE, &scope, moment, &request);
            assert!(hashed.is_empty() || found.0 == hashed, "{method} {query:?}");
            assert_eq!(found.1, signature, "{method} {query:?}");
        }
    }

    #[test]
    fn the_examples_of_the_s3_documentation() {
        let scope = Scope::new("20130524", "us-east-1", "s3");
        let moment = "20130524T000000Z";
        let presigned = [
            ("X-Amz-Algorithm", ALGORITHM),
            (
                "X-Amz-Credential",
                "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
            ),
            ("X-Amz-Date", moment),
            ("X-Amz-Expires", "86400"),
            ("X-Amz-SignedHeaders", "host"),
        ];
        let request = Canonical {
            method: "GET",
            path: "/test.txt",
            query: &presigned,
            headers: &[("host", "examplebucket.s3.amazonaws.com")],
            payload: UNSIGNED_PAYLOAD,
        };
        let found = signed(DOCUMENTED, &scope, moment, &request);
        assert_eq!(
            found.0,
            "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
        );
        assert_eq!(
            found.1,
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        );

        let request = Canonical {
            method: "GET",
            path: "/test.txt",
            query: &[],
            headers: &[
                ("host", "examplebucket.s3.amazonaws.com"),
                ("range", "bytes=0-9"),
                ("x-amz-content-sha256", EMPTY_PAYLOAD),
                ("x-amz-date", moment),
            ],
            payload: EMPTY_PAYLOAD,
        };
        let found = signed(DOCUMENTED, &scope, moment, &request);
        assert_eq!(
            found.1,
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        );
    }

    #[test]
    fn links_in_path_style_with_letters_of_every_sort() {
        let scope = Scope::new("20260101", "eu-north-1", "s3");
        let moment = "20260101T000000Z";
        let query = |expires, headers| {
            [
                ("X-Amz-Algorithm", ALGORITHM),
                (
                    "X-Amz-Credential",
                    "AKIDEXAMPLE/20260101/eu-north-1/s3/aws4_request",
                ),
                ("X-Amz-Date", moment),
                ("X-Amz-Expires", expires),
                ("X-Amz-SignedHeaders", headers),
            ]
        };
        let mut read = query("900", "host").to_vec();
        read.push(("response-content-disposition", "attachment; filename=\"x.txt\""));
        let path = encode_path("/app-files/dir/a b+cæ.txt");
        let request = Canonical {
            method: "GET",
            path: &path,
            query: &read,
            headers: &[("host", "minio.local:9000")],
            payload: UNSIGNED_PAYLOAD,
        };
        let found = signed(SUITE, &scope, moment, &request);
        assert_eq!(
            found.0,
            "e25a436162c74dbb2df9a9bdde9f323524ff73a0705530fa19e9faacc8f957f6"
        );
        assert_eq!(
            found.1,
            "625e3071b855fcdea5e4fdc714603210ca4c9fb2b9d699188a8c131c3686e3cb"
        );
        let write = query("900", "content-type;host");
        let request = Canonical {
            method: "PUT",
            path: "/app-files/dir/up.bin",
            query: &write,
            headers: &[("content-type", "application/pdf"), ("host", "minio.local:9000")],
            payload: UNSIGNED_PAYLOAD,
        };
        let found = signed(SUITE, &scope, moment, &request);
        assert_eq!(
            found.0,
            "2d1eb96e6675b64b4ccbf39c34547ebf49c7950f667245074dffbc40c58fea8f"
        );
        assert_eq!(
            found.1,
            "fcb3d01947dedcb6623aacb604c3cf994ec7d53e0e800dbeb49a7ed455d89422"
        );
    }

    #[test]
    fn a_form_signs_its_policy() {
        let policy = concat!(
            r#"{"expiration":"2026-01-01T01:00:00.000Z","conditions":[{"bucket":"app-files"},"#,
            r#"["starts-with","$key","tenant-1/"],["content-length-range",1,10485760],"#,
            r#"["eq","$Content-Type","application/pdf"],{"x-amz-algorithm":"AWS4-HMAC-SHA256"},"#,
            r#"{"x-amz-credential":"AKIDEXAMPLE/20260101/eu-north-1/s3/aws4_request"},"#,
            r#"{"x-amz-date":"20260101T000000Z"}]}"#
        );
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, policy);
        let scope = Scope::new("20260101", "eu-north-1", "s3");
        let key = SigningKey::derive(&Secret::new(SUITE), &scope);
        assert_eq!(
            key.sign(&encoded),
            "663bf1f54ae9236c7a035f8ed086254943e40a93dc95073e62c1182d052acdb0"
        );
    }

    #[test]
    fn moments_have_one_form() {
        let moment = when("20260101T000000Z").unwrap();
        assert_eq!(stamp(moment), "20260101T000000Z");
        for bad in [
            "",
            "20260101",
            "2026-01-01T00:00:00Z",
            "20261301T000000Z",
            "20260101T000000Zx",
        ] {
            assert!(when(bad).is_none(), "{bad}");
        }
    }
}
