//! A file's copy, page by page, and the way back.

use std::path::Path;

use busbar_kernel::{Error, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::connection::{Conn, Manner, Size};
use crate::{Beside, sqlstate};

/// What makes the system's tables, tables first.
const SYSTEM: &str = "SELECT tbl_name, sql FROM sqlite_schema WHERE instr(tbl_name, '.') > 0 AND sql IS NOT NULL \
 ORDER BY type <> 'table', type <> 'index', rowid";

/// Writes a copy of the file as it is now; writers go on meanwhile. Of the system's tables only those `kept` are in it,
/// so that nobody carries accounts away with it. The copy is durable when this returns.
pub(super) fn copy(connection: &Conn, target: &Path, kept: &[&str], manner: &Manner) -> Result<()> {
    let mut copy = Connection::open(target).map_err(failed)?;
    pages(connection.raw(), &mut copy)?;
    clean(&copy, kept, manner).map_err(failed)?;
    drop(copy);
    let written = std::fs::File::open(target).and_then(|file| file.sync_all());
    written.map_err(|error| Error::internal("a copy was not made durable").source(error))
}

/// Puts people's tables of a copy in the place of those in the file, in one transaction of the file: cut off anywhere,
/// the file is what it was or what it should become. Of the system's tables only those named `beside` come from the
/// copy: sessions that were ended stay so, and keys that were changed.
pub(super) fn restore(
    mut connection: Conn,
    source: &Path,
    beside: &Beside,
    manner: &Manner,
) -> (Option<Conn>, Result<()>) {
    connection.unlimited();
    let next = source.with_extension("next");
    let done = discard(&next)
        .and_then(|()| assemble(&connection, source, &next, beside, manner))
        .and_then(|assembled| pages(assembled.raw(), connection.raw_mut()));
    let tidied = discard(&next);
    (
        connection.settle().is_ok().then_some(connection),
        done.and(tidied),
    )
}

/// Leaves nothing in a copy but what is to be kept, in one file.
fn clean(copy: &Connection, kept: &[&str], manner: &Manner) -> rusqlite::Result<()> {
    strip(copy, kept)?;
    // Rows that were deleted long ago still lie in free pages and between others; indexes may call our functions.
    manner
        .functions
        .iter()
        .try_for_each(|function| function.register(copy))?;
    copy.execute_batch("VACUUM")?;
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
}

/// Drops the system's tables.
fn strip(copy: &Connection, kept: &[&str]) -> rusqlite::Result<()> {
    copy.pragma_update(None, "foreign_keys", false)?;
    copy.execute_batch("BEGIN IMMEDIATE")?;
    for (table, _) in all(copy, SYSTEM)? {
        if !kept.contains(&table.as_str()) {
            copy.execute_batch(&format!("DROP TABLE IF EXISTS {}", quoted(&table)))?;
        }
    }
    copy.execute_batch("COMMIT")
}

/// The file that is to take the place of the other.
fn assemble(live: &Conn, source: &Path, next: &Path, beside: &Beside, manner: &Manner) -> Result<Conn> {
    let source = sound(source)?;
    has_all(&source, &beside.needed)?;
    let copied = beside.tables;
    let mut made = Connection::open(next).map_err(failed)?;
    pages(&source, &mut made)?;
    drop(made);
    let next = Conn::writer(next, Size::Tenant, manner)?;
    let system: Vec<(String, String)> = live.trusted(|raw| all(raw, SYSTEM))?;
    next.trusted(|raw| {
        raw.pragma_update(None, "foreign_keys", false)?;
        raw.execute_batch("BEGIN IMMEDIATE")?;
        for (table, _) in all(raw, SYSTEM)? {
            if !copied.contains(&table.as_str()) {
                raw.execute_batch(&format!("DROP TABLE IF EXISTS {}", quoted(&table)))?;
            }
        }
        let mut made: Vec<&str> = Vec::new();
        for (table, sql) in system
            .iter()
            .filter(|(table, _)| !copied.contains(&table.as_str()))
        {
            raw.execute_batch(sql)?;
            if !made.contains(&table.as_str()) {
                made.push(table);
                rows(live.raw(), raw, table, "true")?;
            }
        }
        for (table, condition) in beside.staying {
            raw.execute_batch(&format!("DELETE FROM {} WHERE {condition}", quoted(table)))?;
            rows(live.raw(), raw, table, condition)?;
        }
        counters(live.raw(), raw)?;
        raw.execute_batch("COMMIT")
    })?;
    let alone = next.trusted(|raw| {
        let mut check = raw.prepare("SELECT \"table\", \"parent\" FROM pragma_foreign_key_check LIMIT 1")?;
        check
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()
    })?;
    match alone.first() {
        None => Ok(next),
        Some((table, parent)) => {
            let message =
                format!("rows of the copy's table \"{table}\" refer to rows of \"{parent}\" that are gone");
            Err(sqlstate::error("23503", message))
        }
    }
}

/// Refuses a copy without a table that something which stays asks.
fn has_all(copy: &Connection, needed: &[(String, String)]) -> Result<()> {
    let mut there = copy
        .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")
        .map_err(failed)?;
    for (table, why) in needed {
        if !there.exists([table]).map_err(failed)? {
            return Err(
                sqlstate::error("2BP01", format!("the copy has no table \"{table}\"")).details(why.clone()),
            );
        }
    }
    Ok(())
}

/// Numbers that were given are not given again.
fn counters(from: &Connection, into: &Connection) -> rusqlite::Result<()> {
    const THERE: &str = "SELECT name, sql FROM sqlite_schema WHERE name = 'sqlite_sequence'";
    if all(from, THERE)?.is_empty() || all(into, THERE)?.is_empty() {
        return Ok(());
    }
    let sql = "SELECT name, CAST(seq AS text) FROM sqlite_sequence WHERE instr(name, '.') > 0";
    for (table, number) in all(from, sql)? {
        into.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [&table])?;
        into.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, CAST(?2 AS integer))",
            [&table, &number],
        )?;
    }
    Ok(())
}

/// Those rows of a table that meet a condition, from one file into the other.
fn rows(from: &Connection, into: &Connection, table: &str, condition: &str) -> rusqlite::Result<()> {
    let mut read = from.prepare(&format!("SELECT * FROM {} WHERE {condition}", quoted(table)))?;
    let marks = vec!["?"; read.column_count()].join(", ");
    let mut write = into.prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(table)))?;
    let width = read.column_count();
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..width)
            .map(|at| row.get::<_, Value>(at))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        write.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn all(raw: &Connection, sql: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut read = raw.prepare(sql)?;
    read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The copy, opened for reading, when SQLite finds nothing wrong with it.
fn sound(source: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(source, flags).map_err(failed)?;
    let verdict: String = copy
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(failed)?;
    match verdict.as_str() {
        "ok" => Ok(copy),
        _ => Err(sqlstate::error("XX001", "The copy is damaged").with("sqlite", verdict)),
    }
}

fn pages(from: &Connection, into: &mut Connection) -> Result<()> {
    let backup = Backup::new(from, into).map_err(failed)?;
    match backup.step(-1).map_err(failed)? {
        StepResult::Done => Ok(()),
        _ => Err(sqlstate::error("55P03", "The database was busy; try again")),
    }
}

/// Removes a file and its logs, which may be gone.
fn discard(file: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::internal("a file beside a backup cannot be removed").source(error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn failed(error: rusqlite::Error) -> Error {
    Error::internal("a copy of the database failed").source(error)
}
