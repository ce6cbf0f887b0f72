//! Policies that ask other tables, whose policies ask others again: never in a circle.

use std::collections::HashSet;

use busbar_kernel::Result;

use crate::catalogue::Asks;
use crate::refusal::sqlstate;

/// Whether some table's policy would come back to that table once `new` stands beside `known`, and does not yet.
///
/// As PostgreSQL has it: the first step is any policy of a table, the further ones those for reading.
pub(super) fn closes_a_circle(known: &[Asks], new: &[Asks]) -> bool {
    let together: Vec<&Asks> = known.iter().chain(new).collect();
    let alone: Vec<&Asks> = known.iter().collect();
    together
        .iter()
        .any(|asks| reaches(&together, asks) && !(alone.contains(asks) && reaches(&alone, asks)))
}

/// Refuses to drop tables that policies of others ask: without the rows that it asks, a policy would let in too many or
/// nobody.
///
/// # Errors
/// 2BP01, which names the policy.
pub(crate) fn not_asked<S: AsRef<str>>(asks: &[Asks], gone: &[S]) -> Result<()> {
    let goes = |table: &str| gone.iter().any(|gone| gone.as_ref() == table);
    match asks.iter().find(|asks| goes(&asks.asked) && !goes(&asks.table)) {
        None => Ok(()),
        Some(asks) => Err(sqlstate(
            "2BP01",
            format!(
                "cannot drop table {} because other objects depend on it",
                asks.asked
            ),
        )
        .details(format!(
            "policy {} on table {} depends on it",
            asks.policy, asks.table
        ))),
    }
}

/// Whether what a policy asks leads back to its table.
fn reaches(all: &[&Asks], first: &Asks) -> bool {
    let mut seen = HashSet::new();
    let mut left = vec![first.asked.as_str()];
    while let Some(table) = left.pop() {
        if table == first.table {
            return true;
        }
        if seen.insert(table) {
            let further = all.iter().filter(|asks| asks.reads && asks.table == table);
            left.extend(further.map(|asks| asks.asked.as_str()));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(table: &str, asked: &str, reads: bool) -> Asks {
        Asks {
            table: table.to_owned(),
            policy: format!("{table} {asked}"),
            asked: asked.to_owned(),
            reads,
        }
    }

    #[test]
    fn circles_are_found_where_postgresql_finds_them() {
        let known = [asks("a", "b", true), asks("b", "c", true)];
        assert!(closes_a_circle(&known, &[asks("c", "a", true)]));
        assert!(
            closes_a_circle(&known, &[asks("c", "a", false)]),
            "it begins at c"
        );
        assert!(closes_a_circle(&[], &[asks("a", "a", true)]));
        assert!(!closes_a_circle(&known, &[asks("a", "c", true)]));
        let writes = [asks("a", "b", false)];
        assert!(closes_a_circle(&writes, &[asks("b", "a", true)]));
        assert!(!closes_a_circle(&writes, &[asks("b", "c", true)]));
    }

    #[test]
    fn a_circle_that_is_there_already_stops_nothing_else() {
        let known = [asks("a", "b", true), asks("b", "a", true)];
        assert!(!closes_a_circle(&known, &[asks("x", "y", true)]));
        assert!(!closes_a_circle(&known, &[asks("x", "a", true)]));
    }
}
