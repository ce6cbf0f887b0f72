//! Names of tables and columns, checked before any SQL is made from them.

use busbar_kernel::{Error, Result};

/// The longest name PostgreSQL keeps, in bytes.
const LONGEST: usize = 63;

/// A name that both databases take: a letter or `_` first, then letters, digits, `_`, `-` and blanks.
///
/// # Errors
/// `data.name_invalid`, naming `field`.
pub(crate) fn checked_name<'n>(field: &str, name: &'n str) -> Result<&'n str> {
    let refuse = |why: &'static str| Err(Error::invalid(field, why).code("data.name_invalid"));
    let mut characters = name.chars();
    if !characters.next().is_some_and(|c| c.is_alphabetic() || c == '_') {
        return refuse("A name begins with a letter or an underscore");
    }
    if !characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')) || name.ends_with(' ') {
        return refuse("A name is made of letters, digits, underscores, dashes and inner blanks");
    }
    if name.len() > LONGEST {
        return refuse("A name has at most 63 bytes");
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("sqlite_") || lower.starts_with("pg_") {
        return refuse("Names beginning with sqlite_ or pg_ are the databases' own");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_more_than_a_name_are_refused() {
        for good in ["posts", "_x", "Été", "a b", "a-b", "x1"] {
            assert!(checked_name("tableName", good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "1a",
            "a\"b",
            "a;b",
            "a.b",
            "a$$b",
            "a'b",
            "a\0",
            "a\nb",
            " a",
            "a ",
            "pg_x",
            "SQLITE_x",
            &"a".repeat(64),
        ] {
            assert!(checked_name("tableName", bad).is_err(), "{bad:?}");
        }
    }
}
