//! The key that signs for one day, region and service, and the texts it signs.

use aws_lc_rs::{constant_time, hmac};
use busbar_kernel::{Secret, Timestamp};
use chrono::NaiveDateTime;

/// The only algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

const FORM: &str = "%Y%m%dT%H%M%SZ";

/// What a signing key is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The day, `20130524`.
    pub date: String,
    /// The region, `us-east-1`.
    pub region: String,
    /// The service, `s3`.
    pub service: String,
}

impl Scope {
    /// A scope of these three.
    pub fn new(date: &str, region: &str, service: &str) -> Self {
        Self {
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        }
    }

    /// The scope of `region` and `service` on the day of `moment`.
    pub fn at(moment: Timestamp, region: &str, service: &str) -> Self {
        Self::new(&stamp(moment)[..8], region, service)
    }

    /// `20130524/us-east-1/s3/aws4_request`.
    pub fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }

    /// What is signed for a request made at `moment` (`20130524T000000Z`) whose canonical form has this hash.
    pub fn string_to_sign(&self, moment: &str, hash: &str) -> String {
        format!("{ALGORITHM}\n{moment}\n{}\n{hash}", self.text())
    }
}

/// A key derived from a secret for one scope.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// Derives it.
    pub fn derive(secret: &Secret, scope: &Scope) -> Self {
        let first = hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{}", secret.expose()).as_bytes());
        let key = [&scope.date, &scope.region, &scope.service]
            .into_iter()
            .map(String::as_str)
            .chain(["aws4_request"])
            .fold(first, |key, part| {
                hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
            });
        Self(key)
    }

    /// The signature of a text in hexadecimal digits.
    pub fn sign(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.0, text.as_bytes()))
    }
}

/// Whether two signatures are the same, in a time that tells nothing.
pub fn is_same(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// A moment as `20130524T000000Z`.
pub fn stamp(moment: Timestamp) -> String {
    moment.format(FORM).to_string()
}

/// The moment that such a text names; `None` for any other text.
pub fn when(text: &str) -> Option<Timestamp> {
    NaiveDateTime::parse_from_str(text, FORM)
        .ok()
        .map(|naive| naive.and_utc())
        .filter(|moment| stamp(*moment) == text)
}
