//! PostgreSQL's array literals: `{a,"b c",NULL}`.

use busbar_kernel::Result;

use crate::refusal::sqlstate;

/// A literal of these elements; every one is quoted, so that `null` stays a text.
pub(crate) fn array_literal<T: AsRef<str>>(elements: &[T]) -> String {
    let mut literal = String::from("{");
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            literal.push(',');
        }
        literal.push('"');
        for c in element.as_ref().chars() {
            if matches!(c, '"' | '\\') {
                literal.push('\\');
            }
            literal.push(c);
        }
        literal.push('"');
    }
    literal.push('}');
    literal
}

/// The elements of a one-dimensional literal; an unquoted NULL is none.
///
/// # Errors
/// 22P02 for what is no such literal.
pub(crate) fn parse_array(literal: &str) -> Result<Vec<Option<String>>> {
    let malformed = || sqlstate("22P02", format!("malformed array literal: \"{literal}\""));
    let inner = literal.trim();
    let inner = inner
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .ok_or_else(malformed)?;
    let mut elements = Vec::new();
    if inner.trim().is_empty() {
        return Ok(elements);
    }
    let mut characters = inner.chars().peekable();
    loop {
        let mut text = String::new();
        let mut quoted = false;
        while characters.peek().is_some_and(|c| c.is_whitespace()) {
            characters.next();
        }
        if characters.next_if_eq(&'"').is_some() {
            quoted = true;
            loop {
                match characters.next().ok_or_else(malformed)? {
                    '"' => break,
                    '\\' => text.push(characters.next().ok_or_else(malformed)?),
                    c => text.push(c),
                }
            }
            while characters.next_if(|c| c.is_whitespace()).is_some() {}
        } else {
            while let Some(c) = characters.next_if(|c| *c != ',') {
                match c {
                    '\\' => text.push(characters.next().ok_or_else(malformed)?),
                    '{' | '}' | '"' => return Err(malformed()),
                    c => text.push(c),
                }
            }
            text.truncate(text.trim_end().len());
            if text.is_empty() {
                return Err(malformed());
            }
        }
        let is_null = !quoted && text.eq_ignore_ascii_case("null");
        elements.push((!is_null).then_some(text));
        match characters.next() {
            None => return Ok(elements),
            Some(',') => {}
            Some(_) => return Err(malformed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_come_back() {
        let elements = ["a", "b,c", "q\"\\", "null", ""];
        let back = parse_array(&array_literal(&elements)).unwrap();
        assert_eq!(back, elements.map(|element| Some(element.to_owned())));
        assert_eq!(parse_array("{ a , NULL }").unwrap(), [Some("a".to_owned()), None]);
        assert!(parse_array("{}").unwrap().is_empty());
        for bad in ["", "a", "{a", "{a,}", "{\"a}", "{{a}}", "{\"a\"b}"] {
            assert!(parse_array(bad).is_err(), "{bad:?}");
        }
    }
}
