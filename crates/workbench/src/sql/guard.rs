//! What raw SQL may not say, whoever's rights it has: leave its role, its transaction or its time limit.
//!
//! These refusals are for plain words and early answers. What keeps people's SQL in its place are the walls of the
//! database: the authorizer on SQLite, a login without rights on PostgreSQL.

use busbar_kernel::{Error, Kind, Result};
use busbar_store::{Dialect, Statement, Token, TokenKind, statements};

use super::plan::Bounds;

/// First words that end, nest or leave the transaction, or act on the whole server.
const FIRST: [(&str, &str); 22] = [
    ("abort", "transaction statements"),
    ("attach", "attaching files"),
    ("begin", "transaction statements"),
    ("checkpoint", "database management"),
    ("cluster", "database management"),
    ("commit", "transaction statements"),
    ("copy", "COPY"),
    ("deallocate", "prepared statements"),
    ("detach", "attaching files"),
    ("discard", "session changes"),
    ("end", "transaction statements"),
    ("execute", "prepared statements"),
    ("load", "loading libraries"),
    ("prepare", "prepared statements"),
    ("reassign", "role management"),
    ("release", "transaction statements"),
    ("reset", "session changes"),
    ("rollback", "transaction statements"),
    ("savepoint", "transaction statements"),
    ("start", "transaction statements"),
    ("unlisten", "session changes"),
    ("vacuum", "database management"),
];

/// What `CREATE`, `ALTER` and `DROP` may not name.
const OBJECTS: [(&str, &str); 8] = [
    ("database", "database management"),
    ("group", "role management"),
    ("owned", "role management"),
    ("role", "role management"),
    ("subscription", "database management"),
    ("system", "database management"),
    ("tablespace", "database management"),
    ("user", "role management"),
];

/// Settings that would lift a wall.
const SETTINGS: [(&str, &str); 8] = [
    ("constraints", ""),
    ("role", "role changes"),
    ("authorization", "role changes"),
    ("search_path", "search_path changes"),
    ("schema", "search_path changes"),
    ("statement_timeout", "statement_timeout changes"),
    ("transaction", "transaction statements"),
    ("characteristics", "transaction statements"),
];

/// The statements of a text.
///
/// # Errors
/// `input.invalid` for a text that is empty, too long or of too many statements.
pub(super) fn cut(dialect: Dialect, bounds: Bounds, sql: &str) -> Result<Vec<Statement>> {
    let refuse = |why: String| Err(Error::invalid("query", why));
    if sql.len() > bounds.length {
        return refuse(format!("The text is longer than {} MB", bounds.length >> 20));
    }
    if sql.contains('\0') {
        return refuse("The text holds a NUL character".to_owned());
    }
    let written = statements(sql, dialect);
    match written.len() {
        0 => refuse("There is no statement".to_owned()),
        count if count <= bounds.statements => Ok(written),
        _ => refuse(format!(
            "The text holds more than {} statements",
            bounds.statements
        )),
    }
}

/// Refuses what may not be said; what cannot be parsed is for the database to refuse.
///
/// # Errors
/// `workbench.sql_refused`, which names the reason.
pub(crate) fn check(statement: &Statement) -> Result<()> {
    let words: Vec<&Token> = statement.tokens.iter().collect();
    let Some(first) = words.first() else {
        return Ok(());
    };
    if statement.text.to_ascii_lowercase().contains("set_config") {
        return Err(refused("set_config is not allowed"));
    }
    if let Some((_, what)) = FIRST.iter().find(|(word, _)| first.is(word)) {
        return Err(refused(format!("{what} are not allowed")));
    }
    if ["create", "alter", "drop"].iter().any(|word| first.is(word))
        && let Some((_, what)) = OBJECTS
            .iter()
            .find(|(word, _)| words.get(1).is_some_and(|second| second.is(word)))
    {
        return Err(refused(format!("{what} is not allowed")));
    }
    if first.is("set") {
        return settings(&words);
    }
    if ["grant", "revoke"].iter().any(|word| first.is(word)) && !words.iter().any(|word| word.is("on")) {
        return Err(refused("role management is not allowed"));
    }
    Ok(())
}

fn settings(words: &[&Token]) -> Result<()> {
    let skipped = ["session", "local"];
    let named = words[1..]
        .iter()
        .find(|word| !skipped.iter().any(|skip| word.is(skip)));
    let name = named.map_or("", |token| token.text.as_str()).to_ascii_lowercase();
    match SETTINGS.iter().find(|(setting, _)| *setting == name) {
        Some((_, "")) => Ok(()),
        Some((_, what)) => Err(refused(format!("{what} are not allowed"))),
        None => Err(refused(format!("changing the setting {name} is not allowed"))),
    }
}

/// A refusal that names its reason.
pub(crate) fn refused(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::Forbidden, "workbench.sql_refused", why)
}

/// Refuses SQLite's virtual tables: no policy could guard what they keep beside themselves.
///
/// # Errors
/// `workbench.sql_refused`.
pub(crate) fn no_virtual_tables(statement: &Statement) -> Result<()> {
    let word = |at: usize, word: &str| statement.tokens.get(at).is_some_and(|token| token.is(word));
    match word(0, "create") && word(1, "virtual") {
        true => Err(refused(
            "virtual tables (FTS5, R-tree and others) are not allowed: no policy can guard them",
        )),
        false => Ok(()),
    }
}

