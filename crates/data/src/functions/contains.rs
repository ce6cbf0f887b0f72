//! `@>` of documents, as `jsonb` has it.

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};
use serde_json::Value as Json;

/// `busbar_json_contains(whole, part)`.
pub(super) fn call(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let parsed = |at| super::text(arguments, at).and_then(|text| serde_json::from_str::<Json>(text).ok());
    let (Some(whole), Some(part)) = (parsed(0), parsed(1)) else {
        return Ok(Value::Null);
    };
    // Only at the top does an array contain a bare scalar.
    let lone = match (&whole, &part) {
        (Json::Array(elements), scalar) if !scalar.is_array() && !scalar.is_object() => {
            Some(elements.iter().any(|element| same(element, scalar)))
        }
        _ => None,
    };
    Ok(Value::Bool(lone.unwrap_or_else(|| contains(&whole, &part))))
}

fn contains(whole: &Json, part: &Json) -> bool {
    match (whole, part) {
        (Json::Object(whole), Json::Object(part)) => part
            .iter()
            .all(|(name, member)| whole.get(name).is_some_and(|found| contains(found, member))),
        (Json::Array(whole), Json::Array(part)) => part.iter().all(|element| {
            whole.iter().any(|found| {
                if element.is_array() || element.is_object() {
                    contains(found, element)
                } else {
                    same(found, element)
                }
            })
        }),
        (whole, part) => !whole.is_array() && !whole.is_object() && same(whole, part),
    }
}

fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one == other,
            _ => one.as_f64() == other.as_f64(),
        },
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_contain_as_in_jsonb() {
        for (whole, part, expected) in [
            (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            (r#"{"a":{"b":[1,2]}}"#, r#"{"a":{"b":[2]}}"#, true),
            ("[1,2,3]", "[3,1,1]", true),
            ("[1,[2]]", "[2]", false),
            ("[\"foo\",\"bar\"]", "\"bar\"", true),
            ("\"bar\"", "[\"bar\"]", false),
            (r#"{"a":1}"#, "{}", true),
            ("[1]", "{}", false),
            ("1.0", "1", true),
            (r#"[{"a":1,"b":2}]"#, r#"[{"a":1}]"#, true),
        ] {
            let answer = call(&[ValueRef::Text(whole.as_bytes()), ValueRef::Text(part.as_bytes())]).unwrap();
            assert_eq!(answer, Value::Bool(expected), "{whole} @> {part}");
        }
    }
}
