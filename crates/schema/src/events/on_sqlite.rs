//! Change events on SQLite: one trigger for each kind and table, which name every column and so are made anew whenever
//! a table changes.

use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::{Db, RawStatement, Row, Step, params, timestamp_text};
use serde::Deserialize;

use super::publish::{Checked, withdrawn};
use super::{KINDS, TRIGGERS};
use crate::catalogue::{ColumnType, Published, Table};
use crate::policy::parse;
use crate::quote::{quoted, text_literal};
use crate::tables::{NOW_IN_SQLITE, STAMPED_IN_SQLITE};

/// A record longer than this, in characters, is recorded by its key alone.
const BOUND: usize = 262_144;

pub(super) const FORGET: &str = "DELETE FROM system.change_publications WHERE table_name = $1";

/// Every column of every table whose changes are published.
const COLUMNS: &str = "SELECT p.table_name, p.kinds, p.columns, p.when_new, p.when_old, p.channel, p.webhook_url, \
 x.name, x.type AS declared, x.pk > 0 AS is_key, \
 EXISTS (SELECT 1 FROM sqlite_schema g WHERE g.type = 'trigger' AND g.tbl_name = m.name AND g.name LIKE $1 ESCAPE '\\') \
  AS stamped \
 FROM system.change_publications p JOIN sqlite_schema m ON m.type = 'table' AND m.name = p.table_name \
 JOIN pragma_table_xinfo(m.name) x WHERE x.hidden <> 1 ORDER BY p.table_name, x.cid";

#[derive(Clone, Deserialize)]
struct ColumnRow {
    table_name: String,
    kinds: String,
    columns: Option<String>,
    when_new: Option<String>,
    when_old: Option<String>,
    channel: Option<String>,
    webhook_url: Option<String>,
    name: String,
    declared: String,
    is_key: bool,
    stamped: bool,
}

/// The steps that switch them on.
pub(super) fn publish(table: &Table, checked: &Checked, now: Timestamp) -> Vec<Step> {
    let columns = checked.columns.as_ref().map(|columns| list(columns));
    let (when_new, when_old) = checked.whens.clone().unzip();
    let mut steps = withdraw(&table.name);
    steps.push(Step::new(
        "INSERT INTO system.change_publications (id, table_name, kinds, columns, condition, when_new, when_old, \
         channel, webhook_url, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            checked.id.as_str(),
            table.name.as_str(),
            checked.kinds.join(","),
            columns,
            checked.condition.as_ref().map(ToString::to_string),
            when_new,
            when_old,
            checked.channel.clone(),
            checked.webhook_url.clone(),
            timestamp_text(now),
        ],
    ));
    steps.push(make_triggers());
    steps
}

/// The steps that switch them off.
pub(super) fn withdraw(table: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = drop_triggers(table)
        .into_iter()
        .map(|sql| Step::new(sql, params![]))
        .collect();
    steps.push(forget(table));
    steps
}

/// Takes away what is published of a table; its triggers go with it or before it.
pub(crate) fn forget(table: &str) -> Step {
    withdrawn(FORGET, table)
}

/// The statements that drop a table's triggers of events, so that it can change.
pub(crate) fn drop_triggers(table: &str) -> Vec<String> {
    let name = |kind: &&str| format!("DROP TRIGGER IF EXISTS {}", trigger(kind, table));
    KINDS.iter().map(name).collect()
}

/// Whether a trigger's name is one of an event's.
pub(crate) fn is_event_trigger(name: &str) -> bool {
    name.starts_with(TRIGGERS)
}

/// The step that makes the triggers of every published table anew, as the tables then are.
pub(crate) fn make_triggers() -> Step {
    Step::new(COLUMNS, params![STAMPED_IN_SQLITE]).then(triggers)
}

/// The same among people's own statements.
pub fn make_triggers_raw() -> RawStatement {
    RawStatement::ours(COLUMNS, params![STAMPED_IN_SQLITE]).then(triggers)
}

/// Before a statement of people's own that changes tables: drops the triggers of all events.
pub fn drop_triggers_raw() -> RawStatement {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND substr(name, 1, length($1)) = $1";
    RawStatement::ours(sql, params![TRIGGERS]).then(|rows| {
        let names: Vec<String> = rows.iter().map(Row::read).collect::<Result<_>>()?;
        Ok(names
            .iter()
            .map(|name| format!("DROP TRIGGER {}", quoted(name)))
            .collect())
    })
}

/// Which tables are published, and the columns that their publications name.
pub(crate) async fn published(db: &Db) -> Result<Vec<Published>> {
    #[derive(Deserialize)]
    struct Stored {
        table_name: String,
        columns: Option<String>,
        condition: Option<String>,
    }
    let sql = "SELECT table_name, columns, condition FROM system.change_publications ORDER BY table_name";
    let stored: Vec<Stored> = db.all(sql, params![]).await?;
    let read = |row: Stored| -> Result<Published> {
        let mut columns = row
            .columns
            .as_deref()
            .map(read_list)
            .transpose()?
            .unwrap_or_default();
        if let Some(condition) = &row.condition {
            parse(condition, &row.table_name)?
                .columns(&row.table_name, &mut |_, name| columns.push(name.clone()));
        }
        Ok(Published {
            table: row.table_name,
            columns,
        })
    };
    stored.into_iter().map(read).collect()
}

