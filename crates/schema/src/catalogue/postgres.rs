//! The catalogue of PostgreSQL.

use busbar_kernel::Result;
use busbar_store::Db;
use serde::Deserialize;

use super::administered::{all_as_administrator, one_as_administrator};
use super::media;
use super::reading::{ColumnRow, KeyRow, Reading, ReferenceRow, assemble, internal_schema};
use super::relations::Computed;
use super::routine::column;
use super::table::Table;
use super::view_columns;

/// Schemas that are nobody's are left out here; Busbar's own are left out by name.
const PEOPLE: &str = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' \
 AND n.nspname NOT LIKE 'app\\_%' AND n.nspname NOT LIKE 'tenant\\_%'";

fn columns_sql() -> String {
    format!(
        "SELECT n.nspname::text AS schema_name, c.relname::text AS table_name, c.relkind IN ('v', 'm') AS is_view, \
          c.relrowsecurity AS row_security, \
          EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal \
                  AND g.tgname LIKE '%\\_update\\_timestamp') AS stamped, \
          a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS declared, a.attnotnull AS not_null, \
          CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_sql, \
          a.attgenerated <> '' OR a.attidentity = 'a' AS generated \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND {PEOPLE} \
         ORDER BY 1, 2, a.attnum"
    )
}

fn keys_sql() -> String {
    format!(
        "SELECT n.nspname::text AS schema_name, c.relname::text AS table_name, x.relname::text AS key_name, \
          i.indisprimary AS is_primary, \
          EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u')) AS is_constraint, \
          a.attname::text AS column_name \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
          JOIN pg_namespace n ON n.oid = c.relnamespace \
          CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) \
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum \
         WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL \
          AND k.place <= i.indnkeyatts AND {PEOPLE} \
         ORDER BY 1, 2, 3, k.place"
    )
}

fn references_sql() -> String {
    let action = |column: &str| {
        format!(
            "CASE {column} WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' \
             WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END"
        )
    };
    format!(
        "SELECT n.nspname::text AS schema_name, c.relname::text AS table_name, f.conname::text AS key_name, \
          a.attname::text AS column_name, \
          CASE WHEN m.nspname = n.nspname THEN r.relname ELSE m.nspname || '.' || r.relname END AS referenced_table, \
          b.attname::text AS referenced_column, {} AS on_delete, {} AS on_update \
         FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
          JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace \
          CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(mine, theirs, place) \
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.mine \
          JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.theirs \
         WHERE f.contype = 'f' AND f.conparentid = 0 AND {PEOPLE} ORDER BY 1, 2, f.oid, k.place",
        action("f.confdeltype"),
        action("f.confupdtype"),
    )
}

/// What the subqueries of policies ask, those of files too: without its table a policy would let in too many.
const ASKS: &str = "SELECT DISTINCT CASE c.relnamespace WHEN 'public'::regnamespace THEN '' ELSE 'storage.' END \
 || c.relname::text AS \"table\", p.polname::text AS policy, m.relname::text AS asked, \
 p.polcmd IN ('r', '*') AS reads FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid \
 JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_class'::regclass \
 JOIN pg_class m ON m.oid = d.refobjid \
 WHERE c.relnamespace IN ('public'::regnamespace, to_regnamespace('storage')) AND m.relnamespace = 'public'::regnamespace \
  AND m.oid <> c.oid ORDER BY 1, 2, 3";

/// A function from a row of one table to rows of another.
#[derive(Deserialize)]
struct FunctionRow {
    schema_name: String,
    name: String,
    from_table: String,
    to_table: String,
    single: bool,
}

fn functions_sql() -> String {
    format!(
        "SELECT n.nspname::text AS schema_name, p.proname::text AS name, c.relname::text AS from_table, \
          t.relname::text AS to_table, p.prorows = 1 AS single \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
          JOIN pg_class c ON c.reltype = p.proargtypes[0] AND c.relnamespace = n.oid \
          JOIN pg_class t ON t.reltype = p.prorettype AND t.relnamespace = n.oid \
         WHERE p.pronargs = 1 AND p.prokind = 'f' AND p.proretset AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
          AND t.relkind IN ('r', 'p', 'v', 'm', 'f') AND {PEOPLE} ORDER BY 1, 2, 3"
    )
}

