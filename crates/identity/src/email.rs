//! E-mail addresses: checked and brought to one spelling before they are stored or compared.

use std::fmt;
use std::str::FromStr;

use busbar_kernel::Error;

use crate::codes;

/// A checked address in lower case.
///
/// Addresses are ASCII: the local part is letters, digits and `!#$%&'*+/=?^_{|}~-` with single dots inside,
/// the domain has at least two labels. Internationalised domains are written in their `xn--` form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// The most characters an address may have.
    pub const MAX_LENGTH: usize = 320;

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let fits = text.len() <= Self::MAX_LENGTH
            && text
                .rsplit_once('@')
                .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if fits {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::invalid("email", "Invalid email").code(codes::EMAIL_INVALID))
        }
    }
}

fn is_local_part(local: &str) -> bool {
    const SIGNS: &[u8] = b"!#$%&'*+/=?^_{|}~-.";
    !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || SIGNS.contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last_is_a_name = domain
        .rsplit('.')
        .next()
        .is_some_and(|last| last.len() >= 2 && last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    domain.len() <= 255 && domain.contains('.') && domain.split('.').all(is_label) && last_is_a_name
}

impl fmt::Display for Email {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_addresses_pass_in_one_spelling() {
        for (given, stored) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("o'brien+tag@mail.example.co.uk", "o'brien+tag@mail.example.co.uk"),
            ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        ] {
            assert_eq!(given.parse::<Email>().unwrap().as_str(), stored);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_names_the_field() {
        let long = format!("{}@{}.com", "a".repeat(64), "b".repeat(300));
        for bad in [
            "",
            "@",
            "a@",
            "@b.c",
            "a@b",
            "a b@c.de",
            "a@@b.de",
            "a@b..de",
            ".a@b.de",
            "a.@b.de",
            "a..b@c.de",
            "a@-b.de",
            "a@b.d",
            "a@1.2.3.44",
            "a@b.de\r\nBcc: x@y.zz",
            "ä@b.de",
            "\"a b\"@c.de",
            "<a@b.de>",
            "a@b.de,c@d.ee",
            "a\0@b.de",
            &long,
        ] {
            let error = bad.parse::<Email>().expect_err(bad);
            assert_eq!(error.field_str(), Some("email"), "{bad:?}");
            assert_eq!(error.code_str(), codes::EMAIL_INVALID);
        }
    }

    proptest! {
        #[test]
        fn normalisation_is_stable_and_blind_to_case(
            local in "[A-Za-z0-9_+'-]{1,20}(\\.[A-Za-z0-9]{1,10}){0,2}",
            domain in "[A-Za-z0-9]{1,20}(\\.[A-Za-z0-9]{1,10}){0,2}\\.[A-Za-z]{2,8}",
        ) {
            let given = format!("{local}@{domain}");
            let once: Email = given.parse().unwrap();
            prop_assert_eq!(&once.as_str().parse::<Email>().unwrap(), &once);
            prop_assert_eq!(&given.to_ascii_uppercase().parse::<Email>().unwrap(), &once);
            prop_assert_eq!(&format!("\t{given} ").parse::<Email>().unwrap(), &once);
        }

        #[test]
        fn whatever_passes_is_printable_and_bounded(given in any::<String>()) {
            if let Ok(email) = given.parse::<Email>() {
                prop_assert!(email.as_str().len() <= Email::MAX_LENGTH);
                prop_assert!(email.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(email.as_str().matches('@').count(), 1);
            }
        }
    }
}
