//! What may be done with a table, view or function: `OPTIONS`.

use busbar_kernel::Result;
use busbar_schema::catalogue::{Table, one_as_administrator};
use busbar_schema::quote::quoted;
use busbar_store::{Db, Dialect, Value};

/// `Allow` of a table or view.
pub(super) async fn allowed(db: &Db, table: &Table) -> Result<String> {
    let (inserts, updates, deletes) = match (table.is_view, db.dialect()) {
        (false, _) => (true, true, true),
        (true, Dialect::Postgres) => {
            let name = format!("{}.{}", quoted(&table.schema), quoted(&table.name));
            // The bits are those of PostgreSQL's commands: 2 update, 3 insert, 4 delete.
            let bits: i32 = one_as_administrator(
                db,
                "SELECT pg_relation_is_updatable($1::text::regclass, true)",
                vec![Value::from(name)],
            )
            .await?;
            (bits & 8 != 0, bits & 4 != 0, bits & 16 != 0)
        }
        (true, Dialect::Sqlite) if table.written_to.is_some() => (true, true, true),
        (true, Dialect::Sqlite) => {
            let triggers: Vec<(String,)> = db
                .all(
                    "SELECT upper(sql) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1",
                    vec![Value::from(&table.name)],
                )
                .await?;
            let instead = |word: &str| {
                let words = format!("INSTEAD OF {word}");
                triggers.iter().any(|(sql,)| sql.contains(&words))
            };
            (instead("INSERT"), instead("UPDATE"), instead("DELETE"))
        }
    };
    let mut methods = vec!["OPTIONS", "GET", "HEAD"];
    if inserts {
        methods.push("POST");
    }
    if inserts && updates && !table.primary_key.is_empty() {
        methods.push("PUT");
    }
    if updates {
        methods.push("PATCH");
    }
    if deletes {
        methods.push("DELETE");
    }
    Ok(methods.join(","))
}

/// `Allow` of a function.
pub(super) fn allowed_of_function(volatile: bool) -> &'static str {
    if volatile {
        "OPTIONS,POST"
    } else {
        "OPTIONS,GET,HEAD,POST"
    }
}
