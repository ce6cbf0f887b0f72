//! `LIKE` as PostgreSQL has it: sensitive to case, or folding Unicode, with `\` as escape.

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};

use crate::refusal::sqlstate;

/// `busbar_like(value, pattern)`.
pub(super) fn call(arguments: &[ValueRef<'_>], folded: bool) -> Result<Value> {
    let (Some(value), Some(pattern)) = (super::text(arguments, 0), super::text(arguments, 1)) else {
        return Ok(Value::Null);
    };
    Ok(Value::Bool(matches(value, pattern, folded)?))
}

/// Whether `value` matches the whole of `pattern`.
///
/// # Errors
/// 22025 for a pattern that ends with its escape.
fn matches(value: &str, pattern: &str, folded: bool) -> Result<bool> {
    if pattern.contains('\\') && ends_with_escape(pattern) {
        return Err(sqlstate(
            "22025",
            "LIKE pattern must not end with escape character",
        ));
    }
    let same =
        |one: char, other: char| one == other || (folded && one.to_lowercase().eq(other.to_lowercase()));
    let (mut value, mut pattern) = (value, pattern);
    // Where to go on when what follows the last `%` does not fit: one character further.
    let mut again: Option<(&str, &str)> = None;
    loop {
        let mut rest = pattern.chars();
        let fits = match rest.next() {
            Some('%') => {
                pattern = rest.as_str();
                if pattern.is_empty() {
                    return Ok(true);
                }
                again = Some((value, pattern));
                continue;
            }
            None => value.is_empty(),
            Some(wanted) => {
                let (wanted, any) = match wanted {
                    '\\' => (rest.next().unwrap_or('\\'), false),
                    '_' => ('_', true),
                    other => (other, false),
                };
                let mut characters = value.chars();
                match characters.next() {
                    Some(c) if any || same(c, wanted) => {
                        value = characters.as_str();
                        pattern = rest.as_str();
                        continue;
                    }
                    _ => false,
                }
            }
        };
        if fits {
            return Ok(true);
        }
        let Some((from, after)) = again else {
            return Ok(false);
        };
        let mut characters = from.chars();
        if characters.next().is_none() {
            return Ok(false);
        }
        value = characters.as_str();
        pattern = after;
        again = Some((value, after));
    }
}

fn ends_with_escape(pattern: &str) -> bool {
    pattern.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_postgresql() {
        for (value, pattern, sensitive, insensitive) in [
            ("Abc", "A%", true, true),
            ("Abc", "a%", false, true),
            ("Abc", "_b_", true, true),
            ("ÄÖ", "ä_", false, true),
            ("a%c", "a\\%c", true, true),
            ("abc", "a\\%c", false, false),
            ("aXbXc", "%X%c", true, true),
            ("aab", "%ab", true, true),
            ("", "%", true, true),
            ("", "_", false, false),
            ("abc", "abc%%", true, true),
            ("abc", "ab", false, false),
            ("a\\b", "a\\\\b", true, true),
        ] {
            assert_eq!(
                matches(value, pattern, false).unwrap(),
                sensitive,
                "{value} like {pattern}"
            );
            assert_eq!(
                matches(value, pattern, true).unwrap(),
                insensitive,
                "{value} ilike {pattern}"
            );
        }
        assert!(matches("a", "a\\", false).is_err());
    }
}
