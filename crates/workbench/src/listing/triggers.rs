//! Listing triggers.

use busbar_kernel::Result;
use busbar_schema::catalogue::all_as_administrator;
use busbar_store::{Dialect, params, statements};
use serde::Deserialize;

use super::Listing;

/// A trigger, as `information_schema.triggers` tells it: one for each event.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct TriggerDescription {
    /// Its table.
    pub table_name: String,
    /// Its name.
    pub trigger_name: String,
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub action_timing: String,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub event_manipulation: String,
    /// `ROW` or `STATEMENT`.
    pub action_orientation: String,
    /// When it fires, if not always.
    pub action_condition: Option<String>,
    /// What it does.
    pub action_statement: String,
}

const POSTGRES: &str = "SELECT event_object_table::text AS table_name, trigger_name::text AS trigger_name, \
 action_timing::text AS action_timing, event_manipulation::text AS event_manipulation, \
 action_orientation::text AS action_orientation, action_condition::text AS action_condition, \
 action_statement::text AS action_statement FROM information_schema.triggers \
 WHERE trigger_schema = $1 ORDER BY 1, 2, 4 LIMIT 10000";

const SQLITE: &str = "SELECT tbl_name AS table_name, name AS trigger_name, sql FROM sqlite_schema \
 WHERE type = 'trigger' AND instr(tbl_name, '.') = 0 AND $1 = 'public' ORDER BY 1, 2 LIMIT 10000";

#[derive(Deserialize)]
struct Stored {
    table_name: String,
    trigger_name: String,
    sql: String,
}

impl Listing {
    /// The triggers of a schema's tables, at most 10,000.
    ///
    /// # Errors
    /// `input.invalid` for a schema that is Busbar's own.
    pub async fn triggers(&self, schema: &str) -> Result<Vec<TriggerDescription>> {
        self.schema.tables.list(schema)?;
        let db = &self.schema.library.db;
        match db.dialect() {
            Dialect::Postgres => all_as_administrator(db, POSTGRES, params![schema]).await,
            Dialect::Sqlite => {
                let stored: Vec<Stored> = all_as_administrator(db, SQLITE, params![schema]).await?;
                Ok(stored.into_iter().map(described).collect())
            }
        }
    }
}

/// What SQLite keeps as a text, taken apart.
fn described(stored: Stored) -> TriggerDescription {
    let cut = statements(&stored.sql, Dialect::Sqlite);
    let words: Vec<&str> = cut
        .iter()
        .flat_map(|statement| &statement.tokens)
        .take_while(|token| !token.is("begin"))
        .map(|token| token.text.as_str())
        .collect();
    let first = |known: &[&str], otherwise: &str| {
        let found = words.iter().find(|word| known.contains(word));
        found.map_or(otherwise, |word| word).to_uppercase()
    };
    let timing = first(&["before", "after", "instead"], "before");
    let body = stored.sql.to_ascii_lowercase().find("begin").unwrap_or(0);
    TriggerDescription {
        table_name: stored.table_name,
        trigger_name: stored.trigger_name,
        action_timing: if timing == "INSTEAD" {
            "INSTEAD OF".to_owned()
        } else {
            timing
        },
        event_manipulation: first(&["insert", "update", "delete"], "update"),
        action_orientation: "ROW".to_owned(),
        action_condition: None,
        action_statement: stored.sql[body..].to_owned(),
    }
}
