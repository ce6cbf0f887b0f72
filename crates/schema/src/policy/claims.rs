//! What policies ask of the caller, found in a token's claims.

use busbar_kernel::Result;
use busbar_store::Value;
use serde_json::{Map, Value as Json};

use super::{Claim, JsonKey};
use crate::catalogue::ColumnType;
use crate::literal::canonical;
use crate::refusal::sqlstate;

/// What a policy asks of the caller.
///
/// # Errors
/// 22P02 for a subject that is no UUID where one is asked for.
pub fn claimed(claim: &Claim, claims: &Map<String, Json>) -> Result<Value> {
    let named = |name: &str| claims.get(name).and_then(text).map_or(Value::Null, Value::Text);
    Ok(match claim {
        Claim::Role => named("role"),
        Claim::Email => named("email"),
        Claim::Uid => match claims.get("sub").and_then(text) {
            Some(subject) => canonical(ColumnType::Uuid, &subject)?,
            None => Value::Null,
        },
        Claim::Path(keys) => {
            let Some((first, rest)) = keys.split_first() else {
                return Err(sqlstate("22023", "an empty path"));
            };
            let start = match first {
                JsonKey::Name(name) => claims.get(name),
                JsonKey::Index(_) => None,
            };
            let found = rest
                .iter()
                .try_fold(start, |value, key| Some(step(value?, key)))
                .flatten();
            found.and_then(text).map_or(Value::Null, Value::Text)
        }
    })
}

fn step<'j>(value: &'j Json, key: &JsonKey) -> Option<&'j Json> {
    match key {
        JsonKey::Name(name) => value.get(name),
        JsonKey::Index(index) => {
            let array = value.as_array()?;
            let length = i64::try_from(array.len()).ok()?;
            let at = if *index < 0 { length + index } else { *index };
            array.get(usize::try_from(at).ok()?)
        }
    }
}

/// What `->>` gives: strings without quotes, NULL for null.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
