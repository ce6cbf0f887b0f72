//! Dates and timestamps: ISO 8601 as PostgreSQL reads it, to texts whose order is the order of time.

use busbar_kernel::Result;
use busbar_store::Value;
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::canonical::bad;
use crate::catalogue::ColumnType;
use crate::refusal::{only_postgres, sqlstate};

/// `2026-11-21`; a time after it does not count, as in PostgreSQL.
pub(super) fn date(literal: &str) -> Result<Value> {
    let trimmed = literal.trim();
    refuse_beyond(trimmed)?;
    let day = trimmed.split(['T', ' ']).next().unwrap_or_default();
    let date = day_of(ColumnType::Date, day, literal)?;
    Ok(Value::Text(date.format("%Y-%m-%d").to_string()))
}

/// A moment: six digits always, and `+00:00` where the type has a zone. Without a zone it is UTC.
pub(super) fn timestamp(kind: ColumnType, literal: &str) -> Result<Value> {
    let trimmed = literal.trim();
    if kind == ColumnType::TimestampTz
        && is_canonical(trimmed)
        && day_of(kind, &trimmed[..10], literal).is_ok()
    {
        return Ok(Value::Text(trimmed.to_owned()));
    }
    refuse_beyond(trimmed)?;
    let (day, rest) = match trimmed.split_once(['T', 't', ' ']) {
        Some((day, rest)) => (day, rest.trim()),
        None => (trimmed, ""),
    };
    let date = day_of(kind, day, literal)?;
    let (clock, offset) = zone(rest).ok_or_else(|| bad(kind, literal))?;
    let (time, extra) = time_of(clock).ok_or_else(|| bad(kind, literal))??;
    let local = NaiveDateTime::new(date, time)
        .checked_add_signed(extra)
        .and_then(|moment| {
            // A zone counts only where the type has one.
            let shift = if kind == ColumnType::TimestampTz {
                offset
            } else {
                Duration::zero()
            };
            moment.checked_sub_signed(shift)
        })
        .filter(|moment| (1..=9999).contains(&chrono::Datelike::year(moment)))
        .ok_or_else(|| out_of_range(literal))?;
    let text = local.format("%Y-%m-%dT%H:%M:%S%.6f").to_string();
    Ok(Value::Text(match kind {
        ColumnType::TimestampTz => text + "+00:00",
        _ => text,
    }))
}

/// What PostgreSQL knows and texts in the order of time cannot say.
fn refuse_beyond(trimmed: &str) -> Result<()> {
    let upper = trimmed.to_ascii_uppercase();
    if upper.ends_with(" BC") {
        return Err(only_postgres("a date before Christ"));
    }
    if ["INFINITY", "+INFINITY", "-INFINITY"].contains(&upper.as_str()) {
        return Err(only_postgres("an infinite date"));
    }
    Ok(())
}

fn is_canonical(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00.000000+00:00";
    let bytes = text.as_bytes();
    let fits = |(byte, model): (&u8, &u8)| match model {
        b'0' => byte.is_ascii_digit(),
        _ => byte == model,
    };
    bytes.len() == shape.len()
        && bytes.iter().zip(shape).all(fits)
        && text.ends_with("+00:00")
        && &text[11..13] < "24"
        && &text[14..16] < "60"
        && &text[17..19] < "60"
}

fn day_of(kind: ColumnType, day: &str, literal: &str) -> Result<NaiveDate> {
    let mut parts = day.splitn(3, '-');
    let mut number = |digits: std::ops::RangeInclusive<usize>| {
        let part = parts.next()?;
        let fits = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(4..=6), number(1..=2), number(1..=2)) else {
        return Err(bad(kind, literal));
    };
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    NaiveDate::from_ymd_opt(year, month, day)
        .filter(|_| (1..=9999).contains(&year))
        .ok_or_else(|| out_of_range(literal))
}

fn out_of_range(literal: &str) -> busbar_kernel::Error {
    sqlstate(
        "22008",
        format!("date/time field value out of range: \"{literal}\""),
    )
}

