//! A literal as PostgreSQL would read it for a type, in the one form SQLite stores.

use busbar_kernel::{Error, Result};
use busbar_store::Value;

use super::{check_depth, moment};
use crate::catalogue::ColumnType;
use crate::refusal::{only_postgres, sqlstate};

/// The stored form of `literal` for a column of type `kind`.
///
/// # Errors
/// PostgreSQL's: 22P02, 22003, 22007, 22008.
pub fn canonical(kind: ColumnType, literal: &str) -> Result<Value> {
    match kind {
        ColumnType::Text | ColumnType::Other => Ok(Value::Text(literal.to_owned())),
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => whole(kind, literal),
        ColumnType::Real | ColumnType::Double => float(kind, literal),
        ColumnType::Numeric => numeric(literal),
        ColumnType::Boolean => boolean(literal),
        ColumnType::Uuid => uuid(literal),
        ColumnType::Date => moment::date(literal),
        ColumnType::Timestamp | ColumnType::TimestampTz => moment::timestamp(kind, literal),
        ColumnType::Json | ColumnType::Jsonb => document(literal),
        ColumnType::Bytea => bytes(literal),
    }
}

/// PostgreSQL's refusal of a literal.
pub(super) fn bad(kind: ColumnType, literal: &str) -> Error {
    let state = match kind {
        ColumnType::Date | ColumnType::Timestamp | ColumnType::TimestampTz => "22007",
        _ => "22P02",
    };
    sqlstate(
        state,
        format!("invalid input syntax for type {}: \"{literal}\"", kind.name()),
    )
}

fn whole(kind: ColumnType, literal: &str) -> Result<Value> {
    let trimmed = literal.trim();
    let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad(kind, literal));
    }
    let range = match kind {
        ColumnType::SmallInt => i64::from(i16::MIN)..=i64::from(i16::MAX),
        ColumnType::Integer => i64::from(i32::MIN)..=i64::from(i32::MAX),
        _ => i64::MIN..=i64::MAX,
    };
    match trimmed.parse::<i64>() {
        Ok(number) if range.contains(&number) => Ok(Value::Int(number)),
        _ => Err(sqlstate(
            "22003",
            format!("value \"{literal}\" is out of range for type {}", kind.name()),
        )),
    }
}

fn float(kind: ColumnType, literal: &str) -> Result<Value> {
    let trimmed = literal.trim();
    let number: f64 = trimmed.parse().map_err(|_| bad(kind, literal))?;
    let out_of_range = || {
        sqlstate(
            "22003",
            format!("\"{literal}\" is out of range for type {}", kind.name()),
        )
    };
    if is_no_number(trimmed) {
        return Err(only_postgres(NO_NUMBERS));
    }
    if !number.is_finite() {
        return Err(out_of_range());
    }
    if kind == ColumnType::Double {
        return Ok(Value::Float(number));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounding to four bytes is what real does"
    )]
    let short = number as f32;
    if !short.is_finite() {
        return Err(out_of_range());
    }
    // The shortest text of the four bytes, so that 0.1 stays 0.1.
    Ok(Value::Float(short.to_string().parse().unwrap_or(number)))
}

/// SQLite stores no NaN, and its aggregates know no infinity.
const NO_NUMBERS: &str = "Infinity and NaN";

fn is_no_number(trimmed: &str) -> bool {
    let word = trimmed.trim_start_matches(['+', '-']).to_ascii_lowercase();
    ["nan", "inf", "infinity"].contains(&word.as_str())
}

fn numeric(literal: &str) -> Result<Value> {
    let trimmed = literal.trim();
    if is_no_number(trimmed) {
        return Err(only_postgres(NO_NUMBERS));
    }
    if let Ok(number) = trimmed.parse::<i64>() {
        return Ok(Value::Int(number));
    }
    let plain = trimmed
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    match trimmed.parse::<f64>() {
        Ok(number) if plain && number.is_finite() => Ok(Value::Float(number)),
        _ => Err(bad(ColumnType::Numeric, literal)),
    }
}

