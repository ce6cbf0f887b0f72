//! Two processes over one PostgreSQL and one Redis are one back end.

use busbar_testkit::{Database, TestApp, cases, environment};
use serde_json::json;

#[test]
fn what_one_process_does_the_other_knows() {
    let test = "two processes over one PostgreSQL and one Redis";
    let Some(redis) = environment::redis_url() else {
        return environment::skip(test, "Redis");
    };
    if !Database::Postgres.is_there() {
        return environment::skip(test, Database::Postgres.name());
    }
    cases::block_on(async {
        let secret = "two-processes-share-this-secret-of-theirs";
        let sharing = |starting: busbar_testkit::Starting| {
            starting
                .set("REDIS_URL", &redis)
                .set("JWT_SECRET", secret)
                .set("ENCRYPTION_KEY", secret)
        };
        let one = sharing(TestApp::on(Database::Postgres)).start().await;
        let database = one.database().expect("it runs on PostgreSQL").url();
        let other = sharing(TestApp::on(Database::Sqlite))
            .set("DATABASE_URL", &database)
            .set("ACCESS_API_KEY", one.api_key())
            .set("ACCESS_ANON_KEY", one.anon_key())
            .start()
            .await;
        for app in [&one, &other] {
            let needs = &app.busbar().needs;
            let cache = needs
                .iter()
                .find(|need| need.check_name == "cache")
                .expect("a need");
            assert!(!cache.embedded, "{}", cache.provider);
        }

        // A table made by one is there for the other, and so are its rows.
        let columns =
            json!([{ "columnName": "title", "type": "string", "isNullable": false, "isUnique": false }]);
        let table = json!({ "tableName": "notes", "columns": columns, "rlsEnabled": false });
        let _made = one
            .service()
            .post("/api/database/tables", table)
            .await
            .expect(201);
        let row = json!([{ "title": "from the other" }]);
        let key = one.api_key();
        let _stored = other
            .nobody()
            .with("x-api-key", key)
            .post("/api/database/records/notes", row)
            .await
            .expect(201);
        let read = one
            .service()
            .get("/api/database/records/notes?select=title")
            .await
            .expect(200);
        assert_eq!(read.json(), json!([{ "title": "from the other" }]));

        // A session that one ended is refused by the other at once, though its token has not expired.
        let ada = one.user("ada@example.com").await;
        let authorization = ada.headers()["authorization"]
            .to_str()
            .expect("a header")
            .to_owned();
        let there = other.nobody().with("authorization", &authorization);
        let _current = there.get("/api/auth/sessions/current").await.expect(200);
        let _ended = ada
            .post("/api/auth/logout?client_type=server", json!({}))
            .await
            .expect(200);
        let _refused = there.get("/api/auth/sessions/current").await.expect(401);
    });
}
