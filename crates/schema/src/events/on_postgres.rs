//! Change events on PostgreSQL: one trigger for each kind, all of one function of the owner's.

use busbar_kernel::Timestamp;
use busbar_store::{Step, Value, params};

use super::publish::{Checked, withdrawn};
use super::{KINDS, TRIGGERS};
use crate::catalogue::Table;
use crate::policy::Expression;
use crate::quote::{quoted, text_literal};

/// Takes away what is published of a table of `public`, and of tables that are gone.
pub(super) const FORGET: &str = "DELETE FROM system.change_publications p WHERE NOT EXISTS \
 (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
  WHERE c.oid = p.relation AND (n.nspname, c.relname) <> ('public', $1))";

/// The steps that switch them on.
pub(super) fn publish(table: &Table, checked: &Checked, now: Timestamp) -> Vec<Step> {
    let mut steps = withdraw(table);
    let columns = checked
        .columns
        .as_ref()
        .map(|columns| Value::from(array(columns)));
    let condition = checked.condition.as_ref().map(ToString::to_string);
    steps.push(Step::new(
        "INSERT INTO system.change_publications (id, relation, kinds, columns, condition, channel, webhook_url, \
         created_at) SELECT $1::uuid, c.oid, $3, $4::text[], $5, $6, $7, $8::timestamptz \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'public' AND c.relname = $2",
        params![
            checked.id.as_str(),
            table.name.as_str(),
            checked.kinds.join(","),
            columns,
            condition,
            checked.channel.clone(),
            checked.webhook_url.clone(),
            Value::Timestamp(now),
        ],
    ));
    let made = triggers(
        &place(table),
        &checked.id,
        &checked.kinds,
        checked.condition.as_ref(),
    );
    steps.extend(made.into_iter().map(|sql| Step::new(sql, params![])));
    steps
}

/// The statements that make the triggers of a publication of the table at `place`.
pub(super) fn triggers(place: &str, id: &str, kinds: &[&str], condition: Option<&Expression>) -> Vec<String> {
    let condition = |row: &'static str| match condition {
        None => String::new(),
        Some(tree) => format!(" WHEN ({})", of_row(tree.clone(), row)),
    };
    let id = text_literal(id);
    let mut made = Vec::new();
    for kind in kinds {
        let when = condition(if *kind == "DELETE" { "old" } else { "new" });
        let name = trigger(kind);
        made.push(format!(
            "CREATE TRIGGER {name} AFTER {kind} ON {place} FOR EACH ROW{when} \
             EXECUTE FUNCTION system.record_change({id})"
        ));
    }
    if kinds.contains(&"DELETE") {
        let name = trigger("TRUNCATE");
        made.push(format!(
            "CREATE TRIGGER {name} AFTER TRUNCATE ON {place} FOR EACH STATEMENT \
             EXECUTE FUNCTION system.record_change({id})"
        ));
    }
    made
}

/// The steps that switch them off.
pub(super) fn withdraw(table: &Table) -> Vec<Step> {
    let mut steps: Vec<Step> = KINDS
        .iter()
        .chain(&["TRUNCATE"])
        .map(|kind| {
            let sql = format!("DROP TRIGGER IF EXISTS {} ON {}", trigger(kind), place(table));
            Step::new(sql, params![])
        })
        .collect();
    steps.push(withdrawn(FORGET, &table.name));
    steps
}

/// The condition, of the row that a trigger calls so.
fn of_row(mut tree: Expression, row: &'static str) -> Expression {
    let done = tree.walk(&mut Vec::new(), &mut |leaf, _| {
        if let Expression::Column(name) = leaf {
            *leaf = Expression::Of(row.to_owned(), std::mem::take(name));
        }
        Ok(())
    });
    debug_assert!(done.is_ok(), "nothing of it fails");
    tree
}

fn trigger(kind: &str) -> String {
    quoted(&format!("{TRIGGERS}{}", kind.to_ascii_lowercase()))
}

fn place(table: &Table) -> String {
    format!("{}.{}", quoted(&table.schema), quoted(&table.name))
}

/// A list of texts as PostgreSQL reads it.
pub(super) fn array(members: &[String]) -> String {
    let member = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let members: Vec<String> = members.iter().map(member).collect();
    format!("{{{}}}", members.join(","))
}
