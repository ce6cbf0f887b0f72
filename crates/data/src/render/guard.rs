//! Row security in SQLite's statements: the policies' predicates, combined as PostgreSQL combines them.

use super::builder::{Builder, Slot};
use crate::caller::Role;
use busbar_schema::catalogue::Security;
use busbar_schema::policy::{Command, Piece, Policy, Predicate};
use busbar_schema::quote::quoted;
use busbar_store::Dialect;

/// Which of a policy's two conditions counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Who may be seen or touched.
    Using,
    /// What may be written; `USING` where there is no `WITH CHECK`.
    Check,
}

/// Whose columns a condition speaks of.
pub(super) enum Row<'r> {
    /// The table's own row.
    Own,
    /// The row that was proposed and met a conflict.
    Proposed,
    /// The row an upsert makes: these columns from the proposed one, the others from the old.
    Merged(&'r [String]),
    /// A row of another table, by what it is called in a subquery.
    Named(&'r str),
}

/// Whether the renderer has to guard this statement.
pub(super) fn guarded(builder: &Builder<'_>) -> bool {
    builder.dialect == Dialect::Sqlite
        && builder.role != Role::ProjectAdmin
        && matches!(builder.table.security, Security::Rendered(_) | Security::Closed)
}

/// Writes the condition for a command. No permissive policy means no row; unknown counts as no.
pub(super) fn guard(builder: &mut Builder<'_>, command: Command, part: Part, row: &Row<'_>) {
    match &builder.table.security {
        Security::Rendered(policies) => by_policies(builder, policies, command, part, row),
        Security::Native { .. } => builder.push("1"),
        Security::Closed => builder.push("0"),
    }
}

fn by_policies(builder: &mut Builder<'_>, policies: &[Policy], command: Command, part: Part, row: &Row<'_>) {
    let role = builder.role.name();
    let condition = |policy: &'_ Policy| -> Option<Predicate> {
        let chosen = match part {
            Part::Using => &policy.using,
            Part::Check => match &policy.check {
                Some(_) => &policy.check,
                None => &policy.using,
            },
        };
        chosen.clone()
    };
    let of = |permissive: bool| {
        let applying = policies.iter().filter(|policy| policy.permissive == permissive);
        applying
            .filter(|policy| policy.applies(command, role))
            .filter_map(condition)
            .collect::<Vec<_>>()
    };
    let (permissive, restrictive) = (of(true), of(false));
    builder.push("(");
    if permissive.is_empty() {
        builder.push("0");
    }
    for (index, predicate) in permissive.iter().enumerate() {
        builder.push(if index > 0 { " OR (" } else { "(" });
        write(builder, predicate, row);
        builder.push(")");
    }
    builder.push(")");
    for predicate in &restrictive {
        builder.push(" AND (");
        write(builder, predicate, row);
        builder.push(")");
    }
}

fn write(builder: &mut Builder<'_>, predicate: &Predicate, row: &Row<'_>) {
    for piece in &predicate.0 {
        match piece {
            Piece::Sql(sql) => builder.push(sql),
            Piece::Claim(claim) => builder.shared_slot(Slot::Claim(claim.clone())),
            Piece::Visible { policies, row } => {
                by_policies(builder, policies, Command::Select, Part::Using, &Row::Named(row));
            }
            Piece::Column(name) => match row {
                Row::Own => builder.column(name),
                Row::Proposed => builder.push(&format!("excluded.{}", quoted(name))),
                Row::Merged(proposed) if proposed.contains(name) => {
                    builder.push(&format!("excluded.{}", quoted(name)));
                }
                Row::Merged(_) => builder.column(name),
                Row::Named(called) => builder.push(&format!("{called}.{}", quoted(name))),
            },
        }
    }
}

/// Writes `busbar_require(…)`: an error of SQLSTATE 42501 unless every condition holds.
pub(super) fn require(builder: &mut Builder<'_>, conditions: &[(Command, Part, Row<'_>)], using: bool) {
    builder.push("busbar_require(");
    for (index, (command, part, row)) in conditions.iter().enumerate() {
        if index > 0 {
            builder.push(" AND ");
        }
        guard(builder, *command, *part, row);
    }
    let name = busbar_schema::quote::text_literal(&builder.table.name);
    builder.push(&format!(", {name}, {})", i32::from(using)));
}