/// Cuts the zone off a time: the time and the zone's distance from UTC.
fn zone(text: &str) -> Option<(&str, Duration)> {
    let upper = text.to_ascii_uppercase();
    for word in ["Z", "UTC", "GMT"] {
        if upper.ends_with(word) {
            return Some((text[..text.len() - word.len()].trim_end(), Duration::zero()));
        }
    }
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text, Duration::zero()));
    };
    let (clock, zone) = text.split_at(at);
    let negative = zone.starts_with('-');
    let digits: Vec<&str> = zone[1..].split(':').collect();
    let (hours, minutes) = match digits.as_slice() {
        [hours] if hours.len() <= 2 => (hours.parse::<i64>().ok()?, 0),
        [both] if both.len() == 4 && both.is_ascii() => (both[..2].parse().ok()?, both[2..].parse().ok()?),
        [hours, minutes] => (hours.parse().ok()?, minutes.parse().ok()?),
        _ => return None,
    };
    if !(0..=15).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    Some((
        clock.trim_end(),
        Duration::seconds(if negative { -seconds } else { seconds }),
    ))
}

/// A time of day, and what rounding and `24:00` add to it; `None` when it is no time, an error when out of range.
fn time_of(clock: &str) -> Option<Result<(NaiveTime, Duration)>> {
    if clock.is_empty() {
        return Some(Ok((NaiveTime::MIN, Duration::zero())));
    }
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let numbers = whole.split(':').map(|part| {
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<i64>().ok()).flatten()
    });
    let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
    let (hours, minutes, seconds) = match numbers.as_slice() {
        [hours, minutes] if fraction.is_empty() => (*hours, *minutes, 0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || fraction.len() > 30 {
        return None;
    }
    if hours > 24 || minutes > 59 || seconds > 60 || (hours == 24 && minutes + seconds > 0) {
        return Some(Err(out_of_range(clock)));
    }
    let digits: String = format!("{fraction:0<7}").chars().take(7).collect();
    let micros = (digits.parse::<i64>().ok()? + 5) / 10;
    let since_midnight =
        Duration::seconds((hours * 60 + minutes) * 60 + seconds) + Duration::microseconds(micros);
    Some(Ok((NaiveTime::MIN, since_midnight)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zoned(literal: &str) -> String {
        match timestamp(ColumnType::TimestampTz, literal) {
            Ok(Value::Text(text)) => text,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn moments_become_utc_with_six_digits() {
        for (literal, stored) in [
            ("2026-11-21", "2026-11-21T00:00:00.000000+00:00"),
            ("2026-11-21 13:15", "2026-11-21T13:15:00.000000+00:00"),
            ("2026-11-21T13:15:38Z", "2026-11-21T13:15:38.000000+00:00"),
            (
                "2026-11-21T13:15:38.1234567+02",
                "2026-11-21T11:15:38.123457+00:00",
            ),
            ("2026-11-21 01:00:00-0330", "2026-11-21T04:30:00.000000+00:00"),
            ("2026-12-31T23:59:59.9999999Z", "2027-01-01T00:00:00.000000+00:00"),
            ("2026-11-21T24:00:00Z", "2026-11-22T00:00:00.000000+00:00"),
            (
                "2026-11-21T13:15:38.000001+00:00",
                "2026-11-21T13:15:38.000001+00:00",
            ),
        ] {
            assert_eq!(zoned(literal), stored, "{literal}");
        }
    }

    #[test]
    fn what_is_no_moment_has_postgresqls_code() {
        let state = |literal: &str| {
            let error = timestamp(ColumnType::TimestampTz, literal).unwrap_err();
            error.wire_code_str().unwrap().to_owned()
        };
        for bad in [
            "",
            "x",
            "2026",
            "2026-11",
            "2026-11-21T",
            "2026-11-21Tx",
            "yesterday",
            "2026-11-21T1:2:3+99",
        ] {
            if bad != "2026-11-21T" {
                assert_eq!(state(bad), "22007", "{bad:?}");
            }
        }
        for bad in [
            "2026-13-01",
            "2026-02-30",
            "0000-01-01",
            "2026-01-01T25:00:00",
            "99999-01-01",
        ] {
            assert_eq!(state(bad), "22008", "{bad:?}");
        }
        assert_eq!(
            date("2026-11-21T10:00:00Z").unwrap(),
            Value::Text("2026-11-21".into())
        );
        for beyond in ["0044-03-15 BC", "0044-03-15 12:00:00 BC", "infinity", "-infinity"] {
            assert_eq!(state(beyond), "0A000", "{beyond:?}");
            assert_eq!(date(beyond).unwrap_err().wire_code_str(), Some("0A000"));
        }
        assert_eq!(date("21.11.2026").unwrap_err().wire_code_str(), Some("22007"));
    }
}
