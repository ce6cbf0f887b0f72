//! Defaults of columns: the few functions, else a literal of the column's type.

use busbar_kernel::Result;
use busbar_store::{Dialect, Value};

use crate::catalogue::{ColumnType, Computed};
use crate::literal::canonical;
use crate::quote::text_literal;
use crate::refusal::sqlstate;

/// The moment, in the one form in which moments are stored.
pub(crate) const NOW_IN_SQLITE: &str = "strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')";

/// The day.
const TODAY_IN_SQLITE: &str = "strftime('%Y-%m-%d', 'now')";

/// A random UUID of version 4.
const UUID_IN_SQLITE: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || \
substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || \
'-' || hex(randomblob(6)))";

/// The functions, in PostgreSQL's spelling and in SQLite's.
const FUNCTIONS: [(&str, ColumnType, &str); 3] = [
    ("gen_random_uuid()", ColumnType::Uuid, UUID_IN_SQLITE),
    ("now()", ColumnType::TimestampTz, NOW_IN_SQLITE),
    ("CURRENT_DATE", ColumnType::Date, TODAY_IN_SQLITE),
];

/// The SQL of a default as a client writes it: a function, `null`, or a literal with or without quotes.
///
/// # Errors
/// 22P02 and its kin for a literal of another type, 0A000 for a function that is not one of the few.
pub(super) fn default_sql(dialect: Dialect, kind: ColumnType, written: &str) -> Result<Option<String>> {
    let written = written.trim();
    let spelt = match written.to_ascii_lowercase().as_str() {
        "null" => return Ok(None),
        "current_timestamp" => "now()".to_owned(),
        other => other.to_owned(),
    };
    if let Some((name, of, in_sqlite)) = FUNCTIONS
        .iter()
        .find(|(name, ..)| name.eq_ignore_ascii_case(&spelt))
    {
        if *of != kind {
            return Err(sqlstate(
                "42804",
                format!(
                    "the default {name} is of type {}, the column of type {}",
                    of.name(),
                    kind.name()
                ),
            ));
        }
        return Ok(Some(match dialect {
            Dialect::Sqlite => (*in_sqlite).to_owned(),
            Dialect::Postgres => (*name).to_owned(),
        }));
    }
    let literal = unquoted(written);
    if literal.is_none() && written.ends_with(')') && kind != ColumnType::Text {
        return Err(
            sqlstate("0A000", format!("the default {written} is not supported"))
                .hint("Defaults are literals, gen_random_uuid(), now() and CURRENT_DATE"),
        );
    }
    let literal = literal.unwrap_or_else(|| written.to_owned());
    if literal.contains('\0') {
        return Err(sqlstate(
            "22021",
            "invalid byte sequence for encoding \"UTF8\": 0x00",
        ));
    }
    let value = canonical(kind, &literal)?;
    Ok(Some(match dialect {
        Dialect::Postgres => text_literal(&literal),
        Dialect::Sqlite => match value {
            Value::Bool(value) => i32::from(value).to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Text(text) => text_literal(&text),
            _ => text_literal(&literal),
        },
    }))
}

/// SQLite's spelling of one of the few functions that a column of `kind` can have for a default.
pub fn default_in_sqlite(written: &str, kind: ColumnType) -> Option<&'static str> {
    let written = match written.to_ascii_lowercase().as_str() {
        "current_timestamp" => "now()".to_owned(),
        "uuid_generate_v4()" => "gen_random_uuid()".to_owned(),
        other => other.to_owned(),
    };
    FUNCTIONS
        .iter()
        .find(|(name, of, _)| name.eq_ignore_ascii_case(&written) && *of == kind)
        .map(|(.., in_sqlite)| *in_sqlite)
}

/// Whether a default of SQLite is one that we compute ourselves.
pub(crate) fn computed_default(sql: &str) -> Option<Computed> {
    match sql {
        NOW_IN_SQLITE => Some(Computed::Now),
        UUID_IN_SQLITE => Some(Computed::Uuid),
        _ => None,
    }
}

/// `'it''s'::text` to `it's`; none for what is not quoted.
fn unquoted(written: &str) -> Option<String> {
    let inner = written.strip_prefix('\'')?;
    let (inner, cast) = inner.rsplit_once('\'')?;
    (cast.is_empty() || cast.starts_with("::")).then(|| inner.replace("''", "'"))
}

/// A default as it is shown: PostgreSQL's spelling, without the cast it adds.
pub fn shown_default(dialect: Dialect, kind: ColumnType, sql: &str) -> String {
    if dialect == Dialect::Sqlite {
        let bare = sql
            .trim()
            .strip_prefix('(')
            .and_then(|sql| sql.strip_suffix(')'))
            .unwrap_or(sql);
        if let Some((name, ..)) = FUNCTIONS
            .iter()
            .find(|(.., in_sqlite)| *in_sqlite == sql || *in_sqlite == bare)
        {
            return (*name).to_owned();
        }
        if kind == ColumnType::Boolean {
            return match bare.to_ascii_lowercase().as_str() {
                "1" | "true" => "true".to_owned(),
                "0" | "false" => "false".to_owned(),
                _ => sql.to_owned(),
            };
        }
        return sql.to_owned();
    }
    match sql.rsplit_once("::") {
        Some((value, _)) if value.starts_with('\'') && value.ends_with('\'') => value.to_owned(),
        _ => sql.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_literals_or_the_few_functions() {
        let sqlite = |kind, written| default_sql(Dialect::Sqlite, kind, written);
        assert_eq!(sqlite(ColumnType::Integer, "5").unwrap().unwrap(), "5");
        assert_eq!(
            sqlite(ColumnType::Text, "'it''s'::text").unwrap().unwrap(),
            "'it''s'"
        );
        assert_eq!(
            sqlite(ColumnType::Text, "x'; DROP TABLE t").unwrap().unwrap(),
            "'x''; DROP TABLE t'"
        );
        assert_eq!(sqlite(ColumnType::Boolean, "true").unwrap().unwrap(), "1");
        assert_eq!(sqlite(ColumnType::Uuid, "null").unwrap(), None);
        assert_eq!(
            sqlite(ColumnType::Integer, "x").unwrap_err().wire_code_str(),
            Some("22P02")
        );
        assert_eq!(
            sqlite(ColumnType::Integer, "pg_sleep(9)")
                .unwrap_err()
                .wire_code_str(),
            Some("0A000")
        );
        for (name, kind, _) in FUNCTIONS {
            let sql = sqlite(kind, name).unwrap().unwrap();
            assert_eq!(shown_default(Dialect::Sqlite, kind, &sql), name);
            assert_eq!(shown_default(Dialect::Sqlite, kind, &format!("({sql})")), name);
            assert!(sqlite(ColumnType::Integer, name).is_err());
        }
        for (sql, shown) in [
            ("1", "true"),
            ("TRUE", "true"),
            ("0", "false"),
            ("(false)", "false"),
        ] {
            assert_eq!(shown_default(Dialect::Sqlite, ColumnType::Boolean, sql), shown);
        }
        assert_eq!(
            shown_default(Dialect::Postgres, ColumnType::Text, "'a'::text"),
            "'a'"
        );
    }
}
