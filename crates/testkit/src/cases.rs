//! One case, both databases.

use std::future::Future;

use crate::{Database, TestApp, environment};

/// Makes two tests of one case: on SQLite, and on PostgreSQL where it is there.
///
/// The case is an `async fn` that takes a [`TestApp`]; one that sets variables calls [`run`] itself.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$doc:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn case($app: $crate::TestApp) $body

            #[test]
            fn sqlite() {
                $crate::cases::run(module_path!(), $crate::Database::Sqlite, |starting| starting, case);
            }

            #[test]
            fn postgres() {
                $crate::cases::run(module_path!(), $crate::Database::Postgres, |starting| starting, case);
            }
        }
    )+};
}

/// Runs a case on a fresh Busbar over `database`, or says that it is skipped.
pub fn run<F>(
    test: &str,
    database: Database,
    prepare: impl FnOnce(crate::Starting) -> crate::Starting,
    case: impl FnOnce(TestApp) -> F,
) where
    F: Future<Output = ()>,
{
    if !database.is_there() {
        return environment::skip(test, database.name());
    }
    block_on(async { case(prepare(TestApp::on(database)).start().await).await });
}

/// Runs a future on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime can be made").block_on(future)
}