/// Names as the row of a publication keeps them.
pub(super) fn list(names: &[String]) -> String {
    serde_json::Value::from(names).to_string()
}

/// The names of such a list.
///
/// # Errors
/// When it is none.
pub(super) fn read_list(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text)
        .map_err(|error| Error::internal("the columns of a publication cannot be read").source(error))
}

fn trigger(kind: &str, table: &str) -> String {
    quoted(&format!("{TRIGGERS}{}_{table}", kind.to_ascii_lowercase()))
}

fn triggers(rows: &[Row]) -> Result<Vec<String>> {
    let columns: Vec<ColumnRow> = rows.iter().map(Row::read).collect::<Result<_>>()?;
    let mut texts = Vec::new();
    for of_table in columns.chunk_by(|one, other| one.table_name == other.table_name) {
        let first = &of_table[0];
        let chosen = first.columns.as_deref().map(read_list).transpose()?;
        texts.extend(drop_triggers(&first.table_name));
        for kind in first.kinds.split(',') {
            texts.push(create(kind, of_table, chosen.as_deref()));
        }
    }
    Ok(texts)
}

fn create(kind: &str, columns: &[ColumnRow], chosen: Option<&[String]>) -> String {
    let first = &columns[0];
    let shown: Vec<&ColumnRow> = columns
        .iter()
        .filter(|column| column.is_key || chosen.is_none_or(|chosen| chosen.contains(&column.name)))
        .collect();
    let keys: Vec<&ColumnRow> = columns.iter().filter(|column| column.is_key).collect();
    let (old, new) = (kind != "INSERT", kind != "DELETE");
    let record = |there: bool, row: &str, of: &[&ColumnRow]| match there {
        true => object(row, of, kind),
        false => "NULL".to_owned(),
    };
    let mut when = Vec::new();
    if kind == "UPDATE" {
        // The stamp of the time, which a trigger of its own sets a moment later, is no change by itself.
        let differs = |column: &&ColumnRow| {
            let name = quoted(&column.name);
            (column.name != "updated_at").then(|| format!("NEW.{name} IS NOT OLD.{name}"))
        };
        let differs: Vec<String> = shown.iter().filter_map(differs).collect();
        when.push(if differs.is_empty() {
            "0".to_owned()
        } else {
            differs.join(" OR ")
        });
    }
    let condition = if new { &first.when_new } else { &first.when_old };
    when.extend(condition.clone());
    let when = match when.is_empty() {
        true => String::new(),
        false => format!(" WHEN ({})", when.join(") AND (")),
    };
    let literal = |text: &Option<String>| text.as_deref().map_or_else(|| "NULL".to_owned(), text_literal);
    format!(
        "CREATE TRIGGER {name} AFTER {kind} ON {table} FOR EACH ROW{when} BEGIN \
         INSERT INTO \"system.change_events\" (table_name, kind, old_record, new_record, truncated, actor_role, \
         actor_id, channel, webhook_url, occurred_at) SELECT {said}, '{kind}', \
         CASE WHEN length(o) > {BOUND} THEN ok ELSE o END, CASE WHEN length(n) > {BOUND} THEN nk ELSE n END, \
         coalesce(length(o), 0) > {BOUND} OR coalesce(length(n), 0) > {BOUND}, busbar_setting('role'), \
         busbar_setting('request.jwt.claim.sub'), {channel}, {webhook}, busbar_now() \
         FROM (SELECT {o} AS o, {n} AS n, {ok} AS ok, {nk} AS nk); END",
        name = trigger(kind, &first.table_name),
        table = quoted(&first.table_name),
        said = text_literal(&first.table_name),
        channel = literal(&first.channel),
        webhook = literal(&first.webhook_url),
        o = record(old, "OLD", &shown),
        n = record(new, "NEW", &shown),
        ok = record(old, "OLD", &keys),
        nk = record(new, "NEW", &keys),
    )
}

/// A row as a JSON object.
fn object(row: &str, columns: &[&ColumnRow], kind: &str) -> String {
    let member = |column: &&ColumnRow| {
        let name = format!("{row}.{}", quoted(&column.name));
        let stamps = column.stamped && column.name == "updated_at" && row == "NEW" && kind == "UPDATE";
        // What the trigger that stamps the time is about to write.
        let value = match stamps {
            true => format!(
                "CASE WHEN {name} IS OLD.{} THEN {NOW_IN_SQLITE} ELSE {name} END",
                quoted(&column.name)
            ),
            false => in_json(&name, ColumnType::of(&column.declared)),
        };
        format!("{}, {value}", text_literal(&column.name))
    };
    let members: Vec<String> = columns.iter().map(member).collect();
    format!("json_object({})", members.join(", "))
}

fn in_json(name: &str, kind: ColumnType) -> String {
    match kind {
        ColumnType::Boolean => {
            format!("CASE {name} WHEN 1 THEN json('true') WHEN 0 THEN json('false') ELSE {name} END")
        }
        kind if kind.is_json() => format!("CASE WHEN json_valid({name}) THEN json({name}) ELSE {name} END"),
        _ => format!("CASE typeof({name}) WHEN 'blob' THEN '\\x' || lower(hex({name})) ELSE {name} END"),
    }
}
