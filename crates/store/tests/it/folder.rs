//! The data folder belongs to one store at a time, and what was answered is in it.

use std::sync::Arc;

use busbar_kernel::SystemClock;
use busbar_store::{Scope, Store, params};

use crate::harness::{count, on_sqlite, open, with_table};

#[tokio::test]
async fn a_folder_in_use_is_refused_by_name() {
    on_sqlite(|store, settings| async move {
        let folder = settings.sqlite.data_dir.display().to_string();
        let refused = Store::open(settings.clone(), Arc::new(SystemClock))
            .await
            .unwrap_err();
        assert_eq!(refused.code_str(), "store.folder_in_use");
        assert!(refused.message().contains(&folder), "{}", refused.message());
        let db = with_table(&store).await;
        db.execute("INSERT INTO t VALUES (1, 'x')", params![])
            .await
            .unwrap();
        store.close().await;
        let late = db
            .execute("INSERT INTO t VALUES (2, 'x')", params![])
            .await
            .unwrap_err();
        assert_eq!(late.code_str(), "store.closed");
        let again = open(settings).await;
        assert_eq!(count(&again.scope(Scope::Data).await.unwrap()).await, 1);
        again.close().await;
    })
    .await;
}
