//! Migrations: from empty on each database, and a second time without any effect.

use std::time::Duration;

use busbar_store::{Scope, params};
use busbar_testkit::database::OwnDatabase;
use busbar_testkit::{Database, TestApp, app, cases, environment, on_each_database};
use serde::Deserialize;
use serde_json::json;

/// A row of the ledger.
#[derive(Debug, Deserialize, PartialEq)]
struct Applied {
    part: String,
    number: u32,
    name: String,
    checksum: String,
    applied_at: String,
}

/// What was applied, per scope.
async fn ledger(app: &TestApp) -> Vec<Vec<Applied>> {
    let sql = "SELECT part, number, name, checksum, applied_at FROM system.migrations ORDER BY part, number";
    let mut ledgers = Vec::new();
    for scope in [Scope::Platform, Scope::Data] {
        let db = app.busbar().store.scope(scope).await.unwrap();
        ledgers.push(db.all(sql, params![]).await.unwrap());
    }
    ledgers
}

on_each_database! {
    async fn a_second_start_applies_nothing_and_loses_nothing(app: TestApp) {
        let before = ledger(&app).await;
        assert!(before.iter().all(|scope| !scope.is_empty()), "{before:#?}");
        let _signed_up = app.user("ada@example.com").await;
        app.clock().advance(Duration::from_secs(3600));
        let again = app.restart().await;
        assert_eq!(ledger(&again).await, before);
        let credentials = json!({ "email": "ada@example.com", "password": app::USER_PASSWORD });
        let session = again.nobody().post("/api/auth/sessions", credentials).await.expect(200).json();
        assert_eq!(session["user"]["email"], "ada@example.com");
    }

    async fn numbers_begin_at_one_and_have_no_gaps(app: TestApp) {
        for scope in ledger(&app).await {
            for (at, applied) in scope.iter().enumerate() {
                let follows = at > 0 && scope[at - 1].part == applied.part;
                let expected = if follows { scope[at - 1].number + 1 } else { 1 };
                assert_eq!(applied.number, expected, "{applied:?}");
            }
        }
    }
}

#[test]
fn two_that_start_at_once_on_one_database_both_start() {
    if !Database::Postgres.is_there() {
        return environment::skip("two_that_start_at_once_on_one_database_both_start", "PostgreSQL");
    }
    cases::block_on(async {
        let shared = OwnDatabase::create().await;
        let one = || {
            let secret = "9f1c4be07d2a86531c0e7b94fa28d6c35e17a09b4cd2836f";
            let starting = TestApp::on(Database::Sqlite).set("DATABASE_URL", &shared.url());
            starting
                .set("JWT_SECRET", secret)
                .set("ENCRYPTION_KEY", secret)
                .start()
        };
        let (left, right) = tokio::join!(one(), one());
        assert_eq!(ledger(&left).await, ledger(&right).await);
    });
}
