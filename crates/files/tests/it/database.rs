//! A PostgreSQL database of a test's own.

use busbar_kernel::random;
use tokio_postgres::NoTls;

/// The address of a superuser of the test server, `None` where there is none.
pub(crate) fn server() -> Option<String> {
    let url = variable("BUSBAR_TEST_POSTGRES_URL");
    let required = variable("BUSBAR_TEST_REQUIRE_PEERS").as_deref() == Some("1");
    assert!(
        url.is_some() || !required,
        "PostgreSQL is required here and not there"
    );
    url
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test's peers are named by the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A database that is dropped with this value.
pub(crate) struct OwnDatabase {
    server: String,
    name: String,
}

impl OwnDatabase {
    pub(crate) async fn create(server: String) -> Self {
        let name = format!("files_{}", random::hex(8));
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
        let (address, options) = match self.server.split_once('?') {
            Some((address, options)) => (address, format!("?{options}")),
            None => (self.server.as_str(), String::new()),
        };
        let authority = address.find("://").unwrap() + 3;
        let end = address[authority..]
            .find('/')
            .map_or(address.len(), |at| authority + at);
        format!("{}/{}{options}", &address[..end], self.name)
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        // The test's own runtime may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(run(&server, &sql));
        });
        assert!(dropping.join().is_ok() || std::thread::panicking());
    }
}

async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    connection.abort();
}
