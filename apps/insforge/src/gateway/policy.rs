//! The policy of a form that a browser posts: what it must say, and whether the form says so.
//!
//! Contract: "Creating a POST Policy", Amazon S3 API reference.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use busbar_kernel::{Error, Result, Timestamp};
use serde_json::Value;

use super::refusal;

/// Fields that no condition needs to cover.
const FREE: [&str; 4] = ["policy", "x-amz-signature", "file", "awsaccesskeyid"];

/// A policy that was read, its signature checked by whoever read it.
#[derive(Debug)]
pub(crate) struct Policy {
    expiration: Timestamp,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
enum Condition {
    Exactly(String, String),
    StartsWith(String, String),
    Length(u64, u64),
}

impl Policy {
    /// Reads a policy in base64.
    pub(crate) fn read(encoded: &str) -> Result<Self> {
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| invalid("Invalid Policy: it is not base64"))?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|_| invalid("Invalid Policy: Invalid JSON"))?;
        let expiration = value["expiration"]
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        let conditions = value["conditions"]
            .as_array()
            .ok_or_else(|| invalid("Invalid Policy: it has no conditions"))?;
        Ok(Self {
            expiration: expiration.ok_or_else(|| invalid("Invalid Policy: Invalid 'expiration' value"))?,
            conditions: conditions
                .iter()
                .map(condition)
                .collect::<Result<Vec<_>>>()?
                .concat(),
        })
    }

    /// Whether the fields before the file fit: every condition holds, and nothing stands there that none covers.
    /// `fields` has names in lower case, and the bucket among them.
    pub(crate) fn check(&self, fields: &[(String, String)], now: Timestamp) -> Result<()> {
        if now >= self.expiration {
            return Err(refused("Policy expired"));
        }
        let value = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        for condition in &self.conditions {
            let (name, holds) = match condition {
                Condition::Exactly(name, wanted) => (name, value(name) == wanted),
                Condition::StartsWith(name, start) => (name, value(name).starts_with(start.as_str())),
                Condition::Length(..) => continue,
            };
            if !holds {
                return Err(refused(format!("Policy Condition failed for {name}")));
            }
        }
        let covered = |field: &str| {
            self.conditions.iter().any(|condition| match condition {
                Condition::Exactly(name, _) | Condition::StartsWith(name, _) => name == field,
                Condition::Length(..) => false,
            })
        };
        let extra = fields.iter().map(|(name, _)| name.as_str()).find(|name| {
            !FREE.contains(name) && !name.starts_with("x-ignore-") && *name != "bucket" && !covered(name)
        });
        match extra {
            Some(name) => Err(refused(format!("Extra input fields: {name}"))),
            None => Ok(()),
        }
    }

    /// The least and the most bytes that the file may have.
    pub(crate) fn length(&self) -> (u64, u64) {
        let lengths = self.conditions.iter().filter_map(|condition| match condition {
            Condition::Length(least, most) => Some((*least, *most)),
            _ => None,
        });
        lengths.fold((0, u64::MAX), |(least, most), (low, high)| {
            (least.max(low), most.min(high))
        })
    }
}

fn condition(value: &Value) -> Result<Vec<Condition>> {
    if let Some(object) = value.as_object() {
        let exact = object.iter().map(|(name, value)| {
            let wanted = value
                .as_str()
                .ok_or_else(|| invalid("Invalid Policy: a condition's value is not a text"))?;
            Ok(Condition::Exactly(name.to_ascii_lowercase(), wanted.to_owned()))
        });
        return exact.collect();
    }
    let malformed = || invalid("Invalid Policy: a condition is neither an object nor a list of three");
    let parts = value
        .as_array()
        .filter(|parts| parts.len() == 3)
        .ok_or_else(malformed)?;
    let operator = parts[0].as_str().ok_or_else(malformed)?.to_ascii_lowercase();
    if operator == "content-length-range" {
        let number = |value: &Value| {
            value
                .as_u64()
                .or_else(|| value.as_str()?.parse().ok())
                .ok_or_else(malformed)
        };
        return Ok(vec![Condition::Length(number(&parts[1])?, number(&parts[2])?)]);
    }
    let name = parts[1]
        .as_str()
        .and_then(|name| name.strip_prefix('$'))
        .ok_or_else(malformed)?
        .to_ascii_lowercase();
    let text = parts[2].as_str().ok_or_else(malformed)?.to_owned();
    match operator.as_str() {
        "eq" => Ok(vec![Condition::Exactly(name, text)]),
        "starts-with" => Ok(vec![Condition::StartsWith(name, text)]),
        _ => Err(malformed()),
    }
}

fn invalid(message: &'static str) -> Error {
    refusal("InvalidPolicyDocument", message)
}

fn refused(why: impl std::fmt::Display) -> Error {
    refusal("AccessDenied", format!("Invalid according to Policy: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<Policy> {
        Policy::read(&STANDARD.encode(text))
    }

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn every_condition_counts_and_nothing_else_passes() {
        let read = policy(
            r#"{"expiration":"2026-01-01T01:00:00.000Z","conditions":[{"bucket":"b"},["starts-with","$key","t/"],
               ["eq","$Content-Type","application/pdf"],["content-length-range",1,10]]}"#,
        )
        .unwrap();
        assert_eq!(read.length(), (1, 10));
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let right = [
            ("bucket", "b"),
            ("key", "t/x"),
            ("content-type", "application/pdf"),
            ("x-amz-signature", "s"),
        ];
        read.check(&fields(&right), now).unwrap();
        read.check(&fields(&right), "2026-01-01T01:00:00Z".parse().unwrap())
            .unwrap_err();
        for wrong in [
            vec![("bucket", "other"), right[1], right[2]],
            vec![right[0], ("key", "u/x"), right[2]],
            vec![right[0], right[1], ("content-type", "text/html")],
            vec![right[0], right[1]],
            [&right[..], &[("acl", "public-read")]].concat(),
        ] {
            let error = read.check(&fields(&wrong), now).unwrap_err();
            assert_eq!(error.wire_code_str(), Some("AccessDenied"), "{wrong:?}");
        }
        read.check(&fields(&[&right[..], &[("x-ignore-me", "x")]].concat()), now)
            .unwrap();
    }

    #[test]
    fn what_is_no_policy() {
        for bad in [
            "",
            "[]",
            r#"{"conditions":[]}"#,
            r#"{"expiration":"soon","conditions":[]}"#,
            r#"{"expiration":"2026-01-01T01:00:00Z"}"#,
            r#"{"expiration":"2026-01-01T01:00:00Z","conditions":[["like","$key","x"]]}"#,
            r#"{"expiration":"2026-01-01T01:00:00Z","conditions":[["eq","key","x"]]}"#,
            r#"{"expiration":"2026-01-01T01:00:00Z","conditions":[["content-length-range",-1,5]]}"#,
        ] {
            assert_eq!(
                policy(bad).unwrap_err().wire_code_str(),
                Some("InvalidPolicyDocument"),
                "{bad}"
            );
        }
    }
}
