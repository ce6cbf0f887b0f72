//! What every test lies in: a fresh database of each sort and a movable clock.

use std::future::Future;
use std::sync::Arc;

use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{MovableClock, random};
use busbar_messaging::Mailbox;
use busbar_store::{Store, StoreSettings};

/// One database.
pub(crate) struct Bed {
    pub(crate) clock: MovableClock,
    store: Store,
    _folder: tempfile::TempDir,
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
pub(crate) async fn on_both<F: Future<Output = ()>>(test: &str, run: impl Fn(Bed) -> F) {
    run(Bed::open(None).await).await;
    #[expect(
        clippy::disallowed_methods,
        reason = "a test asks for its peers by environment"
    )]
    let (peer, required) = (
        std::env::var("BUSBAR_TEST_POSTGRES_URL").ok(),
        std::env::var("BUSBAR_TEST_REQUIRE_PEERS").is_ok_and(|value| value == "1"),
    );
    match peer {
        Some(peer) => {
            let database = format!("messaging_{}", random::hex(8));
            administer(&peer, &format!("CREATE DATABASE {database}")).await;
            let (head, _) = peer.rsplit_once('/').unwrap();
            run(Bed::open(Some(format!("{head}/{database}"))).await).await;
            administer(&peer, &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")).await;
        }
        None if required => panic!("{test} needs PostgreSQL"),
        None => println!("skipped: {test}: no PostgreSQL"),
    }
}

async fn administer(peer: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(peer, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}

impl Bed {
    async fn open(postgres: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut pairs = vec![("DATA_DIR".to_owned(), folder.path().display().to_string())];
        pairs.extend(postgres.map(|url| ("DATABASE_URL".to_owned(), url)));
        let source = Source::new(Origin::Environment, pairs);
        let settings = Settings::resolve(busbar_store::VARIABLES, Mode::Test, vec![source]).unwrap();
        let clock = MovableClock::at_2026();
        let settings = StoreSettings::from_settings(&settings).unwrap();
        Self {
            store: Store::open(settings, Arc::new(clock.clone())).await.unwrap(),
            clock,
            _folder: folder,
        }
    }

    pub(crate) async fn mailbox(&self, capacity: u64) -> Mailbox {
        let clock = Arc::new(self.clock.clone());
        Mailbox::with_capacity(&self.store, clock, capacity)
            .await
            .unwrap()
    }
}
