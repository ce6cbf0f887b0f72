//! Policies as one condition on the rows of one table, for a statement of SQLite's that somebody else writes.

use busbar_kernel::Result;
use busbar_store::Params;
use serde_json::{Map, Value as Json};

use super::{Command, Piece, Policy, Predicate, claimed};
use crate::quote::quoted;

/// Which of a policy's two conditions counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Which rows may be seen or touched.
    Using,
    /// Which rows may be written; the same where there is no `WITH CHECK`.
    Check,
}

/// SQL and the parameters it brings along.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// The SQL; in brackets.
    pub sql: String,
    /// Its parameters, the first of them numbered as was asked.
    pub params: Params,
}

/// The condition that `policies` put on a `command` of a caller of `role`. Columns are those of the table or row called
/// `alias`; parameters are numbered from `first`. Combined as PostgreSQL does: one permissive policy must hold, and
/// every restrictive one; without a permissive one nobody passes. Rows that subqueries find in other tables are those
/// that the caller may see.
///
/// # Errors
/// What a claim of the caller's is not.
pub fn condition(
    policies: &[Policy],
    (command, side): (Command, Side),
    (role, claims): (&str, &Map<String, Json>),
    alias: &str,
    first: usize,
) -> Result<Condition> {
    let mut writer = Writer {
        role,
        claims,
        first,
        made: Condition::default(),
    };
    writer.all(policies, (command, side), alias)?;
    Ok(writer.made)
}

struct Writer<'c> {
    role: &'c str,
    claims: &'c Map<String, Json>,
    first: usize,
    made: Condition,
}

impl Writer<'_> {
    fn all(&mut self, policies: &[Policy], (command, side): (Command, Side), alias: &str) -> Result<()> {
        let role = self.role;
        let applying = |permissive: bool| {
            let all = policies
                .iter()
                .filter(move |policy| policy.permissive == permissive && policy.applies(command, role));
            all.filter_map(move |policy| match (side, &policy.check) {
                (Side::Check, Some(check)) => Some(check),
                _ => policy.using.as_ref(),
            })
        };
        self.made.sql.push_str("((0");
        for predicate in applying(true) {
            self.one(" OR ", predicate, alias)?;
        }
        self.made.sql.push(')');
        for predicate in applying(false) {
            self.one(" AND ", predicate, alias)?;
        }
        self.made.sql.push(')');
        Ok(())
    }

    fn one(&mut self, word: &str, predicate: &Predicate, alias: &str) -> Result<()> {
        self.made.sql.push_str(word);
        self.made.sql.push('(');
        for piece in &predicate.0 {
            match piece {
                Piece::Sql(sql) => self.made.sql.push_str(sql),
                Piece::Column(name) => self.made.sql.push_str(&format!("{alias}.{}", quoted(name))),
                Piece::Claim(claim) => {
                    let number = self.first + self.made.params.len();
                    self.made.sql.push_str(&format!("${number}"));
                    self.made.params.push(claimed(claim, self.claims)?);
                }
                Piece::Visible { policies, row } => {
                    self.all(policies, (Command::Select, Side::Using), row)?;
                }
            }
        }
        self.made.sql.push(')');
        Ok(())
    }
}
