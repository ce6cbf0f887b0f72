//! Columns, which the driver asks for in binary, as values.

use std::error::Error;
use std::fmt::Write as _;

use busbar_kernel::Timestamp;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use postgres_types::{FromSql, Kind, Type};
use uuid::Uuid;

use super::numeric;
use crate::Value;

type Failure = Box<dyn Error + Sync + Send>;

/// A column as a value.
pub(super) struct Column(pub(super) Value);

impl<'a> FromSql<'a> for Column {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        decode(kind, raw).map(Self)
    }
    fn from_sql_null(_kind: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }
    fn accepts(_kind: &Type) -> bool {
        true
    }
}

/// A column that holds one JSON text, borrowed; NULL is the text `null`.
pub(super) struct JsonText<'a>(pub(super) &'a [u8]);

impl<'a> FromSql<'a> for JsonText<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *kind {
            // The binary form of jsonb is a version and the text.
            Type::JSONB => raw.get(1..).ok_or("an empty jsonb")?,
            _ => raw,
        }))
    }
    fn from_sql_null(_kind: &Type) -> Result<Self, Failure> {
        Ok(Self(b"null"))
    }
    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::JSON | Type::JSONB | Type::TEXT | Type::VARCHAR | Type::UNKNOWN
        )
    }
}

fn decode(kind: &Type, raw: &[u8]) -> Result<Value, Failure> {
    match kind.kind() {
        Kind::Array(member) => return array(member, raw),
        Kind::Domain(base) => return decode(base, raw),
        _ => {}
    }
    Ok(match *kind {
        Type::BOOL => Value::Bool(raw == [1]),
        Type::INT2 => Value::Int(i16::from_be_bytes(raw.try_into()?).into()),
        Type::INT4 => Value::Int(i32::from_be_bytes(raw.try_into()?).into()),
        Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
        Type::OID | Type::REGCLASS | Type::REGTYPE | Type::XID | Type::CID => {
            Value::Int(u32::from_be_bytes(raw.try_into()?).into())
        }
        Type::FLOAT4 => Value::Float(f32::from_be_bytes(raw.try_into()?).into()),
        Type::FLOAT8 => Value::Float(f64::from_be_bytes(raw.try_into()?)),
        Type::NUMERIC => Value::Text(numeric::text(raw)?),
        Type::UUID => Value::Uuid(Uuid::from_slice(raw)?),
        Type::JSON => Value::Json(std::str::from_utf8(raw)?.to_owned()),
        Type::JSONB => Value::Json(std::str::from_utf8(raw.get(1..).ok_or("an empty jsonb")?)?.to_owned()),
        Type::BYTEA => Value::Bytes(raw.to_vec()),
        Type::TIMESTAMPTZ => match moment(i64::from_be_bytes(raw.try_into()?)) {
            Ok(moment) => Value::Timestamp(moment.and_utc()),
            Err(infinity) => Value::Text(infinity.to_owned()),
        },
        Type::TIMESTAMP => match moment(i64::from_be_bytes(raw.try_into()?)) {
            Ok(moment) => Value::Text(moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
            Err(infinity) => Value::Text(infinity.to_owned()),
        },
        Type::DATE => Value::Text(date(i32::from_be_bytes(raw.try_into()?))),
        Type::TIME => Value::Text(time(i64::from_be_bytes(raw.try_into()?))),
        Type::INTERVAL => Value::Text(interval(raw)?),
        Type::INET | Type::CIDR => Value::Text(address(raw)?),
        Type::VOID => Value::Null,
        // Names, enumerations, citext and whatever else is text on the wire; the rest stays bytes.
        _ => match std::str::from_utf8(raw) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Bytes(raw.to_vec()),
        },
    })
}

/// The first moment of 2000, where PostgreSQL's times begin.
fn origin() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

fn moment(micros: i64) -> Result<NaiveDateTime, &'static str> {
    match micros {
        i64::MAX => Err("infinity"),
        i64::MIN => Err("-infinity"),
        _ => origin()
            .and_time(NaiveTime::MIN)
            .checked_add_signed(TimeDelta::microseconds(micros))
            .ok_or("infinity"),
    }
}

