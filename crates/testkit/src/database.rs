//! A database per test, on SQLite or PostgreSQL.

use std::thread;

use busbar_kernel::random;
use tokio_postgres::NoTls;

use crate::environment;

/// What a test's Busbar keeps its data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// Files in the test's own folder.
    Sqlite,
    /// A database of its own on the server of `BUSBAR_TEST_POSTGRES_URL`.
    Postgres,
}

impl Database {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Whether a test can have one.
    pub fn is_there(self) -> bool {
        self == Self::Sqlite || environment::postgres_url().is_some()
    }
}

/// A PostgreSQL database that is dropped with this value, also when the test panics.
pub struct OwnDatabase {
    server: String,
    name: String,
}

impl OwnDatabase {
    /// Creates one.
    ///
    /// # Panics
    /// When there is no server, or it refuses.
    pub async fn create() -> Self {
        let server =
            environment::postgres_url().expect("BUSBAR_TEST_POSTGRES_URL names a PostgreSQL superuser");
        let name = format!("busbar_test_{}", random::hex(8));
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    /// Its address, with the superuser's credentials.
    pub fn url(&self) -> String {
        let (before, options) = match self.server.split_once('?') {
            Some((before, options)) => (before, format!("?{options}")),
            None => (self.server.as_str(), String::new()),
        };
        let authority = before.find("://").map_or(0, |at| at + 3);
        let end = before[authority..]
            .find('/')
            .map_or(before.len(), |at| authority + at);
        format!("{}/{}{options}", &before[..end], self.name)
    }

    /// Runs statements on it as the superuser.
    ///
    /// # Panics
    /// When the server refuses one.
    pub async fn execute(&self, sql: &str) {
        run(&self.url(), sql).await;
    }

    /// The text that a query of one row and column answers the superuser.
    ///
    /// # Panics
    /// When the server refuses, or answers something else.
    pub async fn text(&self, sql: &str) -> String {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls)
            .await
            .expect("the test server answers");
        let connection = tokio::spawn(connection);
        let row = client.query_one(sql, &[]).await;
        connection.abort();
        row.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
    }

    /// Drops it under the running Busbar.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn vanish(&self) {
        run(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be ending; FORCE ends the connections that the test's Busbar still holds.
        let dropping = thread::spawn(move || {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            crate::cases::block_on(run(&server, &sql));
        });
        let dropped = dropping.join();
        assert!(
            dropped.is_ok() || thread::panicking(),
            "{} was not dropped",
            self.name
        );
    }
}

async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the test server answers");
    let connection = tokio::spawn(connection);
    let done = client.batch_execute(sql).await;
    drop(client);
    connection.abort();
    if let Err(error) = done {
        panic!("{sql}: {error:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_databases_name_is_replaced() {
        for (server, expected) in [
            (
                "postgres://u:p@h:5433/postgres?sslmode=disable",
                "postgres://u:p@h:5433/own?sslmode=disable",
            ),
            ("postgres://u@h", "postgres://u@h/own"),
        ] {
            let database = std::mem::ManuallyDrop::new(OwnDatabase {
                server: server.to_owned(),
                name: "own".to_owned(),
            });
            assert_eq!(database.url(), expected);
        }
    }
}
