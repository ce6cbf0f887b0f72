//! A key for a file whose uploader names none.

use busbar_kernel::{Clock, random};

use super::ObjectKey;

/// The most characters of the file's own name that go into the key.
const MAX_BASE: usize = 32;

/// The most characters of an extension, with its dot.
const MAX_EXTENSION: usize = 17;

impl ObjectKey {
    /// `<base>-<milliseconds since 1970>-<six random letters or digits><extension>`, as InsForge's clients
    /// expect it (`storage`, POST of an object).
    pub fn automatic(file_name: &str, clock: &dyn Clock) -> Self {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let (base, extension) = match name.rfind('.') {
            Some(dot) if is_plain_extension(&name[dot..]) => name.split_at(dot),
            _ => (name, ""),
        };
        let base: String = base
            .chars()
            .map(|character| match character {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => character,
                _ => '-',
            })
            .take(MAX_BASE)
            .collect();
        let base = if base.is_empty() { "file" } else { &base };
        let millis = clock.now().timestamp_millis();
        Self::trusted(format!("{base}-{millis}-{}{extension}", six()))
    }
}

fn is_plain_extension(extension: &str) -> bool {
    let letters = &extension[1..];
    extension.len() <= MAX_EXTENSION
        && !letters.is_empty()
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn six() -> String {
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..6)
        .filter_map(|_| ALPHABET.get(usize::try_from(random::below(36)).ok()?))
        .map(|byte| char::from(*byte))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::MovableClock;

    #[test]
    fn names_become_plain_and_keep_their_extension() {
        let long = format!("{}.tar", "x".repeat(40));
        for (name, begin, end) in [
            ("photo.png", "photo-1767225600000-", ".png"),
            ("my photo (1).JPG", "my-photo--1--1767225600000-", ".JPG"),
            ("C:\\docs\\a.txt", "a-1767225600000-", ".txt"),
            ("../../etc/passwd", "passwd-1767225600000-", ""),
            ("", "file-1767225600000-", ""),
            ("dot.", "dot--1767225600000-", ""),
            (".env", "file-1767225600000-", ".env"),
            ("a.b c", "a-b-c-1767225600000-", ""),
            (&long, &format!("{}-1767225600000-", "x".repeat(32)), ".tar"),
        ] {
            let key = ObjectKey::automatic(name, &MovableClock::at_2026());
            let rest = key
                .as_str()
                .strip_prefix(begin)
                .unwrap_or_else(|| panic!("{name}: {key}"));
            let random = rest.strip_suffix(end).unwrap_or_else(|| panic!("{name}: {key}"));
            assert_eq!(random.len(), 6, "{key}");
            assert_eq!(key.as_str().parse::<ObjectKey>().unwrap(), key);
        }
    }
}
