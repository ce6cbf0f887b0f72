//! Answers of raw SQL as JSON, with values as the published node client of PostgreSQL gives them.

use busbar_store::{RawAnswer, RawField, Value};
use serde_json::{Map, Value as Json, json};

/// The largest whole number that JavaScript tells from its neighbours.
const EXACT: u64 = (1 << 53) - 1;

const BOOL: u32 = 16;
const INT8: u32 = 20;
const INT8_ARRAY: u32 = 1016;
const DATE: u32 = 1082;
const TIMESTAMP: u32 = 1114;
const TIMESTAMPTZ: u32 = 1184;
const NUMERIC: u32 = 1700;
const NUMERIC_ARRAY: u32 = 1231;
const JSON: [u32; 2] = [114, 3802];

/// What one text of SQL answered.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlAnswer {
    /// Its rows, each by column name; a later column of the same name wins.
    pub rows: Vec<Map<String, Json>>,
    /// How many rows it changed or answered; none for a change of the schema and for several statements.
    pub count: Option<u64>,
    /// Its columns; none for several statements.
    pub fields: Option<Vec<RawField>>,
}

impl SqlAnswer {
    /// Several statements answer nothing.
    pub(crate) fn of_several() -> Self {
        Self {
            rows: Vec::new(),
            count: None,
            fields: None,
        }
    }

    pub(crate) fn of(answer: RawAnswer, defines: bool) -> Self {
        let rows = answer
            .rows
            .iter()
            .map(|row| {
                answer
                    .fields
                    .iter()
                    .zip(row.values())
                    .map(|(field, value)| (field.name.clone(), shown(field.type_id, value)))
                    .collect()
            })
            .collect();
        Self {
            rows,
            count: (!defines).then_some(answer.affected),
            fields: Some(answer.fields),
        }
    }
}

/// A value: whole numbers of 64 bits and decimals as texts, moments in UTC with milliseconds, documents as such.
pub(crate) fn shown(kind: u32, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(number) => match kind {
            BOOL => (*number != 0).into(),
            INT8 | NUMERIC => number.to_string().into(),
            // On SQLite an expression has no type: what JavaScript could not tell apart is a text there too.
            _ if number.unsigned_abs() > EXACT => number.to_string().into(),
            _ => (*number).into(),
        },
        Value::Float(number) if kind == NUMERIC => number.to_string().into(),
        // JSON has no word for infinity.
        Value::Float(number) => {
            serde_json::Number::from_f64(*number).map_or_else(|| number.to_string().into(), Json::Number)
        }
        Value::Text(text) => match kind {
            DATE if text.len() == 10 => format!("{text}T00:00:00.000Z").into(),
            TIMESTAMP | TIMESTAMPTZ => moment(text),
            kind if JSON.contains(&kind) => {
                serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
            }
            _ => text.as_str().into(),
        },
        Value::Bytes(bytes) => json!({ "type": "Buffer", "data": bytes }),
        Value::Uuid(uuid) => uuid.to_string().into(),
        Value::Timestamp(moment) => milliseconds(*moment).into(),
        Value::Json(text) => {
            let read = serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.clone()));
            match (kind, read) {
                (INT8_ARRAY | NUMERIC_ARRAY, Json::Array(members)) => {
                    members.into_iter().map(number_as_text).collect()
                }
                (_, read) => read,
            }
        }
    }
}

fn number_as_text(member: Json) -> Json {
    match member {
        Json::Number(number) => number.to_string().into(),
        other => other,
    }
}

fn milliseconds(moment: busbar_kernel::Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// A moment kept as text; what is none stays as it is.
fn moment(text: &str) -> Json {
    if let Ok(read) = chrono::DateTime::parse_from_rfc3339(text) {
        return milliseconds(read.to_utc()).into();
    }
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
    naive.map_or_else(|_| text.into(), |read| milliseconds(read.and_utc()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_the_node_client() {
        for (kind, value, expected) in [
            (INT8, Value::Int(7), json!("7")),
            (25, Value::Int(9_007_199_254_740_993), json!("9007199254740993")),
            (
                25,
                Value::Int(-9_007_199_254_740_991),
                json!(-9_007_199_254_740_991_i64),
            ),
            (23, Value::Int(7), json!(7)),
            (BOOL, Value::Int(1), json!(true)),
            (NUMERIC, Value::Text("1.50".into()), json!("1.50")),
            (
                TIMESTAMPTZ,
                Value::Text("2026-11-21T13:15:38.123456+00:00".into()),
                json!("2026-11-21T13:15:38.123Z"),
            ),
            (
                TIMESTAMP,
                Value::Text("2026-11-21T13:15:38".into()),
                json!("2026-11-21T13:15:38.000Z"),
            ),
            (
                DATE,
                Value::Text("2026-11-21".into()),
                json!("2026-11-21T00:00:00.000Z"),
            ),
            (3802, Value::Text("{\"a\":1}".into()), json!({"a": 1})),
            (INT8_ARRAY, Value::Json("[1,null]".into()), json!(["1", null])),
            (
                17,
                Value::Bytes(vec![1, 2]),
                json!({"type": "Buffer", "data": [1, 2]}),
            ),
        ] {
            assert_eq!(shown(kind, &value), expected, "{kind}");
        }
    }
}
