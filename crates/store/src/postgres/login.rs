//! What the request login must not be: every reason at once.

use busbar_kernel::{Error, Kind, Result};
use tokio_postgres::Client;

use super::error;
use super::roles::ROLES;

/// Refuses a login that could do more than become one of the three roles; `client` is connected as it.
///
/// # Errors
/// `store.request_login_unsafe`, with every reason.
pub(super) async fn check(client: &Client, owner: &str) -> Result<()> {
    let sql = "SELECT rolname::text, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
                      EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database() AND d.datdba = r.oid),
                      EXISTS (SELECT FROM pg_namespace n WHERE n.nspowner = r.oid)
               FROM pg_roles r WHERE rolname = session_user";
    let row = client.query_one(sql, &[]).await.map_err(error::map)?;
    let is = |column: usize| row.try_get::<_, bool>(column).map_err(error::map);
    let name: String = row.try_get(0).map_err(error::map)?;
    let mut reasons = Vec::new();
    for (column, reason) in [
        (1, "it is a superuser"),
        (2, "it inherits its roles' rights (make it NOINHERIT)"),
        (3, "it may create roles"),
        (4, "it may create databases"),
        (5, "it passes row security (make it NOBYPASSRLS)"),
        (6, "it may replicate"),
        (7, "it owns the database"),
        (8, "it owns a schema"),
    ] {
        if is(column)? {
            reasons.push(reason.to_owned());
        }
    }
    if name == owner {
        reasons.push("it is the owner".to_owned());
    }
    let sql = "SELECT rolname::text FROM pg_roles
               WHERE pg_has_role(session_user, oid, 'MEMBER') AND rolname <> session_user AND NOT $1";
    let reachable = client.query(sql, &[&is(1)?]).await.map_err(error::map)?;
    let reachable: Vec<String> = reachable.iter().filter_map(|row| row.try_get(0).ok()).collect();
    for role in ROLES
        .iter()
        .filter(|role| !reachable.iter().any(|found| found == *role))
    {
        reasons.push(format!("it is no member of {role}"));
    }
    for role in reachable.iter().filter(|found| !ROLES.contains(&found.as_str())) {
        reasons.push(format!("it can become {role}"));
    }
    if reasons.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Kind::Unavailable,
        "store.request_login_unsafe",
        format!("Requests may not run as the login {name}: {}", reasons.join("; ")),
    ))
}
