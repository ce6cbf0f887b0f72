//! What people's statements could change of the system behind the authorizer's back: the names of its tables, and the
//! counters of its numbers.

use std::collections::BTreeMap;

use busbar_kernel::Result;
use rusqlite::Connection;

use super::connection::Conn;

const NAMES: &str = "SELECT name FROM sqlite_schema WHERE instr(name, '.') > 0 ORDER BY name";
const COUNTERS_ARE_KEPT: &str = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'";
/// A counter that is there twice, or is no number, is none.
const COUNTERS: &str = "SELECT name, CASE WHEN count(*) = 1 AND typeof(max(seq)) = 'integer' THEN max(seq) END \
 FROM sqlite_sequence WHERE instr(name, '.') > 0 GROUP BY name";

const TEMPORARY: &str = "SELECT name FROM sqlite_temp_schema LIMIT 1";

/// Refuses what would outlive its request on a connection that everybody shares, and hide tables from everybody: SQLite
/// tells the authorizer of `CREATE TABLE temp.t` as of any other table.
///
/// # Errors
/// 42501.
pub(super) fn nothing_temporary(connection: &Conn) -> Result<()> {
    if connection.trusted(|raw| raw.prepare(TEMPORARY)?.exists([]))? {
        return Err(crate::sqlstate::error(
            "42501",
            "permission denied: on SQLite nothing can be temporary",
        ));
    }
    Ok(())
}

/// The system as it is within a transaction.
pub(super) struct SystemState {
    names: Vec<String>,
    counters: BTreeMap<String, Option<i64>>,
}

impl SystemState {
    pub(super) fn read(connection: &Conn) -> Result<Self> {
        connection.trusted(|raw| {
            let names = raw
                .prepare(NAMES)?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let mut counters = BTreeMap::new();
            if raw.prepare(COUNTERS_ARE_KEPT)?.exists([])? {
                counters = raw
                    .prepare(COUNTERS)?
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect::<rusqlite::Result<_>>()?;
            }
            Ok(Self { names, counters })
        })
    }

    /// Refuses what changed since, but for numbers that rows really have.
    ///
    /// # Errors
    /// 42501.
    pub(super) fn unchanged(&self, connection: &Conn) -> Result<()> {
        let now = Self::read(connection)?;
        // What a table is renamed to is not told to the authorizer.
        if self.names != now.names {
            return Err(crate::sqlstate::error(
                "42501",
                "permission denied: names of the system hold a dot",
            ));
        }
        let kept = self.counters.keys().all(|name| now.counters.contains_key(name));
        let moved = now
            .counters
            .iter()
            .filter(|(name, count)| self.counters.get(*name) != Some(*count));
        let counted = kept
            && connection.trusted(|raw| {
                for (name, count) in moved {
                    let before = self.counters.get(name).copied().flatten();
                    if count.is_none() || *count < before || *count != last_number(raw, name)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?;
        match counted {
            true => Ok(()),
            false => Err(crate::sqlstate::error(
                "42501",
                "permission denied for the system's rows of table sqlite_sequence",
            )),
        }
    }
}

/// The highest number of a table's rows; none where there is no such table.
fn last_number(raw: &Connection, table: &str) -> rusqlite::Result<Option<i64>> {
    let known = raw
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?
        .exists([table])?;
    if !known {
        return Ok(None);
    }
    let sql = format!("SELECT max(rowid) FROM \"{}\"", table.replace('"', "\"\""));
    raw.query_row(&sql, [], |row| row.get(0))
}
