//! The catalogue of SQLite: its own tables of tables, and ours of policies.

use busbar_kernel::Result;
use busbar_store::{Db, Dialect, Value, params, statements};
use serde::Deserialize;

use super::closed_views::close;
use super::reading::{ColumnRow, KeyRow, Reading, ReferenceRow, assemble};
use super::simple_views;
use super::table::Security;
use super::view_text;
use crate::events;
use crate::policies::{OBJECTS, objects_table};
use crate::policy::{self, StoredPolicy};
use crate::tables::computed_default;

/// The columns of tables and views of the kinds `$1`, `$2` and, where it is given, of the name `$3`.
const COLUMNS: &str = "\
SELECT 'public' AS schema_name, m.name AS table_name, m.type = 'view' AS is_view, \
 EXISTS (SELECT 1 FROM system.row_security s WHERE s.table_name = m.name) AS row_security, \
 EXISTS (SELECT 1 FROM sqlite_schema g WHERE g.type = 'trigger' AND g.tbl_name = m.name \
         AND g.name LIKE '%\\_update\\_timestamp' ESCAPE '\\') AS stamped, \
 c.name AS name, c.type AS declared, (c.\"notnull\" OR c.pk > 0) AS not_null, c.dflt_value AS default_sql, \
 c.hidden IN (2, 3) AS generated \
FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c \
WHERE m.type IN ($1, $2) AND ($3 IS NULL OR m.name = $3) AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND instr(m.name, '.') = 0 \
 AND m.name NOT IN (SELECT l.name FROM pragma_table_list l WHERE l.schema = 'main' AND l.type IN ('virtual', 'shadow')) \
 AND c.hidden <> 1 \
ORDER BY m.name, c.cid";

const KEYS: &str = "\
SELECT * FROM ( \
 SELECT 'public' AS schema_name, m.name AS table_name, l.name AS key_name, l.origin = 'pk' AS is_primary, 1 AS is_constraint, \
  i.name AS column_name, i.seqno AS position \
 FROM sqlite_schema m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i \
 WHERE m.type = 'table' AND l.\"unique\" = 1 AND l.partial = 0 AND i.name IS NOT NULL \
  AND NOT EXISTS (SELECT 1 FROM pragma_index_info(l.name) e WHERE e.name IS NULL) \
 UNION ALL \
 SELECT 'public', m.name, m.name || '_rowid', 1, 1, c.name, 0 \
 FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
 WHERE m.type = 'table' AND m.rootpage > 0 AND c.pk = 1 AND upper(c.type) = 'INTEGER' \
  AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) l WHERE l.origin = 'pk') \
) ORDER BY table_name, key_name, position";

const REFERENCES: &str = "\
SELECT m.name AS table_name, f.id AS id, f.\"table\" AS referenced_table, f.\"from\" AS column_name, \
 f.\"to\" AS referenced_column, f.on_delete AS on_delete, f.on_update AS on_update, m.sql AS sql \
FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
WHERE m.type = 'table' AND instr(m.name, '.') = 0 ORDER BY m.name, f.id DESC, f.seq";

const GUARDED: &str = "SELECT 1 FROM system.row_security WHERE table_name = $1";

/// Tables that are not like others: virtual ones and what they keep their rows in, which no policy could guard and nobody
/// is shown, and those whose rows have no address.
const SPECIAL: &str = "SELECT name, type AS kind, wr AS addressless FROM pragma_table_list \
 WHERE schema = 'main' AND (type IN ('virtual', 'shadow') OR wr) AND instr(name, '.') = 0";

const VIEWS: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'view' AND sql IS NOT NULL";

/// A trigger on a view is an INSTEAD OF trigger.
const TRIGGERED: &str = "SELECT DISTINCT v.name FROM sqlite_schema v JOIN sqlite_schema t ON t.tbl_name = v.name COLLATE NOCASE \
 WHERE v.type = 'view' AND t.type = 'trigger'";

#[derive(Deserialize)]
struct Special {
    name: String,
    kind: String,
    addressless: bool,
}

#[derive(Deserialize)]
struct ReferenceOfSqlite {
    table_name: String,
    id: i64,
    referenced_table: String,
    column_name: String,
    referenced_column: Option<String>,
    on_delete: String,
    on_update: String,
    sql: Option<String>,
}

/// Every table but virtual ones and those of system schemas, whose names hold a dot.
pub(super) async fn tables(db: &Db) -> Result<Reading> {
    let columns = columns(db).await?;
    let keys: Vec<KeyRow> = db.all(KEYS, Vec::new()).await?;
    let references: Vec<ReferenceOfSqlite> = db.all(REFERENCES, Vec::new()).await?;
    let policies: Vec<StoredPolicy> = policy::stored(db).await?;
    let mut tables = assemble(columns, keys, name_references(references));
    let special: Vec<Special> = db.all(SPECIAL, Vec::new()).await?;
    for table in &mut tables {
        table.row_ids = !special
            .iter()
            .any(|known| known.addressless && known.name == table.name);
        for column in &mut table.columns {
            column.computed = column.default.as_deref().and_then(computed_default);
        }
    }
    let objects = objects_table();
    let guarded = db.optional::<(i64,)>(GUARDED, params![OBJECTS]).await?.is_some();
    let mut compiled = policy::compile_all(&tables, guarded.then_some((OBJECTS, &objects)), &policies);
    for table in tables.iter_mut().filter(|table| table.row_security()) {
        table.security = Security::Rendered(compiled.remove(&table.name).unwrap_or_default());
    }
    if tables.iter().any(|table| table.is_view) {
        let views: Vec<(String, String)> = db.all(VIEWS, Vec::new()).await?;
        let hidden = special.iter().filter(|known| known.kind != "table");
        close(&mut tables, hidden.map(|known| known.name.as_str()), &views);
        view_text::trace(&views, &mut tables);
        let triggered: Vec<(String,)> = db.all(TRIGGERED, Vec::new()).await?;
        let triggered = triggered.into_iter().map(|(name,)| name).collect();
        simple_views::find(&views, &triggered, &mut tables);
    }
    Ok(Reading {
        tables,
        functions: Vec::new(),
        published: events::published(db).await?,
        geography: None,
        objects: compiled.remove(OBJECTS).filter(|policies| !policies.is_empty()),
        handlers: Vec::new(),
        asks: policy::asks(&policies),
    })
}

