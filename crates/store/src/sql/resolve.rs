//! One text for both databases: placeholders and qualified system tables, resolved once per text.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::Result;
use lru::LruCache;

use super::guard;
use super::lexer::{Kind, Piece, pieces};
use super::text::Sql;
use crate::scope::SYSTEM_SCHEMAS;
use crate::{Dialect, Params};

/// How many texts are remembered.
const REMEMBERED: usize = 4096;
/// Longer texts are resolved each time, in bytes: they are not repeated.
const REMEMBERED_LENGTH: usize = 16 * 1024;

/// The next text's number.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What a text is resolved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The database.
    pub(crate) dialect: Dialect,
    /// Whether `auth.users` is a table in a schema of its own.
    pub(crate) schemas: bool,
}

/// A statement in the words of one database.
#[derive(Debug)]
pub(crate) struct Dialected {
    /// Differs from every other text's while this one is remembered anywhere.
    pub(crate) id: u64,
    /// The text.
    pub(crate) sql: String,
    /// Whether it changes rows, so that a count of changed rows means something.
    pub(crate) writes: bool,
}

/// A statement ready to run: resolved text and parameters.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// The text.
    pub(crate) text: Arc<Dialected>,
    /// Its parameters.
    pub(crate) params: Params,
}

impl Ready {
    /// The same text with other parameters.
    pub(crate) fn with(&self, params: Params) -> Self {
        Self {
            text: self.text.clone(),
            params,
        }
    }
}

/// Resolves and remembers.
pub(crate) struct Resolver {
    target: Target,
    known: Mutex<LruCache<Box<str>, Arc<Dialected>>>,
}

impl Resolver {
    pub(crate) fn new(target: Target) -> Self {
        let remembered = NonZeroUsize::new(REMEMBERED).unwrap_or(NonZeroUsize::MIN);
        Self {
            target,
            known: Mutex::new(LruCache::new(remembered)),
        }
    }

    /// The statement for this database.
    ///
    /// # Errors
    /// A text of several statements, or one that belongs to the store alone (`COMMIT`, `ATTACH` …).
    pub(crate) fn statement(&self, sql: &str) -> Result<Arc<Dialected>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(sql) {
            return Ok(found.clone());
        }
        drop(known);
        guard::refuse_nul(sql)?;
        let cut = pieces(sql, self.target.dialect);
        guard::single(&cut)?;
        guard::walls(&cut)?;
        let made = Arc::new(Dialected {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            sql: rewritten(&cut, self.target),
            writes: is_write(&cut),
        });
        if sql.len() <= REMEMBERED_LENGTH {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.put(sql.into(), made.clone());
        }
        Ok(made)
    }

    /// The statement of a text that keeps what it was resolved to.
    ///
    /// # Errors
    /// As [`Resolver::statement`].
    pub(crate) fn kept(&self, sql: &Sql) -> Result<Arc<Dialected>> {
        if let Some(resolved) = sql.resolved(self.target) {
            return Ok(resolved);
        }
        let resolved = self.statement(sql)?;
        sql.keep(self.target, resolved.clone());
        Ok(resolved)
    }

    /// Many statements in one text, as migrations have them; nothing is refused and nothing remembered.
    pub(crate) fn script(&self, sql: &str) -> String {
        rewritten(&pieces(sql, self.target.dialect), self.target)
    }
}

