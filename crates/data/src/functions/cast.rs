//! `CAST` between the types of columns, through PostgreSQL's text forms.

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};

use crate::refusal::sqlstate;
use busbar_schema::catalogue::ColumnType;
use busbar_schema::literal::canonical;

/// `busbar_cast(value, from, to)`.
pub(super) fn call(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let [value, ..] = arguments else {
        return Err(super::wrong("busbar_cast"));
    };
    let kinds = (super::text(arguments, 1), super::text(arguments, 2));
    let (Some(from), Some(to)) = kinds else {
        return Err(super::wrong("busbar_cast"));
    };
    let (from, to) = (ColumnType::of(from), ColumnType::of(to));
    cast(*value, from, to)
}

fn cast(value: ValueRef<'_>, from: ColumnType, to: ColumnType) -> Result<Value> {
    let impossible = || {
        sqlstate(
            "42846",
            format!("cannot cast type {} to {}", from.name(), to.name()),
        )
    };
    match (value, to) {
        (ValueRef::Null, _) => Ok(Value::Null),
        (ValueRef::Integer(number), ColumnType::Boolean) if from.is_whole_number() => {
            Ok(Value::Bool(number != 0))
        }
        (ValueRef::Integer(number), _) if from == ColumnType::Boolean && to.is_whole_number() => {
            Ok(Value::Int(number))
        }
        (ValueRef::Real(number), _) if to.is_whole_number() => {
            // Halves go to the even neighbour from floats, away from zero from exact numbers.
            let whole = if from == ColumnType::Numeric {
                number.round()
            } else {
                number.round_ties_even()
            };
            canonical(to, &format!("{whole:.0}"))
        }
        _ if to.is_number() && !(from.is_number() || from == ColumnType::Text || from.is_json()) => {
            Err(impossible())
        }
        _ => match text_form(value, from) {
            Some(text) => canonical(to, &text),
            None => Ok(Value::Null),
        },
    }
}

/// A stored moment as PostgreSQL tells it in JSON in a zone; none when it is no moment or no zone.
pub(super) fn moment_in(stored: &str, zone: &str) -> Option<String> {
    let zone: chrono_tz::Tz = zone.parse().ok()?;
    let moment = chrono::DateTime::parse_from_rfc3339(stored)
        .ok()?
        .with_timezone(&zone);
    let text = moment.format("%Y-%m-%dT%H:%M:%S%.6f").to_string();
    let offset = moment.format("%::z").to_string();
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Some(format!("{text}{}", offset.strip_suffix(":00").unwrap_or(&offset)))
}

/// A stored value as PostgreSQL would print it.
pub(crate) fn text_form(value: ValueRef<'_>, kind: ColumnType) -> Option<String> {
    Some(match value {
        ValueRef::Null => return None,
        ValueRef::Integer(number) if kind == ColumnType::Boolean => (number != 0).to_string(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => printed_float(number),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match kind {
                ColumnType::Timestamp | ColumnType::TimestampTz => printed_moment(&text),
                _ => text.into_owned(),
            }
        }
        ValueRef::Blob(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("\\x{digits}")
        }
    })
}

/// A double as PostgreSQL prints it: the shortest text that reads back, with an exponent where it is large.
pub(super) fn printed_float(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if size == 0.0 || (1e-4..1e15).contains(&size) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, places) = match exponent.strip_prefix('-') {
                Some(places) => ('-', places),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{places:0>2}")
        }
        None => text,
    }
}

/// `2026-11-21 13:15:38.5+00`: PostgreSQL's form of a moment in UTC.
pub(crate) fn printed_moment(stored: &str) -> String {
    let (moment, zone) = match stored.strip_suffix("+00:00") {
        Some(moment) => (moment, "+00"),
        None => (stored, ""),
    };
    let moment = if moment.contains('.') {
        moment.trim_end_matches('0').trim_end_matches('.')
    } else {
        moment
    };
    format!("{}{zone}", moment.replacen('T', " ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_answer_as_postgresql_does() {
        use ColumnType::{Boolean, Double, Integer, Numeric, Text, TimestampTz};
        let text = |text: &'static str| ValueRef::Text(text.as_bytes());
        for (value, from, to, expected) in [
            (ValueRef::Integer(1), Boolean, Text, Value::Text("true".into())),
            (ValueRef::Integer(5), Integer, Boolean, Value::Bool(true)),
            (ValueRef::Real(2.5), Double, Integer, Value::Int(2)),
            (ValueRef::Real(2.5), Numeric, Integer, Value::Int(3)),
            (text("12"), Text, Integer, Value::Int(12)),
            (ValueRef::Null, Text, Integer, Value::Null),
            (
                text("2026-11-21T13:15:38.500000+00:00"),
                TimestampTz,
                Text,
                Value::Text("2026-11-21 13:15:38.5+00".into()),
            ),
        ] {
            assert_eq!(cast(value, from, to).unwrap(), expected);
        }
        for (number, printed) in [
            (0.1, "0.1"),
            (-3.0, "-3"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-07"),
            (0.0, "0"),
        ] {
            assert_eq!(printed_float(number), printed);
        }
        assert_eq!(
            cast(text("x"), Text, Integer).unwrap_err().wire_code_str(),
            Some("22P02")
        );
        assert_eq!(
            cast(text("2026-01-01"), ColumnType::Date, Integer)
                .unwrap_err()
                .wire_code_str(),
            Some("42846")
        );
    }
}
