//! A row as JSON, in one call: what `json_object` would take a call per value for.

use std::fmt::Write as _;

use busbar_kernel::Result;
use busbar_store::{Value, ValueRef};

use chrono_tz::Tz;

use super::cast::{moment_in, printed_float};
use busbar_schema::catalogue::ColumnType;

/// Ends a member of a template; JSON escapes it inside keys.
const END: char = '\u{1}';

/// Ends the zone of a moment that is told in one.
const ZONE: char = '\u{2}';

/// The first argument of `busbar_row`: for each value a letter for its type and its key as JSON; moments may have a
/// zone.
pub(crate) fn row_template<'k>(members: impl Iterator<Item = (&'k str, ColumnType, Option<Tz>)>) -> String {
    let mut template = String::new();
    for (key, kind, zone) in members {
        if let (Some(zone), ColumnType::TimestampTz) = (zone, kind) {
            template.push('z');
            template.push_str(zone.name());
            template.push(ZONE);
            quote(key, &mut template);
            template.push(':');
            template.push(END);
            continue;
        }
        template.push(match kind {
            ColumnType::Boolean => 'b',
            ColumnType::Json | ColumnType::Jsonb => 'j',
            ColumnType::Timestamp | ColumnType::TimestampTz => 't',
            _ => 'v',
        });
        quote(key, &mut template);
        template.push(':');
        template.push(END);
    }
    template
}

/// `busbar_row(template, value, …)`.
pub(super) fn call(arguments: &[ValueRef<'_>]) -> Result<Value> {
    let Some(template) = super::text(arguments, 0) else {
        return Err(super::wrong("busbar_row"));
    };
    let mut row = String::with_capacity(template.len() + 24 * arguments.len());
    row.push('{');
    let members = template.split_terminator(END);
    for (index, (member, value)) in members.zip(arguments.iter().skip(1)).enumerate() {
        if index > 0 {
            row.push(',');
        }
        let (letter, key) = member.split_at(1.min(member.len()));
        if let ("z", Some((zone, key)), ValueRef::Text(stored)) = (letter, key.split_once(ZONE), value) {
            row.push_str(key);
            match moment_in(&String::from_utf8_lossy(stored), zone) {
                Some(moment) => quote(&moment, &mut row),
                None => push(&mut row, "t", *value),
            }
            continue;
        }
        row.push_str(key.split_once(ZONE).map_or(key, |(_, key)| key));
        push(&mut row, letter, *value);
    }
    row.push('}');
    Ok(Value::Text(row))
}

fn push(row: &mut String, letter: &str, value: ValueRef<'_>) {
    // Writing to a String cannot fail.
    let _ = match value {
        ValueRef::Null => row.write_str("null"),
        ValueRef::Integer(1) if letter == "b" => row.write_str("true"),
        ValueRef::Integer(0) if letter == "b" => row.write_str("false"),
        ValueRef::Integer(number) => write!(row, "{number}"),
        ValueRef::Real(number) if number.is_finite() => row.write_str(&printed_float(number)),
        ValueRef::Real(number) => write!(row, "\"{}\"", printed_float(number)),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match letter {
                "j" => row.push_str(&text),
                "t" => quote_moment(&text, row),
                _ => quote(&text, row),
            }
            Ok(())
        }
        ValueRef::Blob(bytes) => {
            row.push_str("\"\\\\x");
            let done = bytes.iter().try_for_each(|byte| write!(row, "{byte:02x}"));
            row.push('"');
            done
        }
    };
}

/// PostgreSQL writes no zeros at the end of a fraction.
fn quote_moment(stored: &str, row: &mut String) {
    let (moment, zone) = match stored.strip_suffix("+00:00") {
        Some(moment) => (moment, "+00:00"),
        None => (stored, ""),
    };
    if moment.len() != 26 || !moment.is_ascii() {
        return quote(stored, row);
    }
    row.push('"');
    row.push_str(moment.trim_end_matches('0').trim_end_matches('.'));
    row.push_str(zone);
    row.push('"');
}

/// Writes `text` as a JSON string.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'))
    {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push_str("\\t"),
            Some('\r') => out.push_str("\\r"),
            // Writing to a String cannot fail.
            Some(control) => drop(write!(out, "\\u{:04x}", u32::from(control))),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_as_postgresql_writes_them() {
        let members = [
            ("a\"\u{1}", ColumnType::Text),
            ("b", ColumnType::Boolean),
            ("f", ColumnType::Double),
            ("j", ColumnType::Jsonb),
            ("at", ColumnType::TimestampTz),
            ("x", ColumnType::Bytea),
            ("n", ColumnType::BigInt),
            ("z", ColumnType::Text),
        ];
        let template = row_template(members.into_iter().map(|(key, kind)| (key, kind, None)));
        let values = [
            ValueRef::Text(template.as_bytes()),
            ValueRef::Text("q\"\\\n\u{2}é".as_bytes()),
            ValueRef::Integer(1),
            ValueRef::Real(2.0),
            ValueRef::Text(b"{\"k\":[1]}"),
            ValueRef::Text(b"2026-11-21T13:15:30.120000+00:00"),
            ValueRef::Blob(&[0, 255]),
            ValueRef::Integer(i64::MAX),
            ValueRef::Null,
        ];
        let Value::Text(row) = call(&values).unwrap() else {
            panic!("no text")
        };
        assert_eq!(
            row,
            "{\"a\\\"\\u0001\":\"q\\\"\\\\\\n\\u0002é\",\"b\":true,\"f\":2,\"j\":{\"k\":[1]},\
             \"at\":\"2026-11-21T13:15:30.12+00:00\",\"x\":\"\\\\x00ff\",\"n\":9223372036854775807,\"z\":null}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&row).is_ok());
    }

    #[test]
    fn moments_are_told_in_their_zone() {
        let told = |zone: Tz, stored: &str| {
            let template = row_template([("at", ColumnType::TimestampTz, Some(zone))].into_iter());
            let values = [
                ValueRef::Text(template.as_bytes()),
                ValueRef::Text(stored.as_bytes()),
            ];
            match call(&values).unwrap() {
                Value::Text(row) => row,
                other => panic!("{other:?}"),
            }
        };
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(
            told(berlin, "2026-07-01T10:00:00.500000+00:00"),
            "{\"at\":\"2026-07-01T12:00:00.5+02:00\"}"
        );
        assert_eq!(
            told(berlin, "2026-12-31T23:30:00.000000+00:00"),
            "{\"at\":\"2027-01-01T00:30:00+01:00\"}"
        );
        assert_eq!(
            told(chrono_tz::Asia::Kolkata, "2026-01-01T00:00:00.000000+00:00"),
            "{\"at\":\"2026-01-01T05:30:00+05:30\"}"
        );
        assert_eq!(told(berlin, "no moment"), "{\"at\":\"no moment\"}");
    }

    #[test]
    fn whole_seconds_have_no_fraction() {
        let mut out = String::new();
        quote_moment("2026-11-21T13:15:30.000000+00:00", &mut out);
        quote_moment("2026-11-21T13:15:30.500000", &mut out);
        quote_moment("not a moment 0.000000+00:00", &mut out);
        assert_eq!(
            out,
            "\"2026-11-21T13:15:30+00:00\"\"2026-11-21T13:15:30.5\"\"not a moment 0.000000+00:00\""
        );
    }
}
