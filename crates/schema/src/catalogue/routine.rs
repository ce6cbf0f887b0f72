//! Functions of PostgreSQL that requests may call.

use busbar_kernel::Result;
use busbar_store::Db;
use serde::Deserialize;

use super::ColumnType;
use super::administered::all_as_administrator;
use super::reading::internal_schema;
use super::table::Column;

/// A function.
#[derive(Clone, Debug)]
pub struct Routine {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub returns: Returns,
    /// The schema and name of the table whose rows it returns.
    pub rows_of: Option<(String, String)>,
    /// Whether it returns any number of that.
    pub set: bool,
    /// Whether it may change data: it is neither `STABLE` nor `IMMUTABLE`.
    pub volatile: bool,
    /// The media type of what it returns, where it returns a domain of such a name: `text/html`, or `*/*` for any.
    pub media: Option<String>,
    /// Whether that domain is one of bytes, not of text.
    pub media_is_bytes: bool,
    /// How long the function itself says that a call may take: its own `statement_timeout`.
    pub time_limit: Option<String>,
    /// What its comment says.
    pub comment: Option<String>,
}

/// What a function takes.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; empty when it has none.
    pub name: String,
    /// Its type as the database writes it.
    pub declared: String,
    /// Whether it has no default.
    pub required: bool,
    /// Whether it takes all further arguments as an array.
    pub variadic: bool,
}

/// What a function returns.
#[derive(Clone, Debug)]
pub enum Returns {
    /// Nothing.
    Void,
    /// One value of this type.
    Scalar(String),
    /// A row of these columns.
    Row(Vec<Column>),
}

#[derive(Deserialize)]
struct RoutineRow {
    oid: i64,
    schema_name: String,
    name: String,
    comment: Option<String>,
    volatile: bool,
    returns_set: bool,
    return_type: String,
    is_composite: bool,
    relation: i64,
    media: Option<String>,
    media_is_bytes: bool,
    time_limit: Option<String>,
    row_schema: Option<String>,
    row_table: Option<String>,
    arguments: i64,
    defaults: i64,
    variadic: bool,
}

#[derive(Deserialize)]
struct ArgumentRow {
    oid: i64,
    name: String,
    declared: String,
    mode: String,
}

#[derive(Deserialize)]
struct AttributeRow {
    relation: i64,
    name: String,
    declared: String,
    not_null: bool,
}

const PEOPLE: &str = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
 AND n.nspname NOT LIKE 'app\\_%' AND n.nspname NOT LIKE 'tenant\\_%' \
 AND p.prokind = 'f' AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)";

/// Every function of every schema that people may use.
pub(super) async fn routines(db: &Db) -> Result<Vec<Routine>> {
    let mut rows: Vec<RoutineRow> = all_as_administrator(db, &format!(
                "SELECT p.oid::int8 AS oid, n.nspname::text AS schema_name, p.proname::text AS name, \
                  obj_description(p.oid, 'pg_proc') AS comment, p.provolatile = 'v' AS volatile, \
                  p.proretset AS returns_set, format_type(p.prorettype, NULL) AS return_type, \
                  t.typtype = 'c' AS is_composite, t.typrelid::int8 AS relation, \
                  CASE WHEN t.typtype = 'd' AND t.typname LIKE '%_/%_' THEN t.typname::text END AS media, \
                  t.typbasetype = 'bytea'::regtype AS media_is_bytes, \
                  (SELECT split_part(c, '=', 2) FROM unnest(p.proconfig) c WHERE c LIKE 'statement_timeout=%') AS time_limit, \
                  m.nspname::text AS row_schema, r.relname::text AS row_table, p.pronargs::int8 AS arguments, \
                  p.pronargdefaults::int8 AS defaults, p.provariadic <> 0 AS variadic \
                 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type t ON t.oid = p.prorettype \
                  LEFT JOIN pg_class r ON r.oid = t.typrelid AND r.relkind IN ('r', 'p', 'v', 'm', 'f') \
                  LEFT JOIN pg_namespace m ON m.oid = r.relnamespace \
                 WHERE {PEOPLE} ORDER BY 2, 3, 1"
            ),
            Vec::new(),
        )
        .await?;
    rows.retain(|row| !internal_schema(&row.schema_name));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let arguments: Vec<ArgumentRow> = all_as_administrator(
        db,
        &format!(
            "SELECT p.oid::int8 AS oid, coalesce(a.name, '') AS name, format_type(a.kind, NULL) AS declared, \
                  coalesce(a.mode, 'i') AS mode \
                 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
                  CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, \
                   p.proargmodes::text[]) WITH ORDINALITY AS a(kind, name, mode, place) \
                 WHERE {PEOPLE} AND a.kind IS NOT NULL ORDER BY 1, a.place"
        ),
        Vec::new(),
    )
    .await?;
    let attributes: Vec<AttributeRow> = all_as_administrator(
        db,
        "SELECT a.attrelid::int8 AS relation, a.attname::text AS name, \
              format_type(a.atttypid, a.atttypmod) AS declared, a.attnotnull AS not_null \
             FROM pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN \
              (SELECT t.typrelid FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype \
                JOIN pg_namespace n ON n.oid = p.pronamespace \
               WHERE t.typrelid <> 0 AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema') \
             ORDER BY a.attrelid, a.attnum",
        Vec::new(),
    )
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| routine(row, &arguments, &attributes))
        .collect())
}

fn routine(row: RoutineRow, arguments: &[ArgumentRow], attributes: &[AttributeRow]) -> Routine {
    let own = || arguments.iter().filter(|argument| argument.oid == row.oid);
    let taken = own().filter(|argument| matches!(argument.mode.as_str(), "i" | "b" | "v"));
    let optional_from = row.arguments - row.defaults;
    let parameters = taken.enumerate().map(|(place, argument)| Parameter {
        name: argument.name.clone(),
        declared: argument.declared.clone(),
        required: i64::try_from(place).unwrap_or(i64::MAX) < optional_from,
        variadic: row.variadic && argument.mode == "v",
    });
    let parameters = parameters.collect();
    let named = own().filter(|argument| matches!(argument.mode.as_str(), "t" | "b" | "o"));
    let named: Vec<Column> = named
        .map(|argument| column(&argument.name, &argument.declared, false))
        .collect();
    let returns = if row.return_type == "void" {
        Returns::Void
    } else if !named.is_empty() {
        Returns::Row(named)
    } else if row.is_composite {
        let own = attributes
            .iter()
            .filter(|attribute| attribute.relation == row.relation);
        Returns::Row(
            own.map(|attribute| column(&attribute.name, &attribute.declared, attribute.not_null))
                .collect(),
        )
    } else {
        Returns::Scalar(row.return_type)
    };
    Routine {
        schema: row.schema_name,
        name: row.name,
        parameters,
        returns,
        time_limit: row.time_limit,
        media: row.media,
        media_is_bytes: row.media_is_bytes,
        rows_of: row.row_schema.zip(row.row_table),
        set: row.returns_set,
        volatile: row.volatile,
        comment: row.comment,
    }
}

/// A column that a function gives.
pub(super) fn column(name: &str, declared: &str, not_null: bool) -> Column {
    Column {
        name: name.to_owned(),
        kind: ColumnType::of(declared),
        declared: declared.to_owned(),
        nullable: !not_null,
        default: None,
        computed: None,
        generated: false,
        origin: None,
    }
}
