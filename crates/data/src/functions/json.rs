//! Paths into documents and their order, as `jsonb` has them.

use std::cmp::Ordering;

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};
use serde_json::Value as Json;

/// `busbar_json_get(document, as_text, key, …)`: `->` and `->>` along the keys.
pub(super) fn get(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let (Some(document), Some(ValueRef::Integer(as_text))) = (super::text(arguments, 0), arguments.get(1))
    else {
        return Ok(Value::Null);
    };
    let Ok(document) = serde_json::from_str::<Json>(document) else {
        return Ok(Value::Null);
    };
    let mut value = &document;
    for key in arguments.iter().skip(2) {
        let next = match key {
            ValueRef::Text(name) => std::str::from_utf8(name).ok().and_then(|name| value.get(name)),
            ValueRef::Integer(index) => element(value, *index),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => return Ok(Value::Null),
        }
    }
    Ok(match (as_text, value) {
        (1, Json::Null) => Value::Null,
        (1, Json::String(text)) => Value::Text(text.clone()),
        _ => Value::Text(value.to_string()),
    })
}

fn element(value: &Json, index: i64) -> Option<&Json> {
    let array = value.as_array()?;
    let length = i64::try_from(array.len()).ok()?;
    array.get(usize::try_from(if index < 0 { length + index } else { index }).ok()?)
}

/// `busbar_json_compare(one, other)`: -1, 0 or 1.
pub(super) fn compare(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let parsed = |at| super::text(arguments, at).and_then(|text| serde_json::from_str::<Json>(text).ok());
    let (Some(one), Some(other)) = (parsed(0), parsed(1)) else {
        return Ok(Value::Null);
    };
    Ok(Value::Int(match order(&one, &other) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

/// `jsonb`'s order: Object > Array > Boolean > Number > String > Null; larger objects and arrays come later.
fn order(one: &Json, other: &Json) -> Ordering {
    match (one, other) {
        (Json::Bool(one), Json::Bool(other)) => one.cmp(other),
        (Json::String(one), Json::String(other)) => one.cmp(other),
        (Json::Number(one), Json::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => {
                let number = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
                number(one).partial_cmp(&number(other)).unwrap_or(Ordering::Equal)
            }
        },
        (Json::Array(one), Json::Array(other)) => one.len().cmp(&other.len()).then_with(|| {
            let pairs = one.iter().zip(other).map(|(one, other)| order(one, other));
            pairs
                .into_iter()
                .find(|found| found.is_ne())
                .unwrap_or(Ordering::Equal)
        }),
        (Json::Object(one), Json::Object(other)) => one.len().cmp(&other.len()).then_with(|| {
            let sorted = |object: &serde_json::Map<String, Json>| {
                let mut members: Vec<(String, Json)> = object.clone().into_iter().collect();
                members
                    .sort_by(|(one, _), (other, _)| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
                members
            };
            let (one, other) = (sorted(one), sorted(other));
            let pairs = one.iter().zip(&other).map(|(one, other)| {
                let names = one.0.len().cmp(&other.0.len()).then_with(|| one.0.cmp(&other.0));
                names.then_with(|| order(&one.1, &other.1))
            });
            pairs
                .into_iter()
                .find(|found| found.is_ne())
                .unwrap_or(Ordering::Equal)
        }),
        _ => rank(one).cmp(&rank(other)),
    }
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::String(_) => 1,
        Json::Number(_) => 2,
        Json::Bool(_) => 3,
        Json::Array(_) => 4,
        Json::Object(_) => 5,
    }
}

/// `busbar_strip_nulls(document)`: without members that are null, at every depth.
pub(super) fn strip_nulls(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let Some(mut document) =
        super::text(arguments, 0).and_then(|text| serde_json::from_str::<Json>(text).ok())
    else {
        return Ok(Value::Null);
    };
    strip(&mut document);
    Ok(Value::Text(document.to_string()))
}

fn strip(value: &mut Json) {
    match value {
        Json::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip);
        }
        Json::Array(elements) => elements.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ValueRef<'_> {
        ValueRef::Text(text.as_bytes())
    }

    #[test]
    fn paths_reach_members_and_elements() {
        let document = text(r#"{"a":[{"b":null},"x",3]}"#);
        let at = |as_text, keys: &[ValueRef<'_>]| {
            let start = [document, ValueRef::Integer(as_text)];
            get(&[&start[..], keys].concat()).unwrap()
        };
        assert_eq!(at(1, &[text("a"), ValueRef::Integer(1)]), Value::Text("x".into()));
        assert_eq!(
            at(0, &[text("a"), ValueRef::Integer(-1)]),
            Value::Text("3".into())
        );
        assert_eq!(at(1, &[text("a"), ValueRef::Integer(0), text("b")]), Value::Null);
        assert_eq!(at(1, &[text("x")]), Value::Null);
    }

    #[test]
    fn documents_have_jsonbs_order() {
        let ordered = [
            "null",
            "\"a\"",
            "\"b\"",
            "-1",
            "2",
            "2.5",
            "false",
            "true",
            "[]",
            "[9]",
            "[1,1]",
            "{}",
            "{\"a\":1}",
        ];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                let expected = match at.cmp(&other_at) {
                    Ordering::Less => -1,
                    Ordering::Equal => 0,
                    Ordering::Greater => 1,
                };
                assert_eq!(
                    compare(&[text(one), text(other)]).unwrap(),
                    Value::Int(expected),
                    "{one} {other}"
                );
            }
        }
        assert_eq!(
            compare(&[text("{\"a\":1,\"b\":2}"), text("{\"b\":2,\"a\":1}")]).unwrap(),
            Value::Int(0)
        );
    }
}
