//! One store per case and database, thrown away afterwards.

use std::sync::Arc;

use busbar_kernel::SystemClock;
use busbar_store::{Db, Scope, Store, StoreSettings};

/// A store of its own, and what keeps it alive.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    _folder: tempfile::TempDir,
}

/// A fresh SQLite store.
pub(crate) async fn sqlite() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let settings = StoreSettings::sqlite(folder.path());
    let store = Store::open(settings, Arc::new(SystemClock)).await.unwrap();
    Fixture {
        store,
        _folder: folder,
    }
}

/// The data scope with a table `t (id, name)`.
pub(crate) async fn with_table(store: &Store) -> Db {
    let db = store.scope(Scope::Data).await.unwrap();
    db.execute(
        "CREATE TABLE t (id bigint PRIMARY KEY, name text NOT NULL)",
        vec![],
    )
    .await
    .unwrap();
    db
}