fn date(days: i32) -> String {
    let distance = Days::new(days.unsigned_abs().into());
    let found = match days {
        i32::MAX => return "infinity".to_owned(),
        i32::MIN => return "-infinity".to_owned(),
        0.. => origin().checked_add_days(distance),
        _ => origin().checked_sub_days(distance),
    };
    found.map_or_else(|| "infinity".to_owned(), |date| date.to_string())
}

fn time(micros: i64) -> String {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let whole = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    match fraction {
        0 => whole,
        _ => format!("{whole}.{fraction:06}"),
    }
}

/// An interval as ISO 8601 writes it: `P1Y2M3DT4H5M6.5S`.
fn interval(raw: &[u8]) -> Result<String, Failure> {
    let (micros, rest) = raw.split_at_checked(8).ok_or("a short interval")?;
    let (days, months) = rest.split_at_checked(4).ok_or("a short interval")?;
    let micros = i64::from_be_bytes(micros.try_into()?);
    let (days, months) = (
        i32::from_be_bytes(days.try_into()?),
        i32::from_be_bytes(months.try_into()?),
    );
    let mut text = "P".to_owned();
    for (amount, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
        if amount != 0 {
            write!(text, "{amount}{unit}")?;
        }
    }
    if micros != 0 || text == "P" {
        let seconds = micros / 1_000_000;
        text.push('T');
        for (amount, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if amount != 0 {
                write!(text, "{amount}{unit}")?;
            }
        }
        let rest = micros - (seconds / 60) * 60_000_000;
        if rest != 0 || text.ends_with('T') {
            write!(text, "{}S", rest as f64 / 1e6)?;
        }
    }
    Ok(text)
}

fn address(raw: &[u8]) -> Result<String, Failure> {
    let [_family, bits, is_network, _length, octets @ ..] = raw else {
        return Err("a short address".into());
    };
    let (text, whole) = match octets.len() {
        4 => (std::net::IpAddr::from(<[u8; 4]>::try_from(octets)?), 32),
        _ => (std::net::IpAddr::from(<[u8; 16]>::try_from(octets)?), 128),
    };
    match *is_network == 0 && *bits == whole {
        true => Ok(text.to_string()),
        false => Ok(format!("{text}/{bits}")),
    }
}

/// An array of one dimension as a JSON array; of several as their members in one row.
fn array(member: &Type, raw: &[u8]) -> Result<Value, Failure> {
    let mut rest = raw;
    let dimensions = whole(&mut rest)?;
    let _has_nulls = whole(&mut rest)?;
    let _member = whole(&mut rest)?;
    let mut count = i32::from(dimensions > 0);
    for _ in 0..dimensions {
        count *= whole(&mut rest)?;
        whole(&mut rest)?;
    }
    let mut members = Vec::new();
    for _ in 0..count {
        let length = whole(&mut rest)?;
        match usize::try_from(length) {
            Err(_) => members.push(serde_json::Value::Null),
            Ok(length) => {
                let (own, after) = rest.split_at_checked(length).ok_or("a short array")?;
                rest = after;
                members.push(as_json(decode(member, own)?));
            }
        }
    }
    Ok(Value::Json(serde_json::Value::Array(members).to_string()))
}

/// The next four bytes as a whole number.
fn whole(rest: &mut &[u8]) -> Result<i32, Failure> {
    let (own, after) = rest.split_first_chunk().ok_or("a short array")?;
    *rest = after;
    Ok(i32::from_be_bytes(*own))
}

fn as_json(value: Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Int(number) => number.into(),
        Value::Float(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => format!("\\x{}", hex::encode(bytes)).into(),
        Value::Uuid(uuid) => uuid.to_string().into(),
        Value::Timestamp(moment) => timestamp(moment),
        Value::Json(text) => serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)),
    }
}

fn timestamp(moment: Timestamp) -> serde_json::Value {
    crate::value::timestamp_text(moment).into()
}