fn boolean(literal: &str) -> Result<Value> {
    let word = literal.trim().to_ascii_lowercase();
    let is_start_of = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if is_start_of("true", 1) || is_start_of("yes", 1) || word == "on" || word == "1" {
        Ok(Value::Bool(true))
    } else if is_start_of("false", 1) || is_start_of("no", 1) || is_start_of("off", 2) || word == "0" {
        Ok(Value::Bool(false))
    } else {
        Err(bad(ColumnType::Boolean, literal))
    }
}

fn uuid(literal: &str) -> Result<Value> {
    let id = uuid::Uuid::try_parse(literal).map_err(|_| bad(ColumnType::Uuid, literal))?;
    Ok(Value::Text(id.hyphenated().to_string()))
}

fn document(literal: &str) -> Result<Value> {
    check_depth(literal)?;
    let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_str(literal);
    match parsed {
        Ok(_) => Ok(Value::Text(literal.trim().to_owned())),
        Err(error) => Err(sqlstate("22P02", "invalid input syntax for type json").details(error.to_string())),
    }
}

fn bytes(literal: &str) -> Result<Value> {
    let Some(digits) = literal.strip_prefix("\\x") else {
        return Ok(Value::Bytes(literal.as_bytes().to_vec()));
    };
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = digits.as_bytes().chunks(2);
    let decoded: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect();
    decoded.map(Value::Bytes).ok_or_else(|| {
        sqlstate(
            "22023",
            "invalid hexadecimal data: odd number of digits or no digit",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(kind: ColumnType, literal: &str) -> String {
        canonical(kind, literal)
            .unwrap_err()
            .wire_code_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn numbers_have_postgresqls_ranges() {
        use ColumnType::{BigInt, Double, Integer, Real, SmallInt};
        assert_eq!(
            canonical(BigInt, " 9223372036854775807").unwrap(),
            Value::Int(i64::MAX)
        );
        assert_eq!(state(BigInt, "9223372036854775808"), "22003");
        assert_eq!(state(Integer, "2147483648"), "22003");
        assert_eq!(state(SmallInt, "40000"), "22003");
        for bad in ["", "1.5", "1e3", "x", "--1", "0x10"] {
            assert_eq!(state(Integer, bad), "22P02", "{bad:?}");
        }
        assert_eq!(canonical(Real, "0.1").unwrap(), Value::Float(0.1));
        assert_eq!(state(Real, "1e300"), "22003");
        assert_eq!(state(Double, "1e400"), "22003");
        assert_eq!(state(Double, "abc"), "22P02");
        for word in ["NaN", "-Infinity", "inf"] {
            assert_eq!(state(Double, word), "0A000", "{word}");
            assert_eq!(state(ColumnType::Numeric, word), "0A000", "{word}");
        }
    }

    #[test]
    fn booleans_take_postgresqls_words() {
        for word in ["t", "TRUE", "yes", "on", "1", "y"] {
            assert_eq!(
                canonical(ColumnType::Boolean, word).unwrap(),
                Value::Bool(true),
                "{word}"
            );
        }
        for word in ["f", "false", "no", "off", "0", "of"] {
            assert_eq!(
                canonical(ColumnType::Boolean, word).unwrap(),
                Value::Bool(false),
                "{word}"
            );
        }
        assert_eq!(state(ColumnType::Boolean, "o"), "22P02");
        assert_eq!(state(ColumnType::Boolean, ""), "22P02");
    }

    #[test]
    fn identifiers_and_documents_have_one_form() {
        let id = "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11";
        assert_eq!(
            canonical(ColumnType::Uuid, id).unwrap(),
            Value::Text(id.to_lowercase())
        );
        assert_eq!(state(ColumnType::Uuid, "x"), "22P02");
        assert_eq!(
            canonical(ColumnType::Jsonb, " [1] ").unwrap(),
            Value::Text("[1]".into())
        );
        assert_eq!(state(ColumnType::Jsonb, "{"), "22P02");
        assert_eq!(
            canonical(ColumnType::Bytea, "\\x00fF").unwrap(),
            Value::Bytes(vec![0, 255])
        );
        assert_eq!(state(ColumnType::Bytea, "\\x0"), "22023");
    }
}