/// Whether a statement only reads, for sure: on SQLite it then runs beside the writer.
pub(crate) fn reads(statement: &Statement) -> bool {
    let tokens = &statement.tokens;
    let starts = ["select", "values", "explain", "pragma"]
        .iter()
        .any(|word| tokens[0].is(word));
    let writes = ["insert", "update", "delete", "replace", "into"]
        .iter()
        .any(|word| tokens.iter().any(|token| token.is(word)));
    starts || (tokens[0].is("with") && !writes)
}

/// Whether a statement changes what tables there are, so that no count of rows means anything.
pub(crate) fn defines(statement: &Statement) -> bool {
    let words = [
        "alter", "comment", "create", "do", "drop", "grant", "refresh", "reindex", "revoke", "truncate",
        "analyze", "set",
    ];
    words.iter().any(|word| statement.tokens[0].is(word))
}

/// Refuses the names of the system's tables in a statement that makes something which outlives it: a view or trigger
/// on SQLite is later used with Busbar's own rights. Texts count too, because SQLite takes them for names.
///
/// # Errors
/// `workbench.sql_refused`.
pub(crate) fn no_system_names(statement: &Statement) -> Result<()> {
    if !statement.tokens[0].is("create") {
        return Ok(());
    }
    let open = ["auth.users", "auth.uid", "auth.role", "auth.email", "auth.jwt"];
    let closed = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let system = busbar_store::SYSTEM_SCHEMAS
            .iter()
            .any(|schema| lower.starts_with(&format!("{schema}.")));
        (system && !open.contains(&lower.as_str())) || lower == "sqlite_dbpage"
    };
    let tokens = &statement.tokens;
    for (at, token) in tokens.iter().enumerate() {
        let qualified = match (tokens.get(at + 1), tokens.get(at + 2)) {
            (Some(dot), Some(name)) if dot.text == "." && dot.kind == TokenKind::Mark => {
                format!("{}.{}", token.text, name.text)
            }
            _ => token.text.clone(),
        };
        // A literal may quote an option: content='auth.sessions'.
        if token.kind != TokenKind::Mark && closed(qualified.trim()) {
            return Err(refused(format!("{qualified} belongs to the system")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(dialect: Dialect, sql: &str) -> Result<()> {
        statements(sql, dialect).iter().try_for_each(check)
    }

    #[test]
    fn what_would_lift_a_wall_is_refused_by_name() {
        for sql in [
            "SET ROLE postgres",
            "set local role anon",
            "SET SESSION AUTHORIZATION x",
            "RESET ROLE",
            "RESET ALL",
            "SET search_path = auth",
            "SET \"search_path\" = auth",
            "SET LOCAL statement_timeout = 0",
            "SET work_mem = '10GB'",
            "SELECT set_config('role', 'x', true)",
            "SELECT pg_catalog.\"set_config\"('role', 'x', true)",
            "BEGIN",
            "COMMIT",
            "ROLLBACK; SELECT 1",
            "SELECT 1; END",
            "CREATE ROLE x",
            "ALTER USER x SUPERUSER",
            "DROP OWNED BY x",
            "CREATE DATABASE x",
            "ALTER SYSTEM SET x = 1",
            "GRANT a TO b",
            "COPY t FROM PROGRAM 'id'",
            "PREPARE a AS SELECT 1",
            "VACUUM",
            "ATTACH 'x' AS y",
        ] {
            let error = verdict(Dialect::Postgres, sql).unwrap_err();
            assert_eq!(error.code_str(), "workbench.sql_refused", "{sql}");
        }
    }

    #[test]
    fn what_people_write_passes() {
        for sql in [
            "SELECT 1; SELECT 2",
            "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), at timestamptz DEFAULT now())",
            "CREATE POLICY p ON t FOR SELECT TO authenticated USING (owner = auth.uid())",
            "GRANT SELECT ON t TO anon",
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "DO $$ BEGIN NULL; END $$",
            "COMMENT ON TABLE t IS 'BEGIN'",
            "INSERT INTO t VALUES ('COMMIT;')",
            "SET CONSTRAINTS ALL DEFERRED",
            // The database says what is wrong with it.
            "SELEC 1",
        ] {
            verdict(Dialect::Postgres, sql).unwrap();
        }
        verdict(Dialect::Sqlite, "SELECT * FROM t WHERE a GLOB 'x*'").unwrap();
    }

    #[test]
    fn nothing_lasting_may_be_made_over_the_systems_tables() {
        for sql in [
            "CREATE VIEW v AS SELECT * FROM auth.sessions",
            "CREATE VIEW v AS SELECT * FROM \"auth.sessions\"",
            "CREATE VIEW v AS SELECT * FROM 'Auth.sessions'",
            "CREATE VIEW v AS SELECT * FROM [system.secrets]",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO t SELECT * FROM `system.secrets`; END",
            "CREATE VIRTUAL TABLE f USING fts5(a, content='auth.sessions')",
            "CREATE VIRTUAL TABLE f USING fts5(a, content=\"auth.sessions\")",
            "CREATE TABLE t AS SELECT * FROM auth.operators",
        ] {
            let cut = statements(sql, Dialect::Sqlite);
            assert!(no_system_names(&cut[0]).is_err(), "{sql}");
        }
        for sql in [
            "CREATE TABLE t (u uuid REFERENCES auth.users (id))",
            "CREATE VIEW v AS SELECT auth.uid() AS me",
            "INSERT INTO t VALUES ('auth.sessions')",
        ] {
            let cut = statements(sql, Dialect::Sqlite);
            assert!(no_system_names(&cut[0]).is_ok(), "{sql}");
        }
    }
}
