//! Secrets that reach the log by mistake do not reach the disk.

use std::borrow::Cow;

/// Parts of names whose values are never written, compared without case, `_` and `-`.
const SECRET_NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "authorization",
    "cookie",
    "apikey",
    "privatekey",
    "accesskey",
    "credential",
    "signature",
];

/// Beginnings of keys that are known by their look.
const KEY_PREFIXES: [&str; 5] = ["ik_", "sk_", "rk_", "whsec_", "ghp_"];

/// Whether a field of this name may hold a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

/// The text with what looks like a credential replaced by stars: bearer and basic values, JSON web tokens,
/// keys with a known beginning, passwords inside addresses, and values after a secret name and `=`.
pub(super) fn redact(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut after_scheme = false;
    for (start, word) in words(text) {
        let masked = if after_scheme {
            Some("***".to_owned())
        } else {
            mask(word)
        };
        after_scheme = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
        if let Some(masked) = masked {
            out.push_str(&text[copied..start]);
            out.push_str(&masked);
            copied = start + word.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Runs without white space, quotes, commas and brackets, with where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = |c: char| c.is_whitespace() || "\"'`,;()[]{}<>".contains(c);
    text.split(ends)
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn mask(word: &str) -> Option<String> {
    if let Some(masked) = mask_address_password(word) {
        return Some(mask(&masked).unwrap_or(masked));
    }
    if word.contains('=') {
        let mut changed = false;
        let parts: Vec<String> = word
            .split_inclusive(['?', '&'])
            .map(|part| {
                let (part, end) = match part.char_indices().next_back() {
                    Some((at, '?' | '&')) => part.split_at(at),
                    _ => (part, ""),
                };
                let masked = mask_assignment(part);
                changed |= masked.is_some();
                masked.unwrap_or_else(|| part.to_owned()) + end
            })
            .collect();
        return changed.then(|| parts.concat());
    }
    mask_key(word)
}

fn mask_assignment(part: &str) -> Option<String> {
    let (name, value) = part.split_once('=')?;
    if is_secret_name(name) && !value.is_empty() {
        return Some(format!("{name}=***"));
    }
    mask_key(value).map(|masked| format!("{name}={masked}"))
}

fn mask_key(word: &str) -> Option<String> {
    if word.starts_with("eyJ") && word.len() > 20 && word.contains('.') {
        return Some("***".to_owned());
    }
    let prefix = KEY_PREFIXES.iter().find(|prefix| word.starts_with(**prefix))?;
    (word.len() >= prefix.len() + 12).then(|| format!("{prefix}***"))
}

fn mask_address_password(word: &str) -> Option<String> {
    let (scheme, rest) = word.split_once("://")?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (person, host) = rest[..end].rsplit_once('@')?;
    let (name, password) = person.split_once(':')?;
    (!password.is_empty() && password != "***")
        .then(|| format!("{scheme}://{name}:***@{host}{}", &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names_are_known_in_any_spelling() {
        for name in [
            "password",
            "DB_PASSWORD",
            "x-api-key",
            "refreshToken",
            "Set-Cookie",
            "client_secret",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["user", "key", "status", "path", "request_id", "code"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn credentials_inside_texts_are_masked_and_the_rest_stays() {
        for (text, shown) in [
            (
                "Authorization: Bearer abc.def, next",
                "Authorization: Bearer ***, next",
            ),
            ("basic dXNlcjpw tail", "basic *** tail"),
            (
                "token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.x end",
                "token *** end",
            ),
            ("key ik_0123456789abcdef!", "key ik_***"),
            (
                "to postgres://u:p@ss@h/db failed",
                "to postgres://u:***@h/db failed",
            ),
            ("GET /o?a=1&token=s3cr3t&b=2", "GET /o?a=1&token=***&b=2"),
            ("(password=hunter2)", "(password=***)"),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
        for plain in [
            "",
            "nothing here: a=b, c",
            "ik_short",
            "https://host/a@b:c",
            "naïve — café",
        ] {
            assert!(
                matches!(redact(plain), Cow::Borrowed(same) if same == plain),
                "{plain}"
            );
        }
    }
}