/// A function of a row that gives one value.
#[derive(Deserialize)]
struct FieldRow {
    schema_name: String,
    name: String,
    table_name: String,
    declared: String,
}

fn fields_sql() -> String {
    format!(
        "SELECT n.nspname::text AS schema_name, p.proname::text AS name, c.relname::text AS table_name, \
          format_type(p.prorettype, NULL) AS declared \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
          JOIN pg_class c ON c.reltype = p.proargtypes[0] AND c.relnamespace = n.oid \
         WHERE p.pronargs = 1 AND p.prokind = 'f' AND NOT p.proretset AND c.relkind IN ('r', 'p', 'v', 'm', 'f') \
          AND p.prorettype NOT IN ('void'::regtype, 'trigger'::regtype) AND {PEOPLE} ORDER BY 1, 2, 3"
    )
}

/// Every table of every schema that people may use.
pub(super) async fn tables(db: &Db) -> Result<Reading> {
    let mut columns: Vec<ColumnRow> = all_as_administrator(db, &columns_sql(), Vec::new()).await?;
    columns.retain(|row| !internal_schema(&row.schema_name));
    let keys: Vec<KeyRow> = all_as_administrator(db, &keys_sql(), Vec::new()).await?;
    let references: Vec<ReferenceRow> = all_as_administrator(db, &references_sql(), Vec::new()).await?;
    let mut tables = assemble(columns, keys, references);
    view_columns::trace(db, PEOPLE, &mut tables).await?;
    let fields: Vec<FieldRow> = all_as_administrator(db, &fields_sql(), Vec::new()).await?;
    for field in fields {
        let of = |table: &&mut Table| table.schema == field.schema_name && table.name == field.table_name;
        if let Some(table) = tables.iter_mut().find(of) {
            table
                .computed_fields
                .push(column(&field.name, &field.declared, false));
        }
    }
    let functions: Vec<FunctionRow> = all_as_administrator(db, &functions_sql(), Vec::new()).await?;
    let geography: Vec<String> = all_as_administrator(
        db,
        "SELECT n.nspname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
          JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e' \
          JOIN pg_extension e ON e.oid = d.refobjid \
         WHERE e.extname = 'postgis' AND p.proname = 'st_asgeojson' AND p.proargtypes[0] = 'record'::regtype",
        Vec::new(),
    )
    .await?;
    let functions = functions.into_iter().map(|row| Computed {
        schema: row.schema_name,
        name: row.name,
        from: row.from_table,
        to: row.to_table,
        single: row.single,
    });
    Ok(Reading {
        tables,
        functions: functions.collect(),
        published: Vec::new(),
        geography: geography.into_iter().next(),
        handlers: media::handlers(db, PEOPLE).await?,
        asks: all_as_administrator(db, ASKS, Vec::new()).await?,
        objects: None,
    })
}

/// The transactions that last touched the descriptions: any change to a table is in one of them.
pub(super) async fn fingerprint(db: &Db) -> Result<String> {
    one_as_administrator(
        db,
        "SELECT concat_ws('.', \
          (SELECT sum(hashtextextended(concat(c.oid, ':', c.xmin), 0)) FROM pg_class c WHERE c.oid >= 16384), \
          (SELECT sum(hashtextextended(concat(a.attrelid, ':', a.attnum, ':', a.xmin), 0)) FROM pg_attribute a \
            WHERE a.attrelid >= 16384 AND a.attnum > 0), \
          (SELECT sum(hashtextextended(concat(p.oid, ':', p.xmin), 0)) FROM pg_policy p), \
          (SELECT sum(hashtextextended(concat(r.oid, ':', r.xmin), 0)) FROM pg_rewrite r WHERE r.oid >= 16384), \
          (SELECT sum(hashtextextended(concat(p.oid, ':', p.xmin), 0)) FROM pg_proc p WHERE p.oid >= 16384), \
          (SELECT sum(hashtextextended(concat(f.oid, ':', f.xmin), 0)) FROM pg_constraint f WHERE f.oid >= 16384))",
        Vec::new(),
    )
    .await
}
