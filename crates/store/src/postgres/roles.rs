//! The roles of requests, and the login that may become them and nothing else.

use busbar_kernel::{Error, Kind, Result, Secret, random};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::connection::look_up;
use super::error;
use super::handle::quoted;

/// The roles a request can have.
pub(super) const ROLES: [&str; 3] = ["anon", "authenticated", "project_admin"];

/// How often something is tried again that a concurrent creator got in the way of.
const ATTEMPTS: usize = 10;

/// What became of the roles.
pub(super) struct Prepared {
    /// The request login's name and password; none when an administrator made it.
    pub(super) login: Option<(String, Secret)>,
    /// Whether `project_admin` passes row security by itself; else explicit policies must let it pass.
    pub(super) bypasses_row_security: bool,
}

/// Makes the roles and, unless `given`, the request login; tolerates other processes doing the same.
///
/// # Errors
/// The owner may not create roles and they are missing; the message says what to do.
pub(super) async fn prepare(client: &Client, given: bool) -> Result<Prepared> {
    for role in ROLES {
        create(client, role, "NOLOGIN NOINHERIT").await?;
    }
    let bypasses_row_security = bypass(client).await?;
    let login = if given {
        None
    } else {
        Some(request_login(client).await?)
    };
    Ok(Prepared {
        login,
        bypasses_row_security,
    })
}

async fn create(client: &Client, role: &str, attributes: &str) -> Result<()> {
    let known = client
        .query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&role])
        .await;
    if known.map_err(error::map)?.is_some() {
        return Ok(());
    }
    let sql = format!("CREATE ROLE {} {attributes}", quoted(role));
    match client.batch_execute(&sql).await {
        Err(error) if is_denied(&error) => Err(Error::new(
            Kind::Unavailable,
            "store.roles_missing",
            format!(
                "The role {role} is missing and the owner may not create it: grant it CREATEROLE, or create the roles \
                 anon, authenticated and project_admin and set DB_REQUEST_URL"
            ),
        )
        .source(error)),
        Err(error) if is_created_by_another(&error) => Ok(()),
        done => done.map_err(error::map),
    }
}

fn is_denied(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
}

fn is_created_by_another(error: &tokio_postgres::Error) -> bool {
    [SqlState::DUPLICATE_OBJECT, SqlState::UNIQUE_VIOLATION]
        .iter()
        .any(|state| error.code() == Some(state))
}

/// Lets `project_admin` pass row security where the owner may grant that.
async fn bypass(client: &Client) -> Result<bool> {
    const IS: &str = "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = 'project_admin'";
    if look_up(client, IS).await? {
        return Ok(true);
    }
    match again(client, "ALTER ROLE project_admin BYPASSRLS").await {
        Ok(()) => Ok(true),
        Err(error) if is_denied(&error) => {
            tracing::warn!(
                "the owner may not grant BYPASSRLS: project_admin passes row security by explicit policies"
            );
            Ok(false)
        }
        Err(error) => Err(error::map(error)),
    }
}

/// Runs a change of roles, which are one set per cluster: two databases' processes can meet in it.
async fn again(client: &Client, sql: &str) -> Result<(), tokio_postgres::Error> {
    let mut attempt = 1;
    loop {
        let done = client.batch_execute(sql).await;
        let met = done.as_ref().is_err_and(|error| {
            let text = error.as_db_error().map_or("", |told| told.message());
            text.contains("concurrently updated") || is_created_by_another(error)
        });
        if !met || attempt == ATTEMPTS {
            return done;
        }
        attempt += 1;
        tokio::time::sleep(std::time::Duration::from_millis(5 * attempt as u64)).await;
    }
}

/// The database's own request login. Its password is made once and kept in the platform's schema, which only
/// the owner can read: all processes on one database share it, and no file has to be carried between machines.
async fn request_login(client: &Client) -> Result<(String, Secret)> {
    let oid: u32 = look_up(
        client,
        "SELECT oid FROM pg_database WHERE datname = current_database()",
    )
    .await?;
    let login = format!("busbar_request_{oid}");
    let kept = kept_password(client, &login).await;
    if kept.is_err() {
        client.batch_execute("ROLLBACK").await.map_err(error::map)?;
    }
    Ok((login, kept?))
}

async fn kept_password(client: &Client, login: &str) -> Result<Secret> {
    client
        .batch_execute(
            "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('busbar.request_login', 0));
             CREATE TABLE IF NOT EXISTS busbar.store_request_login (login text PRIMARY KEY, password text NOT NULL)",
        )
        .await
        .map_err(error::map)?;
    let sql = "SELECT password FROM busbar.store_request_login WHERE login = $1";
    let kept = client.query_opt(sql, &[&login]).await.map_err(error::map)?;
    let password = match kept {
        Some(row) => row.try_get::<_, String>(0).map_err(error::map)?,
        None => {
            let password = random::hex(32);
            let sql = "INSERT INTO busbar.store_request_login (login, password) VALUES ($1, $2)";
            client
                .execute(sql, &[&login, &password])
                .await
                .map_err(error::map)?;
            password
        }
    };
    client.batch_execute("COMMIT").await.map_err(error::map)?;
    let password = Secret::new(password);
    create(
        client,
        login,
        "LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION",
    )
    .await?;
    equip(client, login, &password).await?;
    Ok(password)
}

/// Sets the password, unless it already is that one, and grants the roles that are missing.
async fn equip(client: &Client, login: &str, password: &Secret) -> Result<()> {
    let comment = format!("busbar: {}", mark(password));
    let sql = "SELECT coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles WHERE rolname = $1";
    let row = client.query_one(sql, &[&login]).await.map_err(error::map)?;
    let mut changes = Vec::new();
    if row.try_get::<_, String>(0).map_err(error::map)? != comment {
        // The server stores and logs only this verifier, never the password.
        let verifier = postgres_protocol::password::scram_sha_256(password.expose().as_bytes());
        changes.push(format!("ALTER ROLE {} PASSWORD '{verifier}'", quoted(login)));
        changes.push(format!("COMMENT ON ROLE {} IS '{comment}'", quoted(login)));
    }
    let sql = "SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
               JOIN pg_roles l ON l.oid = m.member WHERE l.rolname = $1";
    let granted = client.query(sql, &[&login]).await.map_err(error::map)?;
    let granted: Vec<String> = granted.iter().filter_map(|row| row.try_get(0).ok()).collect();
    for role in ROLES
        .iter()
        .filter(|role| !granted.iter().any(|granted| granted == *role))
    {
        changes.push(format!("GRANT {} TO {}", quoted(role), quoted(login)));
    }
    for change in changes {
        again(client, &change).await.map_err(error::map)?;
    }
    Ok(())
}

/// Tells one password from another without telling it: it has 256 random bits, so its digest can be known.
fn mark(password: &Secret) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(password.expose())[..16])
}
