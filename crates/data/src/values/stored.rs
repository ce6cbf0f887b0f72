//! Literals to what SQLite stores, in the time zone that a request prefers.

use busbar_kernel::Result;
use busbar_schema::ColumnType;
use busbar_schema::literal::canonical;
use busbar_store::Value;
use chrono::{Duration, LocalResult, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// How stored moments without a zone are written.
const LOCAL: &str = "%Y-%m-%dT%H:%M:%S%.6f";
/// Before any change of the clocks that a moment falls into.
const BEFORE: Duration = Duration::hours(6);

/// The stored form of a literal; a moment that names no offset is one of `zone`, without which it is UTC.
///
/// # Errors
/// Those of [`canonical`].
pub(crate) fn stored(kind: ColumnType, literal: &str, zone: Option<Tz>) -> Result<Value> {
    let value = canonical(kind, literal)?;
    let (Some(zone), ColumnType::TimestampTz) = (zone, kind) else {
        return Ok(value);
    };
    if names_offset(literal) {
        return Ok(value);
    }
    let local = match &value {
        Value::Text(text) => text.strip_suffix("+00:00"),
        _ => None,
    };
    let moment = local
        .and_then(|local| NaiveDateTime::parse_from_str(local, LOCAL).ok())
        .map(|local| utc(local, zone));
    Ok(moment.map_or(value, |moment| {
        Value::Text(format!("{}+00:00", moment.format(LOCAL)))
    }))
}

/// As PostgreSQL reads it: what the clocks show twice is standard time, what they skip is told by the clocks before.
fn utc(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(_, moment) => moment.naive_utc(),
        LocalResult::None => match zone.from_local_datetime(&(local - BEFORE)) {
            LocalResult::Single(before) | LocalResult::Ambiguous(_, before) => {
                local - Duration::seconds(i64::from(before.offset().fix().local_minus_utc()))
            }
            LocalResult::None => local,
        },
    }
}

/// Whether a moment says how far from UTC it is, after its day.
fn names_offset(literal: &str) -> bool {
    let trimmed = literal.trim();
    let Some((_, rest)) = trimmed.split_once(['T', 't', ' ']) else {
        return false;
    };
    let upper = rest.to_ascii_uppercase();
    rest.contains(['+', '-']) || ["Z", "UTC", "GMT"].iter().any(|word| upper.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_without_an_offset_are_of_the_zone() {
        let berlin = chrono_tz::Europe::Berlin;
        for (literal, expected) in [
            ("2026-07-01", "2026-06-30T22:00:00.000000+00:00"),
            ("2026-07-01 12:00", "2026-07-01T10:00:00.000000+00:00"),
            ("2026-01-01T12:00:00.5", "2026-01-01T11:00:00.500000+00:00"),
            ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00.000000+00:00"),
            ("2026-07-01 12:00:00-03", "2026-07-01T15:00:00.000000+00:00"),
            ("2026-07-01 12:00:00 utc", "2026-07-01T12:00:00.000000+00:00"),
            // Twice there, and never.
            ("2026-10-25 02:30", "2026-10-25T01:30:00.000000+00:00"),
            ("2026-03-29 02:30", "2026-03-29T01:30:00.000000+00:00"),
        ] {
            let value = stored(ColumnType::TimestampTz, literal, Some(berlin)).unwrap();
            assert_eq!(value, Value::Text(expected.to_owned()), "{literal}");
        }
        let plain = stored(ColumnType::Timestamp, "2026-07-01", Some(berlin)).unwrap();
        assert_eq!(plain, Value::Text("2026-07-01T00:00:00.000000".to_owned()));
        assert!(stored(ColumnType::TimestampTz, "soon", Some(berlin)).is_err());
    }
}
