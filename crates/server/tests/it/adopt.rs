//! A database made by InsForge is looked at, adopted, and served.

use std::process::{Command, Output};

use busbar_testkit::database::OwnDatabase;
use busbar_testkit::{Database, TestApp, cases, environment};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

/// The key that sealed the secrets of the adopted database.
const SEALING: &str = "the-encryption-key-of-the-adopted-project";

fn adopt(url: &str, arguments: &[&str]) -> Output {
    busbar(url, None, "adopt", arguments)
}

fn busbar(url: &str, sealing: Option<&str>, command: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_busbar"));
    program
        .current_dir(folder.path())
        .env_clear()
        .env("DATABASE_URL", url)
        .envs(sealing.map(|key| ("ENCRYPTION_KEY", key)));
    program.arg(command).args(arguments).output().unwrap()
}

/// A start with another key than the right one fails, says why, and leaves the start with the right one as it was.
fn only_opens_with_its_key(url: &str) {
    for again in 0..2 {
        let refused = busbar(url, Some("some-other-encryption-key-altogether"), "migrate", &[]);
        let told = said(&refused);
        assert!(!refused.status.success(), "start {again}: {told}");
        assert!(
            told.contains("cannot be opened with ENCRYPTION_KEY"),
            "start {again}: {told}"
        );
    }
    let opened = busbar(url, Some(SEALING), "migrate", &[]);
    assert!(opened.status.success(), "{}", said(&opened));
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Everything that a look must leave as it is: tables, columns, functions, roles.
async fn state(database: &OwnDatabase) -> String {
    let sql = "SELECT concat_ws(';', \
         (SELECT string_agg(concat(c.oid, ':', c.xmin), ',' ORDER BY c.oid) FROM pg_class c WHERE c.oid >= 16384), \
         (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'), \
         (SELECT string_agg(proname, ',' ORDER BY oid) FROM pg_proc WHERE oid >= 16384), \
         (SELECT string_agg(rolname, ',' ORDER BY oid) FROM pg_roles \
           WHERE rolname = 'busbar_request_' || (SELECT oid FROM pg_database WHERE datname = current_database())))";
    database.text(sql).await
}

#[test]
fn a_database_of_insforges_is_adopted_and_served() {
    let test = "a database of InsForge's is adopted and served";
    if !Database::Postgres.is_there() {
        return environment::skip(test, Database::Postgres.name());
    }
    cases::block_on(async {
        let database = OwnDatabase::create().await;
        database.execute(include_str!("adopt/insforge.sql")).await;
        let url = database.url();

        let before = state(&database).await;
        let looked = adopt(&url, &[]);
        let told = said(&looked);
        assert!(looked.status.success(), "{told}");
        for expected in [
            "3 of its migrations",
            "2 people, 1 buckets, 2 objects",
            "table public.posts: row security on, 1 policies",
            "public.news has no row security",
            "storage.objects.blob is added",
            "system.migrations becomes system.insforge_migrations",
            "payments.customers",
            "THE BYTES OF 2 OBJECTS ARE NOT IN THE DATABASE",
            "aws s3 cp --recursive \"$STORAGE_DIR/photos\" s3://photos",
            "Nothing was changed",
        ] {
            assert!(told.contains(expected), "{expected}: {told}");
        }
        assert_eq!(state(&database).await, before, "a look changed something");

        let refused = busbar(
            &url,
            Some("not-the-key-of-the-adopted-project"),
            "adopt",
            &["--yes"],
        );
        assert!(!refused.status.success(), "{}", said(&refused));
        assert!(said(&refused).contains("ENCRYPTION_KEY"), "{}", said(&refused));
        assert_eq!(
            state(&database).await,
            before,
            "a refused adoption changed something"
        );

        let adopted = adopt(&url, &["--yes"]);
        assert!(adopted.status.success(), "{}", said(&adopted));
        let again = adopt(&url, &["--yes"]);
        assert!(
            !again.status.success() && said(&again).contains("already"),
            "{}",
            said(&again)
        );

        only_opens_with_its_key(&url);

        let app = TestApp::on(Database::Sqlite)
            .set("DATABASE_URL", &url)
            .set("ENCRYPTION_KEY", SEALING)
            .set("ACCESS_API_KEY", "")
            .set("ACCESS_ANON_KEY", "")
            .start()
            .await;
        let api_key = format!("ik_{}", "ab".repeat(32));
        let anon_key = format!("anon_{}", "cd".repeat(32));
        let service = app.nobody().with("x-api-key", &api_key);
        let anonymous = app.nobody().bearing(&anon_key);
        let signed_in = app
            .nobody()
            .post(
                "/api/auth/sessions?client_type=mobile",
                json!({"email": "ada@example.com", "password": PASSWORD}),
            )
            .await
            .expect(200)
            .json();
        assert_eq!(signed_in["user"]["profile"]["name"], "Ada");
        let ada = app.nobody().bearing(signed_in["accessToken"].as_str().unwrap());
        let posts = ada
            .get("/api/database/records/posts?select=title")
            .await
            .expect(200)
            .json();
        assert_eq!(posts, json!([{"title": "hers"}]));
        let news = anonymous
            .get("/api/database/records/news?select=title")
            .await
            .expect(200)
            .json();
        assert_eq!(news, json!([{"title": "for all"}]));
        let files = ada
            .get("/api/storage/buckets/photos/objects")
            .await
            .expect(200)
            .json();
        assert_eq!(files["data"][0]["key"], "a/one.png", "{files}");
        let all = service
            .get("/api/storage/buckets/photos/objects")
            .await
            .expect(200)
            .json();
        assert_eq!(all["pagination"]["total"], 2, "{all}");
        let one = "/api/storage/buckets/photos/objects/a/one.png";
        let _none = ada.get(one).await.expect(404);
        let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"one.png\"\r\n\r\nits bytes\r\n--x--\r\n";
        let kind = [("content-type", "multipart/form-data; boundary=x")];
        let brought = service.send(http::Method::PUT, one, &kind, form).await;
        assert_eq!(brought.status.as_u16(), 200, "{}", brought.text());
        let hers = ada.get(one).await.expect(200);
        assert_eq!(
            hers.text(),
            "its bytes",
            "an object that was brought is its owner's still"
        );
        let migrations = service.get("/api/database/migrations").await.expect(200).json();
        assert_eq!(migrations["migrations"][0]["name"], "posts");
        // What is new works beside what was there.
        let _made = service
            .post("/api/storage/buckets", json!({"bucketName": "more"}))
            .await
            .expect(201);
        let sql = json!({"query": "INSERT INTO posts VALUES (3, 'more', NULL); CREATE TABLE t (id integer PRIMARY KEY)"});
        let _run = service
            .post("/api/database/advance/rawsql", sql)
            .await
            .expect(200);
        let person = anonymous
            .post(
                "/api/auth/users?client_type=mobile",
                json!({"email": "new@example.com", "password": PASSWORD}),
            )
            .await
            .expect(200)
            .json();
        assert_ne!(person["accessToken"], Value::Null);
        app.busbar().store.close().await;
    });
}

#[test]
fn a_database_without_sealed_secrets_knows_its_key_from_the_adoption() {
    let test = "a database without sealed secrets knows its key";
    if !Database::Postgres.is_there() {
        return environment::skip(test, Database::Postgres.name());
    }
    cases::block_on(async {
        let database = OwnDatabase::create().await;
        database.execute(include_str!("adopt/insforge.sql")).await;
        database.execute("DELETE FROM system.secrets").await;
        let url = database.url();
        let refused = adopt(&url, &["--yes"]);
        let told = said(&refused);
        assert!(
            !refused.status.success() && told.contains("ENCRYPTION_KEY"),
            "{told}"
        );
        let adopted = busbar(&url, Some(SEALING), "adopt", &["--yes"]);
        assert!(adopted.status.success(), "{}", said(&adopted));
        only_opens_with_its_key(&url);
    });
}

#[test]
fn what_insforge_did_not_make_is_not_adopted() {
    let refused = adopt("postgres://nobody@127.0.0.1:1/none", &[]);
    assert!(!refused.status.success(), "{}", said(&refused));
    if !Database::Postgres.is_there() {
        return environment::skip(
            "what InsForge did not make is not adopted",
            Database::Postgres.name(),
        );
    }
    cases::block_on(async {
        let database = OwnDatabase::create().await;
        let refused = adopt(&database.url(), &["--yes"]);
        assert!(
            !refused.status.success() && said(&refused).contains("was not made by InsForge"),
            "{}",
            said(&refused)
        );
    });
}
