//! The PEM form of a key, as OpenSSL and Node write and read it (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Writes DER bytes under a label in lines of 64 characters.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (at, character) in body.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----\n"));
    text
}

/// The DER bytes under a label; `None` when the text is not in that form.
pub(crate) fn decode(label: &str, text: &str) -> Option<Vec<u8>> {
    let body = text
        .trim()
        .strip_prefix(&format!("-----BEGIN {label}-----"))?
        .strip_suffix(&format!("-----END {label}-----"))?;
    let body: String = body.split_whitespace().collect();
    STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let der: Vec<u8> = (0..=200).collect();
        let text = encode("PRIVATE KEY", &der);
        assert!(text.lines().all(|line| line.len() <= 64));
        assert_eq!(decode("PRIVATE KEY", &text), Some(der));
        assert_eq!(decode("PUBLIC KEY", &text), None);
        assert_eq!(
            decode(
                "PRIVATE KEY",
                "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----"
            ),
            None
        );
    }
}
