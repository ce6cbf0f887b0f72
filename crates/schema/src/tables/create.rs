//! Creating a table.

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Step, params};

use super::Tables;
use super::default::NOW_IN_SQLITE;
use super::definition::{
    ColumnDefinition, Definition, NewColumn, NewTable, column_definition, foreign_key, place,
};
use super::names::checked_name;
use crate::catalogue::ColumnType;
use crate::quote::{quoted, text_literal};
use crate::refusal::sqlstate;

/// The columns every table gets.
const AUTOMATIC: [(&str, ColumnType); 3] = [
    ("id", ColumnType::Uuid),
    ("created_at", ColumnType::TimestampTz),
    ("updated_at", ColumnType::TimestampTz),
];

impl Tables {
    /// Creates a table with `id`, `created_at`, `updated_at` and the trigger that keeps the last; the answer is its
    /// own columns. Nobody but the administrator sees its rows until it has policies, when `row_security` is on.
    ///
    /// # Errors
    /// 42P07 when it exists; `data.no_columns`; `data.column_reserved` for one of the three with another type;
    /// `data.name_invalid`; 42P01 for a reference to nothing.
    pub async fn create(&self, table: &NewTable) -> Result<()> {
        let dialect = self.library.dialect();
        let name = checked_name("tableName", &table.name)?;
        let catalogue = self.library.current();
        if catalogue
            .tables("public")
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(name))
        {
            return Err(exists(name));
        }
        let definition = definition(dialect, table)?;
        for key in &definition.foreign_keys {
            let itself = key.table == name;
            if !itself && !key.table.contains('.') {
                let other = catalogue.table("public", &key.table)?;
                key.referenced
                    .iter()
                    .try_for_each(|column| other.column(column).map(|_| ()))?;
            }
        }
        let mut steps = vec![Step::new(definition.create(dialect, name), params![])];
        let indexes = definition.unique_indexes(dialect, name);
        steps.extend(indexes.into_iter().map(|sql| Step::new(sql, params![])));
        steps.push(Step::new(stamp_trigger(dialect, name), params![]));
        match dialect {
            Dialect::Sqlite if table.row_security => {
                steps.push(Step::new(
                    "INSERT INTO system.row_security (table_name) VALUES ($1)",
                    params![name],
                ));
            }
            Dialect::Sqlite => {}
            Dialect::Postgres => {
                let place = place(dialect, name);
                if table.row_security {
                    let sql = format!("ALTER TABLE {place} ENABLE ROW LEVEL SECURITY");
                    steps.push(Step::new(sql, params![]));
                }
                steps.push(Step::new(hand_over(&place), params![]));
            }
        }
        self.library.db.batch(steps).await?;
        self.library.refresh().await
    }
}

fn exists(name: &str) -> Error {
    sqlstate("42P07", format!("relation \"{name}\" already exists"))
}

fn definition(dialect: Dialect, table: &NewTable) -> Result<Definition> {
    let own = own_columns(&table.columns)?;
    if own.is_empty() {
        return Err(
            Error::invalid("columns", "A table needs at least one column of its own").code("data.no_columns"),
        );
    }
    let automatic =
        |name: &str, kind: ColumnType, default: Option<&str>, not_null: bool| -> Result<ColumnDefinition> {
            let column = NewColumn {
                name: name.to_owned(),
                kind,
                nullable: !not_null,
                unique: false,
                default: default.map(str::to_owned),
            };
            column_definition(dialect, name, &column)
        };
    let mut columns = vec![automatic(
        "id",
        ColumnType::Uuid,
        Some("gen_random_uuid()"),
        true,
    )?];
    for (index, column) in own.iter().enumerate() {
        let definition = column_definition(dialect, &format!("columns.{index}"), column)?;
        if columns
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(&definition.name))
        {
            return Err(sqlstate(
                "42701",
                format!("column \"{}\" specified more than once", definition.name),
            ));
        }
        columns.push(definition);
    }
    for name in ["created_at", "updated_at"] {
        columns.push(automatic(name, ColumnType::TimestampTz, Some("now()"), false)?);
    }
    let keys = table.foreign_keys.iter().enumerate();
    let foreign_keys = keys
        .map(|(index, key)| foreign_key(&format!("foreignKeys.{index}"), key))
        .collect::<Result<Vec<_>>>()?;
    for key in &foreign_keys {
        for column in &key.columns {
            if !columns.iter().any(|known| known.name == *column) {
                return Err(sqlstate(
                    "42703",
                    format!("column \"{column}\" referenced in foreign key constraint does not exist"),
                ));
            }
        }
    }
    Ok(Definition {
        columns,
        primary_key: vec!["id".to_owned()],
        foreign_keys,
    })
}

/// The columns beside the automatic ones; those may be named with their own type only.
fn own_columns(columns: &[NewColumn]) -> Result<Vec<&NewColumn>> {
    let mut own = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        match AUTOMATIC
            .iter()
            .find(|(name, _)| column.name.eq_ignore_ascii_case(name))
        {
            None => own.push(column),
            Some((_, kind)) if *kind == column.kind => {}
            Some((name, kind)) => {
                let word = kind.api_word().unwrap_or_default();
                return Err(Error::invalid(
                    format!("columns.{index}.type"),
                    format!("The column {name} is reserved and has the type {word}"),
                )
                .code("data.column_reserved"));
            }
        }
    }
    Ok(own)
}

/// How the names of those triggers end, as a pattern of SQLite's LIKE.
pub(crate) const STAMPED_IN_SQLITE: &str = "%\\_update\\_timestamp";

/// The trigger that stamps `updated_at`.
pub(super) fn stamp_trigger(dialect: Dialect, table: &str) -> String {
    let (trigger, place) = (quoted(&trigger_name(table)), place(dialect, table));
    match dialect {
        Dialect::Postgres => format!(
            "CREATE TRIGGER {trigger} BEFORE UPDATE ON {place} FOR EACH ROW \
             EXECUTE FUNCTION system.update_updated_at()"
        ),
        // Our own statements stamp the row themselves; the trigger sees to everybody else's.
        Dialect::Sqlite => format!(
            "CREATE TRIGGER {trigger} AFTER UPDATE ON {place} FOR EACH ROW \
             WHEN NEW.\"updated_at\" IS OLD.\"updated_at\" \
             BEGIN UPDATE {place} SET \"updated_at\" = {NOW_IN_SQLITE} WHERE rowid = NEW.rowid; END"
        ),
    }
}

pub(super) fn trigger_name(table: &str) -> String {
    const SUFFIX: &str = "_update_timestamp";
    let mut name = table.to_owned();
    while name.len() + SUFFIX.len() > 63 {
        name.pop();
    }
    name + SUFFIX
}

/// Makes the administrator's role the owner, where this login may.
fn hand_over(place: &str) -> String {
    let statement = text_literal(&format!("ALTER TABLE {place} OWNER TO project_admin"));
    format!("DO $$ BEGIN IF pg_has_role('project_admin', 'MEMBER') THEN EXECUTE {statement}; END IF; END $$")
}
