//! What production and staging demand of a value.

/// A demand on one variable, checked only where the mode is strict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// It must be set.
    Required,
    /// It must be set by a source, not by its default.
    Named,
    /// At least this many characters.
    MinimumLength(usize),
    /// None of the well-known placeholders, and not one character repeated.
    NotWeak,
    /// No `*` in the list.
    NoWildcard,
    /// Every address begins with `https://`.
    HttpsOnly,
    /// No address names this machine.
    NotLoopback,
    /// The value must be exactly this.
    MustBe(&'static str),
    /// The value must not be this.
    MustNotBe(&'static str),
}

const WEAK: [&str; 14] = [
    "secret",
    "password",
    "changeme",
    "change-me",
    "change_me",
    "admin",
    "default",
    "example",
    "test",
    "dev-secret",
    "your-secret",
    "your_secret",
    "placeholder",
    "insecure",
];

/// Whether a secret is one of the placeholders people forget to replace, or nearly constant.
pub fn is_weak_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 6
        || WEAK
            .iter()
            .any(|weak| lower == *weak || (lower.contains(weak) && value.len() < 48))
}

impl Rule {
    /// What is wrong with the value, as the end of a sentence that begins with the variable's name.
    pub(crate) fn violation(&self, value: Option<&str>, from_default: bool) -> Option<String> {
        let members = || {
            value
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
                .filter(|member| !member.is_empty())
        };
        match *self {
            Self::Required => value.is_none_or(str::is_empty).then(|| "must be set".to_owned()),
            Self::Named => {
                (from_default || value.is_none_or(str::is_empty)).then(|| "must be set by name".to_owned())
            }
            Self::MinimumLength(least) => value
                .filter(|value| value.chars().count() < least)
                .map(|_| format!("must have at least {least} characters")),
            Self::NotWeak => value
                .filter(|value| is_weak_secret(value))
                .map(|_| "is a well-known or too simple value".to_owned()),
            Self::NoWildcard => members()
                .any(|member| member.contains('*'))
                .then(|| "must not hold a wildcard".to_owned()),
            Self::HttpsOnly => members()
                .find(|member| !member.starts_with("https://"))
                .map(|member| format!("must hold https addresses only, not {member:?}")),
            Self::NotLoopback => members()
                .find(|member| names_this_machine(member))
                .map(|_| "must not point to this machine".to_owned()),
            Self::MustBe(wanted) => value
                .filter(|value| !value.eq_ignore_ascii_case(wanted))
                .map(|_| format!("must be {wanted}")),
            Self::MustNotBe(unwanted) => value
                .filter(|value| value.eq_ignore_ascii_case(unwanted))
                .map(|_| format!("must not be {unwanted}")),
        }
    }
}

fn names_this_machine(address: &str) -> bool {
    ["localhost", "127.", "[::1]", "0.0.0.0"]
        .iter()
        .any(|name| address.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_repeated_characters_are_weak() {
        for weak in [
            "secret",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "change-me-to-something-32-characters",
        ] {
            assert!(is_weak_secret(weak), "{weak}");
        }
        assert!(!is_weak_secret("f3b1c2d4e5a6978812345678deadbeeff00dcafe"));
    }

    #[test]
    fn each_rule_names_its_reason() {
        assert_eq!(
            Rule::Required.violation(None, false).as_deref(),
            Some("must be set")
        );
        assert!(Rule::NoWildcard.violation(Some("https://a.b,*"), false).is_some());
        assert!(
            Rule::HttpsOnly
                .violation(Some("https://a.b, http://c.d"), false)
                .unwrap()
                .contains("c.d")
        );
        assert!(
            Rule::NotLoopback
                .violation(Some("postgres://u@localhost/x"), false)
                .is_some()
        );
        assert!(Rule::MinimumLength(32).violation(Some("short"), false).is_some());
        assert!(Rule::MinimumLength(3).violation(None, false).is_none());
    }
}