fn is_write(cut: &[Piece<'_>]) -> bool {
    let first = cut.iter().find(|piece| piece.kind != Kind::Space);
    first.is_some_and(|piece| {
        ["insert", "update", "delete", "replace", "with", "merge"]
            .iter()
            .any(|word| piece.text.eq_ignore_ascii_case(word))
    })
}

fn rewritten(cut: &[Piece<'_>], target: Target) -> String {
    let mut sql = String::with_capacity(cut.iter().map(|piece| piece.text.len()).sum::<usize>() + 16);
    let mut at = 0;
    while let Some(piece) = cut.get(at) {
        match piece.kind {
            Kind::Placeholder if target.dialect == Dialect::Sqlite => {
                sql.push('?');
                sql.push_str(&piece.text[1..]);
            }
            // The one schema that people's tables are in; SQLite has no other.
            Kind::Word if target.dialect == Dialect::Sqlite && is_public(cut, at) => at += 1,
            Kind::Word if !target.schemas => match qualified(cut, at) {
                Some(table) => {
                    sql.push('"');
                    sql.push_str(&piece.text.to_ascii_lowercase());
                    sql.push('.');
                    sql.push_str(&table);
                    sql.push('"');
                    at += 2;
                }
                None => sql.push_str(piece.text),
            },
            _ => sql.push_str(piece.text),
        }
        at += 1;
    }
    sql
}

fn is_public(cut: &[Piece<'_>], at: usize) -> bool {
    let next = |ahead: usize| cut.get(at + ahead);
    let follows_a_dot = at.checked_sub(1).is_some_and(|before| cut[before].text == ".");
    cut[at].text.eq_ignore_ascii_case("public")
        && !follows_a_dot
        && next(1).is_some_and(|dot| dot.text == ".")
        && next(2).is_some_and(|name| matches!(name.kind, Kind::Word | Kind::Quoted))
}

/// The name after a system schema's word and a dot, as it reads inside quotes.
fn qualified(cut: &[Piece<'_>], at: usize) -> Option<String> {
    let word = cut[at].text;
    let follows_a_dot = at.checked_sub(1).is_some_and(|before| cut[before].text == ".");
    if follows_a_dot
        || !SYSTEM_SCHEMAS
            .iter()
            .any(|schema| word.eq_ignore_ascii_case(schema))
    {
        return None;
    }
    if cut.get(at + 1)?.text != "." {
        return None;
    }
    let name = cut.get(at + 2)?;
    match name.kind {
        Kind::Word => Some(name.text.to_ascii_lowercase()),
        Kind::Quoted if name.text.len() > 2 => Some(name.text[1..name.text.len() - 1].to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolver(dialect: Dialect, schemas: bool) -> Resolver {
        Resolver::new(Target { dialect, schemas })
    }

    fn sqlite(sql: &str) -> String {
        resolver(Dialect::Sqlite, false)
            .statement(sql)
            .unwrap()
            .sql
            .clone()
    }

    #[test]
    fn placeholders_and_system_tables_are_resolved_outside_of_quotes() {
        let sql =
            "SELECT auth.users.id, 'auth.users $1' FROM auth.users u WHERE u.id = $1 AND \"auth\".x = $2";
        assert_eq!(
            sqlite(sql),
            "SELECT \"auth.users\".id, 'auth.users $1' FROM \"auth.users\" u WHERE u.id = ?1 AND \"auth\".x = ?2"
        );
        assert_eq!(resolver(Dialect::Postgres, true).statement(sql).unwrap().sql, sql);
        let elsewhere = resolver(Dialect::Postgres, false);
        assert_eq!(
            elsewhere.statement("SELECT $1 FROM System.Secrets").unwrap().sql,
            "SELECT $1 FROM \"system.secrets\""
        );
        assert_eq!(sqlite("SELECT t.auth.x, a.b"), "SELECT t.auth.x, a.b");
        assert_eq!(sqlite("SELECT auth.uid()"), "SELECT \"auth.uid\"()");
        assert_eq!(
            sqlite("SELECT public.t.a FROM Public.\"t\" WHERE public = 'public.t'"),
            "SELECT t.a FROM \"t\" WHERE public = 'public.t'"
        );
    }

    #[test]
    fn several_statements_and_transaction_words_are_refused() {
        let refuse = |sql: &str| {
            let error = resolver(Dialect::Postgres, true).statement(sql).unwrap_err();
            error.wire_code_str().map(str::to_owned)
        };
        assert_eq!(refuse("select 1; drop table t").as_deref(), Some("42601"));
        assert_eq!(refuse("  /* x */ commit").as_deref(), Some("42501"));
        assert_eq!(refuse("ATTACH 'x' AS y").as_deref(), Some("42501"));
        assert_eq!(refuse("-- nothing").as_deref(), Some("42601"));
        assert_eq!(sqlite("select ';' ; -- end"), "select ';' ; -- end");
        sqlite("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END");
    }

    proptest! {
        #[test]
        fn a_text_without_placeholders_or_qualifiers_is_left_alone(sql in "[a-z '\"();=,\\n-]{0,80}") {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                prop_assert_eq!(resolver(dialect, false).script(&sql), sql.clone());
            }
        }

        #[test]
        fn a_literal_survives_whatever_it_says(text in "[^\\\\\0]{0,60}") {
            let sql = format!("SELECT '{}', $1", text.replace('\'', "''"));
            prop_assert_eq!(sqlite(&sql), format!("SELECT '{}', ?1", text.replace('\'', "''")));
        }
    }
}