/// The columns of all of them. A view that lost what it speaks of has none, and takes nobody else's away.
async fn columns(db: &Db) -> Result<Vec<ColumnRow>> {
    let all = db.all(COLUMNS, params!["table", "view", Value::Null]).await;
    if all.is_ok() {
        return all;
    }
    let mut columns: Vec<ColumnRow> = db.all(COLUMNS, params!["table", "table", Value::Null]).await?;
    let views: Vec<(String, String)> = db.all(VIEWS, Vec::new()).await?;
    for (view, _) in views {
        let of_view: Result<Vec<ColumnRow>> = db.all(COLUMNS, params!["view", "view", view]).await;
        columns.extend(of_view.unwrap_or_default());
    }
    Ok(columns)
}

/// The names are read from the `CREATE TABLE` text, where the keys stand in the order of their descending ids.
fn name_references(references: Vec<ReferenceOfSqlite>) -> Vec<ReferenceRow> {
    let mut rows: Vec<ReferenceRow> = Vec::with_capacity(references.len());
    let mut at = (String::new(), -1, 0);
    for (index, row) in references.iter().enumerate() {
        if at.0 != row.table_name {
            at = (row.table_name.clone(), row.id, 0);
        } else if at.1 != row.id {
            at = (at.0, row.id, at.2 + 1);
        }
        let group = || {
            references
                .iter()
                .filter(|other| other.table_name == row.table_name && other.id == row.id)
        };
        let columns: Vec<String> = group().map(|row| row.column_name.clone()).collect();
        let names = constraint_names(row.sql.as_deref().unwrap_or_default());
        let name = names.get(at.2).cloned().flatten();
        let referenced_column = &references[index].referenced_column;
        rows.push(ReferenceRow {
            schema_name: "public".to_owned(),
            table_name: row.table_name.clone(),
            key_name: name.unwrap_or_else(|| format!("{}_{}_fkey", row.table_name, columns.join("_"))),
            column_name: row.column_name.clone(),
            referenced_table: row.referenced_table.clone(),
            referenced_column: referenced_column.clone().unwrap_or_default(),
            on_delete: row.on_delete.clone(),
            on_update: row.on_update.clone(),
        });
    }
    rows
}

/// The names of the foreign keys of a `CREATE TABLE`, in order; none for one without a name.
fn constraint_names(sql: &str) -> Vec<Option<String>> {
    let written = statements(sql, Dialect::Sqlite);
    let tokens = written
        .first()
        .map(|statement| statement.tokens.as_slice())
        .unwrap_or_default();
    let mut names = Vec::new();
    let mut since = 0;
    for (at, _) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.is("references"))
    {
        let before = tokens.get(since..=at).unwrap_or_default();
        let named = before.windows(3).rev().find(|three| three[0].is("constraint"));
        let named = named.filter(|three| three[2].is("foreign") || three[2].is("references"));
        names.push(named.map(|three| three[1].text.clone()));
        since = at + 1;
    }
    names
}

/// SQLite counts its schema's changes.
pub(super) async fn fingerprint(db: &Db) -> Result<String> {
    let (version, policies): (i64, i64) = db
        .one(
            "SELECT (SELECT schema_version FROM pragma_schema_version), \
             (SELECT coalesce(max(version), 0) FROM system.policy_version)",
            Vec::new(),
        )
        .await?;
    Ok(format!("{version}.{policies}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_foreign_keys_stand_in_the_text() {
        let sql = "CREATE TABLE \"t\" (\"a\" TEXT, CONSTRAINT \"one\" FOREIGN KEY (\"a\") REFERENCES \"b\" (\"c\"), \
                   FOREIGN KEY (\"a\") REFERENCES \"d\" (\"e\"))";
        assert_eq!(constraint_names(sql), [Some("one".to_owned()), None]);
        let sql = "CREATE TABLE t (a TEXT, CONSTRAINT \"x\"\"y\"\"\" FOREIGN KEY (a) REFERENCES b (c))";
        assert_eq!(constraint_names(sql), [Some("x\"y\"".to_owned())]);
        let sql = "CREATE TABLE t (a TEXT CONSTRAINT nn NOT NULL REFERENCES b (c), d TEXT CHECK (d <> 'REFERENCES ') \
                   constraint Inside references b (c), constraint outside foreign key (a) references b (c))";
        let said = [None, Some("inside".to_owned()), Some("outside".to_owned())];
        assert_eq!(constraint_names(sql), said);
    }
}
