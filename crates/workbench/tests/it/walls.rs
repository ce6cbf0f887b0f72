//! Attacks: people's SQL tries to leave its place. One for each wall.

use busbar_store::{Dialect, Params, RawAccess, RawScript, RawStatement, params};
use serde_json::json;

use crate::bed::{Bed, on_both};

/// Runs a statement past the guard, so that only the database's own wall is left.
async fn past_the_guard(bed: &Bed, sql: &str) -> Result<(), String> {
    let script = RawScript {
        statements: vec![RawStatement::theirs(sql, Params::new())],
        access: RawAccess::Strict,
        reads: false,
        keep: true,
        rows: 100,
        bytes: 1 << 20,
        time_limit: std::time::Duration::from_secs(2),
    };
    match bed.db.raw(script).await {
        Ok(_) => Ok(()),
        Err(error) => Err(error.wire_code_str().unwrap_or("none").to_owned()),
    }
}

#[tokio::test]
async fn sqlite_keeps_peoples_sql_in_its_file_and_out_of_the_system() {
    on_both("sqlite_keeps_peoples_sql", async |bed| {
        if bed.is_postgres() {
            return;
        }
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY, u uuid REFERENCES auth.users (id))")
            .await;
        // A number of the system's, and one of people's, whose tables may go and be renamed.
        bed.db
            .execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('system.change_events', 3)",
                params![],
            )
            .await
            .unwrap();
        bed.sql("CREATE TABLE n (id integer PRIMARY KEY AUTOINCREMENT); INSERT INTO n DEFAULT VALUES")
            .await;
        bed.sql(
            "ALTER TABLE n RENAME TO m; UPDATE sqlite_sequence SET seq = 5 WHERE name = 'm'; DROP TABLE m",
        )
        .await;
        bed.db
            .execute("CREATE VIRTUAL TABLE words USING fts5 (text)", params![])
            .await
            .unwrap();
        for sql in [
            "ATTACH DATABASE '/tmp/other.db' AS other",
            "DETACH DATABASE main",
            "VACUUM INTO '/tmp/stolen.db'",
            "SELECT load_extension('evil')",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA writable_schema = 1",
            "PRAGMA synchronous = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA query_only = 0",
            "CREATE TEMP TABLE x (a)",
            "CREATE TABLE temp.t (id, u)",
            "CREATE TABLE \"TEMP\".t AS SELECT 1 AS id",
            "CREATE VIEW temp.t AS SELECT 9 AS id",
            "CREATE TRIGGER temp.g AFTER INSERT ON main.t BEGIN DELETE FROM t; END",
            "CREATE VIRTUAL TABLE x USING csv(filename='/etc/passwd')",
            "CREATE VIRTUAL TABLE x USING fts5 (text)",
            "CREATE VIRTUAL TABLE IF NOT EXISTS x USING rtree (id, a, b)",
            "UPDATE sqlite_schema SET sql = 'x'",
            "SELECT * FROM auth.sessions",
            "SELECT password FROM auth.users",
            "SELECT * FROM \"auth.users\"",
            "SELECT * FROM system.migrations",
            "SELECT * FROM 'auth.sessions'",
            "WITH busbar_event_x AS (SELECT * FROM auth.sessions) SELECT * FROM busbar_event_x",
            "INSERT INTO auth.sessions VALUES ('x', 'y')",
            "UPDATE auth.users SET email = 'x'",
            "DELETE FROM auth.users",
            "DROP TABLE auth.users",
            "ALTER TABLE \"auth.users\" RENAME TO mine",
            "ALTER TABLE t RENAME TO \"auth.mine\"",
            "CREATE TABLE \"auth.mine\" (a)",
            "CREATE INDEX i ON \"auth.users\" (password)",
            "CREATE TRIGGER g AFTER INSERT ON \"auth.users\" BEGIN DELETE FROM t; END",
            "CREATE TRIGGER busbar_event_g AFTER INSERT ON t BEGIN DELETE FROM t; END",
            "SELECT * FROM sqlite_dbpage",
            "SELECT * FROM pragma_database_list",
            "PRAGMA trusted_schema = 1",
            "PRAGMA temp_store_directory = '/tmp'",
            "PRAGMA wal_checkpoint",
            "SELECT readfile('/etc/passwd')",
            "SELECT writefile('/tmp/x', 'y')",
            "SELECT fts3_tokenizer('simple', x'0000000000000000')",
            "INSERT INTO words_data VALUES (1, x'00')",
            "DELETE FROM words_idx",
            "CREATE TABLE mine AS SELECT * FROM auth.sessions",
            "INSERT INTO t (id) SELECT length(password) FROM auth.users",
            "DROP TABLE words_content",
            "REINDEX",
            "VACUUM",
            "UPDATE sqlite_sequence SET seq = 0",
            "DELETE FROM sqlite_sequence",
            "UPDATE sqlite_sequence SET seq = 9223372036854775807",
            "UPDATE sqlite_sequence SET seq = 'many'",
            "UPDATE sqlite_sequence SET name = 'mine'",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('system.change_events', 7)",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('system.nothing', 7)",
        ] {
            assert!(past_the_guard(&bed, sql).await.is_err(), "{sql}");
            assert!(bed.try_sql(sql).await.is_err(), "{sql}");
        }
        for sql in [
            "CREATE VIEW v AS SELECT * FROM auth.sessions",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM \"auth.sessions\"; END",
        ] {
            assert_eq!(bed.refused(sql).await, "workbench.sql_refused", "{sql}");
        }
        assert_eq!(
            bed.rows("SELECT count(*) AS n FROM auth.users").await,
            json!([{"n": 1}])
        );
        assert_eq!(
            bed.rows("SELECT email FROM auth.users").await,
            json!([{"email": "a@example.org"}])
        );
        bed.sql("INSERT INTO t VALUES (1, '00000000-0000-4000-8000-000000000001')")
            .await;
        let kept: i64 = bed
            .db
            .one("SELECT count(*) FROM auth.sessions", params![])
            .await
            .unwrap();
        assert_eq!(kept, 1);
    })
    .await;
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    on_both("what_never_ends", async |bed| {
        let endless = match bed.db.dialect() {
            Dialect::Sqlite => {
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            }
            Dialect::Postgres => "SELECT pg_sleep(60)",
        };
        assert_eq!(past_the_guard(&bed, endless).await.unwrap_err(), "57014");
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_is_not_made() {
    on_both("what_is_too_large_is_not_made", async |bed| {
        if bed.is_postgres() {
            return;
        }
        for sql in [
            "SELECT length(randomblob(900000000))",
            "SELECT length(replace(hex(zeroblob(10000000)), '0', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'))",
            "CREATE TABLE large AS SELECT zeroblob(900000000) AS a",
        ] {
            assert_eq!(bed.refused(sql).await, "54000", "{sql}");
        }
        // The connection is Busbar's own again afterwards.
        let long: i64 = bed
            .db
            .one("SELECT length(zeroblob(100000000))", params![])
            .await
            .unwrap();
        assert_eq!(long, 100_000_000);
    })
    .await;
}

#[tokio::test]
async fn postgresql_keeps_peoples_sql_in_its_role() {
    on_both("postgresql_keeps_peoples_sql", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql("CREATE TABLE t (id integer PRIMARY KEY, u uuid REFERENCES auth.users (id))").await;
        bed.secrets_elsewhere().await;
        for sql in [
            "SELECT * FROM auth.sessions",
            "SELECT password FROM auth.users",
            "SELECT * FROM busbar.store_request_login",
            "SELECT * FROM system.migrations",
            "SELECT id FROM app_demo.secret",
            "SELECT id FROM tenant_0123456789abcdef0123456789abcdef.secret",
            "CREATE VIEW v AS SELECT id FROM app_demo.secret",
            "CREATE TABLE app_demo.mine (a integer)",
            "DROP SCHEMA app_demo CASCADE",
            "UPDATE auth.users SET email = 'x'",
            "CREATE TRIGGER g AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION system.update_updated_at()",
            "CREATE TABLE auth.mine (a integer)",
            "CREATE SCHEMA tenant_0123456789abcdef0123456789abcdef",
            "CREATE ROLE mine SUPERUSER",
            "ALTER ROLE project_admin SUPERUSER",
            "GRANT postgres TO project_admin",
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "COPY t TO PROGRAM 'id'",
            "COPY t FROM '/etc/passwd'",
            "COPY t TO STDOUT",
            "COPY t TO '/tmp/x'",
            "SELECT pg_read_binary_file('/etc/passwd')",
            "SELECT pg_stat_file('/etc/passwd')",
            "SELECT pg_ls_waldir()",
            "GRANT pg_read_server_files TO project_admin",
            "GRANT pg_execute_server_program TO project_admin",
            "CREATE FOREIGN DATA WRAPPER y",
            "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p",
            "CREATE PUBLICATION p FOR ALL TABLES",
            "CREATE TABLESPACE x LOCATION '/tmp'",
            "LOAD 'auth_delay'",
            "SELECT * FROM pg_shadow",
            "CREATE FUNCTION c() RETURNS integer LANGUAGE internal AS 'pg_reload_conf'",
            "SET SESSION ROLE NONE; SELECT * FROM auth.sessions",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT lo_import('/etc/passwd')",
            "SELECT lo_export(1, '/tmp/x')",
            "CREATE EXTENSION dblink",
            "CREATE EXTENSION file_fdw",
            "SELECT dblink('x', 'y')",
            "ALTER SYSTEM SET log_statement = 'all'",
            "SELECT pg_reload_conf()",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
            "SELECT rolpassword FROM pg_authid",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system'",
            "CREATE LANGUAGE plpython3u",
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION x()",
            "DO $$ BEGIN EXECUTE 'SET ROLE postgres'; END $$",
            "DO $$ BEGIN EXECUTE 'RESET ROLE'; PERFORM * FROM auth.sessions; END $$",
            "DO $$ BEGIN EXECUTE 'RESET SESSION AUTHORIZATION'; PERFORM * FROM auth.sessions; END $$",
            "DO $$ BEGIN EXECUTE 'COPY t FROM PROGRAM ''id'''; END $$",
            "DO $$ BEGIN COMMIT; END $$",
            "ALTER FUNCTION auth.uid() SECURITY DEFINER",
            "CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        ] {
            assert!(past_the_guard(&bed, sql).await.is_err(), "{sql}");
            assert!(bed.try_sql(sql).await.is_err(), "{sql}");
        }
        // A function that runs with its maker's rights has the administrator's, no more.
        bed.sql(
            "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM pg_class'",
        )
        .await;
        let code = bed
            .refused("DO $$ BEGIN EXECUTE 'CREATE FUNCTION f2() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS ''BEGIN RETURN (SELECT count(*) FROM auth.sessions); END'''; PERFORM f2(); END $$")
            .await;
        assert_eq!(code, "42501");
        assert_eq!(bed.rows("SELECT email FROM auth.users").await, json!([{"email": "a@example.org"}]));
        assert_eq!(bed.rows("SELECT current_user::text AS u").await, json!([{"u": "project_admin"}]));
    })
    .await;
}

#[tokio::test]
async fn a_stand_in_for_a_function_is_not_run_by_the_owner() {
    on_both("a_stand_in_for_a_function", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        bed.sql(
            "CREATE TABLE loot (who text); ALTER TABLE loot DISABLE ROW LEVEL SECURITY; \
             CREATE FUNCTION public.array_to_string(name[], text) RETURNS text LANGUAGE plpgsql VOLATILE AS \
             $$ BEGIN IF current_user <> 'project_admin' THEN \
                 INSERT INTO public.loot VALUES (current_user::text); END IF; RETURN 'public'; END $$; \
             CREATE TABLE t (id integer PRIMARY KEY); CREATE POLICY p ON t USING (true)",
        )
        .await;
        bed.sql(
            "CREATE FUNCTION public.spy() RETURNS integer LANGUAGE plpgsql VOLATILE AS \
             $$ BEGIN IF current_user <> 'project_admin' THEN \
                 INSERT INTO public.loot VALUES (current_user::text); END IF; RETURN 1; END $$; \
             CREATE VIEW v AS SELECT public.spy() AS id FROM t; INSERT INTO t VALUES (1)",
        )
        .await;
        let _ = bed.schema.policies.list("public").await;
        let _ = bed.schema.tables.describe("public", "v").await;
        let _ = bed.schema.tables.indexes("public").await;
        let _ = bed.bench.listing.triggers("public").await;
        let _ = bed.bench.listing.functions("public").await;
        let _ = bed.bench.advisor.scan().await;
        assert_eq!(bed.rows("SELECT * FROM loot").await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn what_a_text_leaves_in_its_session_is_gone() {
    on_both("what_a_text_leaves", async |bed| {
        if !bed.is_postgres() {
            return;
        }
        for _ in 0..5 {
            past_the_guard(&bed, "DO $$ BEGIN EXECUTE 'SET SESSION ROLE anon'; END $$")
                .await
                .unwrap();
            assert_eq!(
                bed.rows("SELECT current_user::text AS u, current_setting('search_path') AS p")
                    .await,
                json!([{"u": "project_admin", "p": "\"public\", pg_temp"}])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_view_shows_nobody_what_policies_keep() {
    on_both("a_view_shows_nobody", async |bed| {
        bed.sql(
            "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT id FROM t; \
             CREATE VIEW w AS SELECT id FROM v",
        )
        .await;
        if !bed.is_postgres() {
            let catalogue = bed.schema.library.current();
            for view in ["v", "w"] {
                let security = &catalogue.table("public", view).unwrap().security;
                assert!(matches!(security, busbar_schema::catalogue::Security::Closed), "{view}");
            }
            bed.sql("ALTER TABLE t DISABLE ROW LEVEL SECURITY").await;
            let catalogue = bed.schema.library.current();
            let security = &catalogue.table("public", "w").unwrap().security;
            assert!(matches!(security, busbar_schema::catalogue::Security::Native { .. }));
            return;
        }
        bed.sql("CREATE MATERIALIZED VIEW m AS SELECT id FROM t").await;
        let seen = async |sql: &str| {
            let step = vec![busbar_store::Step::new(sql, Params::new())];
            let rows = bed.db.batch_as(&busbar_store::Session::role("anon"), step).await;
            rows.map(|rows| rows[0].rows.len()).map_err(|error| error.wire_code_str().unwrap_or("none").to_owned())
        };
        assert_eq!(seen("SELECT id FROM v").await, Ok(0));
        assert_eq!(seen("SELECT id FROM w").await, Ok(0));
        assert_eq!(seen("SELECT id FROM m").await, Err("42501".to_owned()));
        bed.sql("CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 0").await;
        assert_eq!(seen("SELECT id FROM v").await, Ok(0));
        bed.sql("CREATE VIEW open WITH (security_invoker = false) AS SELECT id FROM t").await;
        assert_eq!(seen("SELECT id FROM open").await, Ok(1), "opened by name");
        assert_eq!(bed.rows("SELECT id FROM m").await, json!([{"id": 1}]));
    })
    .await;
}
