//! The types of columns that both databases know, and their names.

/// A column's type as far as this crate tells types apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// `text` and the other character types.
    Text,
    /// `smallint`.
    SmallInt,
    /// `integer`.
    Integer,
    /// `bigint`.
    BigInt,
    /// `real`.
    Real,
    /// `double precision`.
    Double,
    /// `numeric`.
    Numeric,
    /// `boolean`.
    Boolean,
    /// `uuid`.
    Uuid,
    /// `date`.
    Date,
    /// `timestamp without time zone`.
    Timestamp,
    /// `timestamp with time zone`.
    TimestampTz,
    /// `json`.
    Json,
    /// `jsonb`.
    Jsonb,
    /// `bytea`.
    Bytea,
    /// Any other type: PostgreSQL handles it, SQLite keeps its text.
    Other,
}

impl ColumnType {
    /// The type that a declaration names, in PostgreSQL's or SQL's words; lengths and precisions do not count.
    pub fn of(declared: &str) -> Self {
        let lower = declared.to_ascii_lowercase();
        let base = match lower.split_once('(') {
            // `timestamp(3) with time zone` keeps what follows the precision.
            Some((before, after)) => {
                let rest = after.split_once(')').map_or("", |(_, rest)| rest);
                format!("{}{}", before.trim_end(), rest)
            }
            None => lower,
        };
        match base.trim() {
            "text" | "character varying" | "varchar" | "character" | "char" | "bpchar" | "citext"
            | "name" => Self::Text,
            "smallint" | "int2" | "smallserial" => Self::SmallInt,
            "integer" | "int" | "int4" | "serial" => Self::Integer,
            "bigint" | "int8" | "bigserial" => Self::BigInt,
            "real" | "float4" => Self::Real,
            "double precision" | "float8" | "float" | "double" => Self::Double,
            "numeric" | "decimal" => Self::Numeric,
            "boolean" | "bool" => Self::Boolean,
            "uuid" => Self::Uuid,
            "date" => Self::Date,
            "timestamp" | "timestamp without time zone" => Self::Timestamp,
            "timestamptz" | "timestamp with time zone" | "datetime" => Self::TimestampTz,
            "json" | "json text" => Self::Json,
            "jsonb" | "jsonb text" => Self::Jsonb,
            "bytea" | "blob" => Self::Bytea,
            _ => Self::Other,
        }
    }

    /// PostgreSQL's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Other => "text",
            Self::SmallInt => "smallint",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::Real => "real",
            Self::Double => "double precision",
            Self::Numeric => "numeric",
            Self::Boolean => "boolean",
            Self::Uuid => "uuid",
            Self::Date => "date",
            Self::Timestamp => "timestamp without time zone",
            Self::TimestampTz => "timestamp with time zone",
            Self::Json => "json",
            Self::Jsonb => "jsonb",
            Self::Bytea => "bytea",
        }
    }

    /// The type in a `CREATE TABLE` of SQLite: PostgreSQL's name, with TEXT where SQLite's affinity would turn a
    /// document like `1.50` into a number.
    pub fn declared_in_sqlite(self) -> &'static str {
        match self {
            Self::Json => "JSON TEXT",
            Self::Jsonb => "JSONB TEXT",
            Self::TimestampTz => "TIMESTAMPTZ",
            Self::Timestamp => "TIMESTAMP",
            Self::Double => "DOUBLE PRECISION",
            Self::Text | Self::Other => "TEXT",
            Self::SmallInt => "SMALLINT",
            Self::Integer => "INTEGER",
            Self::BigInt => "BIGINT",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
            Self::Boolean => "BOOLEAN",
            Self::Uuid => "UUID",
            Self::Date => "DATE",
            Self::Bytea => "BYTEA",
        }
    }

    /// The word for it in the tables' API, where it has one.
    pub fn api_word(self) -> Option<&'static str> {
        Some(match self {
            Self::Text => "string",
            Self::Date => "date",
            Self::TimestampTz => "datetime",
            Self::Integer => "integer",
            Self::Double => "float",
            Self::Boolean => "boolean",
            Self::Uuid => "uuid",
            Self::Jsonb => "json",
            _ => return None,
        })
    }

    /// The type of a word of the tables' API.
    pub fn from_api_word(word: &str) -> Option<Self> {
        const WORDS: [ColumnType; 8] = [
            ColumnType::Text,
            ColumnType::Date,
            ColumnType::TimestampTz,
            ColumnType::Integer,
            ColumnType::Double,
            ColumnType::Boolean,
            ColumnType::Uuid,
            ColumnType::Jsonb,
        ];
        WORDS.into_iter().find(|kind| kind.api_word() == Some(word))
    }

    /// Whether it is a JSON document.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonb)
    }

    /// Whether it is `smallint`, `integer` or `bigint`.
    pub fn is_whole_number(self) -> bool {
        matches!(self, Self::SmallInt | Self::Integer | Self::BigInt)
    }

    /// Whether it is a number of any kind.
    pub fn is_number(self) -> bool {
        self.is_whole_number() || matches!(self, Self::Real | Self::Double | Self::Numeric)
    }

    /// Whether an empty text is a value of it.
    pub fn takes_empty_text(self, declared: &str) -> bool {
        self == Self::Text && !declared.eq_ignore_ascii_case("name")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_api_comes_back() {
        for word in [
            "string", "date", "datetime", "integer", "float", "boolean", "uuid", "json",
        ] {
            let kind = ColumnType::from_api_word(word).unwrap();
            assert_eq!(kind.api_word(), Some(word));
            assert_eq!(
                ColumnType::of(kind.declared_in_sqlite()),
                kind,
                "{word} in SQLite"
            );
            assert_eq!(ColumnType::of(kind.name()), kind, "{word} in PostgreSQL");
        }
        assert_eq!(ColumnType::of("character varying(20)"), ColumnType::Text);
        assert_eq!(
            ColumnType::of("timestamp(3) with time zone"),
            ColumnType::TimestampTz
        );
        assert_eq!(ColumnType::of("int4range"), ColumnType::Other);
    }
}
