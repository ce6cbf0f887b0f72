//! Schemas: made when missing, under a lock, and marked with the scope they belong to.

use busbar_kernel::{Error, Kind, Result};
use tokio_postgres::Client;

use super::error;
use super::handle::quoted;
use crate::scope::{SYSTEM_SCHEMAS, Scope};

const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('busbar.schema', 0))";

/// Makes the schemas of a scope unless they are there.
///
/// # Errors
/// `store.scope_taken` when the schema belongs to another scope.
pub(super) async fn ensure(client: &Client, scope: &Scope) -> Result<()> {
    let mark = format!("busbar: {}", scope.label());
    let wanted: Vec<String> = match scope {
        Scope::Data => SYSTEM_SCHEMAS
            .iter()
            .map(|&name| name.to_owned())
            .chain([scope.schema()])
            .collect(),
        _ => vec![scope.schema()],
    };
    if is_there(client, scope, &wanted, &mark).await? {
        return Ok(());
    }
    let mut script = format!("BEGIN; {LOCK};");
    for schema in &wanted {
        script.push_str(&format!("CREATE SCHEMA IF NOT EXISTS {};", quoted(schema)));
    }
    script.push_str("COMMIT");
    let made = client.batch_execute(&script).await;
    if made.is_err() {
        client.batch_execute("ROLLBACK").await.map_err(error::map)?;
    }
    made.map_err(error::map)?;
    if is_marked(scope) {
        claim(client, scope, &mark).await?;
    }
    Ok(())
}

/// Only a schema of one scope alone is marked; those of the data scope may be adopted with their comments.
fn is_marked(scope: &Scope) -> bool {
    !matches!(scope, Scope::Data)
}

async fn is_there(client: &Client, scope: &Scope, wanted: &[String], mark: &str) -> Result<bool> {
    let sql = "SELECT nspname::text, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ANY($1)";
    let rows = client.query(sql, &[&wanted]).await.map_err(error::map)?;
    if rows.len() < wanted.len() {
        return Ok(false);
    }
    if !is_marked(scope) {
        return Ok(true);
    }
    match rows[0].try_get::<_, Option<String>>(1).map_err(error::map)? {
        Some(found) if found == mark => Ok(true),
        Some(found) if found.starts_with("busbar: ") => Err(taken(scope, &found)),
        _ => Ok(false),
    }
}

/// Marks the schema, unless somebody else has in the meantime.
async fn claim(client: &Client, scope: &Scope, mark: &str) -> Result<()> {
    let schema = scope.schema();
    let script = format!(
        "BEGIN; {LOCK}; DO $claim$ DECLARE found text := obj_description('{quoted}'::regnamespace, 'pg_namespace');
         BEGIN
           IF found IS NULL OR found NOT LIKE 'busbar: %' THEN
             COMMENT ON SCHEMA {quoted} IS '{mark}';
             REVOKE ALL ON SCHEMA {quoted} FROM PUBLIC;
           END IF;
         END $claim$; COMMIT",
        quoted = quoted(&schema),
    );
    if let Err(error) = client.batch_execute(&script).await {
        client.batch_execute("ROLLBACK").await.map_err(error::map)?;
        return Err(error::map(error));
    }
    match is_there(client, scope, &[schema], mark).await? {
        true => Ok(()),
        false => Err(taken(scope, "someone else")),
    }
}

fn taken(scope: &Scope, owner: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "store.scope_taken",
        format!("The schema of {} already belongs to {owner}", scope.label()),
    )
}
