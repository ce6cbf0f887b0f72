//! The one text form of a request that both sides sign.

use std::fmt::Write;

use aws_lc_rs::digest;

/// A request as it is signed: what both sides must agree on.
#[derive(Clone, Copy, Debug)]
pub struct Canonical<'a> {
    /// `GET`, `PUT` …
    pub method: &'a str,
    /// The path as it goes over the wire, percent-encoded once.
    pub path: &'a str,
    /// The query's pairs, decoded, without `X-Amz-Signature`.
    pub query: &'a [(&'a str, &'a str)],
    /// The signed headers: names in lower case, sorted.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body's SHA-256 in hexadecimal digits, or a word in its place.
    pub payload: &'a str,
}

impl Canonical<'_> {
    /// The names of the signed headers, joined by `;`.
    pub fn signed_headers(&self) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        names.join(";")
    }

    /// The encoded query, in the order in which it is signed.
    pub fn query_text(&self) -> String {
        let mut pairs: Vec<(String, String)> = self
            .query
            .iter()
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        pairs.sort_unstable();
        let pairs: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    }

    /// The whole text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.method, self.path, self.query_text());
        for (name, value) in self.headers {
            // Runs of spaces count as one, because proxies may fold them.
            let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
            let _ = writeln!(text, "{name}:{}", words.join(" "));
        }
        let _ = write!(text, "\n{}\n{}", self.signed_headers(), self.payload);
        text
    }
}

/// SHA-256 in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

/// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`.
pub fn encode(text: &str) -> String {
    encoded(text, "")
}

/// The same, but leaves `/` as it is.
pub fn encode_path(path: &str) -> String {
    encoded(path, "/")
}

fn encoded(text: &str, also: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
