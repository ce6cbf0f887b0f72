//! `~` and `~*` by the expressions of the Rust regex crate: no back-references and no look-around.

use std::cell::RefCell;
use std::num::NonZeroUsize;

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};
use lru::LruCache;
use regex::{Regex, RegexBuilder};

use crate::refusal::sqlstate;

/// Expressions kept per thread: a statement asks the same one for every row.
const KEPT: NonZeroUsize = NonZeroUsize::new(32).expect("it is not zero");

/// The most memory that one compiled expression may take, in bytes.
const LARGEST: usize = 1 << 20;

thread_local! {
    static COMPILED: RefCell<LruCache<(String, bool), Regex>> = RefCell::new(LruCache::new(KEPT));
}

/// `busbar_match(value, expression)`, and `busbar_imatch` where `folded`.
pub(super) fn call(arguments: &[ValueRef<'_>], folded: bool) -> Result<Value> {
    let (Some(value), Some(expression)) = (super::text(arguments, 0), super::text(arguments, 1)) else {
        return Ok(Value::Null);
    };
    COMPILED.with_borrow_mut(|kept| {
        let key = (expression.to_owned(), folded);
        if let Some(known) = kept.get(&key) {
            return Ok(Value::Bool(known.is_match(value)));
        }
        let made = compile(expression, folded)?;
        let answer = made.is_match(value);
        kept.put(key, made);
        Ok(Value::Bool(answer))
    })
}

fn compile(expression: &str, folded: bool) -> Result<Regex> {
    // PostgreSQL's `.` takes a line's end too.
    let made = RegexBuilder::new(expression)
        .case_insensitive(folded)
        .dot_matches_new_line(true)
        .size_limit(LARGEST)
        .build();
    made.map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default();
        let why = last.trim().trim_start_matches("error: ").to_owned();
        sqlstate("2201B", format!("invalid regular expression: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_match_anywhere_and_bad_ones_are_refused() {
        let text = |text: &'static str| ValueRef::Text(text.as_bytes());
        for (value, expression, folded, expected) in [
            ("Alpha", "^Al", false, true),
            ("Alpha", "^al", false, false),
            ("Alpha", "^al", true, true),
            ("a\nb", "a.b", false, true),
            ("x", "y", false, false),
        ] {
            let answer = call(&[text(value), text(expression)], folded).unwrap();
            assert_eq!(answer, Value::Bool(expected), "{value} ~ {expression}");
        }
        assert_eq!(call(&[ValueRef::Null, text("a")], false).unwrap(), Value::Null);
        let error = call(&[text("a"), text("(")], false).unwrap_err();
        assert_eq!(error.wire_code_str(), Some("2201B"));
    }
}
