//! Every code of PostgREST's contract, 9, that no other test meets on its way; the table is docs/reference/musts.md.

use busbar_data::{Caller, Method, postgrest_error};
use busbar_kernel::{Error, Kind};
use busbar_store::Dialect;
use serde_json::json;

use crate::bed::{Ask, on_both};

/// What a database raises, with its message, and the status of the answer.
const STATES: [(&str, &str, u16); 42] = [
    ("08006", "", 503),
    ("09000", "", 500),
    ("0L000", "", 403),
    ("0P000", "", 403),
    ("21000", "more than one row", 500),
    ("21000", "DELETE requires a WHERE clause", 400),
    ("22012", "", 400),
    ("22023", "role \"nobody\" does not exist", 401),
    ("22023", "invalid value", 400),
    ("23502", "", 400),
    ("23503", "", 409),
    ("23505", "", 409),
    ("23514", "", 400),
    ("25000", "", 500),
    ("25006", "", 405),
    ("28000", "", 403),
    ("2D000", "", 500),
    ("38000", "", 500),
    ("39000", "", 500),
    ("3B000", "", 500),
    ("40001", "", 500),
    ("42501", "", 403),
    ("42883", "function nope() does not exist", 404),
    ("42883", "function xmlagg(text) does not exist", 406),
    ("42P01", "", 404),
    ("42P17", "", 500),
    ("53000", "", 503),
    ("53400", "", 500),
    ("54000", "", 500),
    ("55000", "", 500),
    ("57014", "", 500),
    ("57P01", "", 503),
    ("58000", "", 500),
    ("F0000", "", 500),
    ("HV000", "", 500),
    ("P0001", "", 400),
    ("P0002", "", 500),
    ("PT402", "Payment Required", 402),
    ("PT418", "", 418),
    ("XX000", "", 500),
    ("XX001", "", 500),
    ("12345", "", 400),
];

#[tokio::test]
async fn states_of_the_database_have_their_statuses() {
    for (state, message, status) in STATES {
        let error = Error::new(Kind::Invalid, "test.raised", message.to_owned()).wire_code(state);
        assert_eq!(
            postgrest_error(&error, Caller::project_admin().role).0,
            status,
            "{state} {message}"
        );
    }
    on_both("states_of_the_database_have_their_statuses", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            return;
        }
        bed.sql(
            "CREATE FUNCTION raises(state text, message text) RETURNS void LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message; END $$",
        )
        .await;
        for (state, message, status) in STATES {
            let body = json!({"state": state, "message": message});
            let refused = bed.refused(Ask::call("raises", body)).await;
            assert_eq!(refused, (status, state.to_owned()), "{message}");
        }
        let body = json!({"state": "42501", "message": "no"});
        let anonymous = Ask::call("raises", body).caller(Caller::anon());
        assert_eq!(bed.refused(anonymous).await, (401, "42501".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_functions_say_wrongly_of_the_answer_is_a_fault() {
    on_both(
        "what_functions_say_wrongly_of_the_answer_is_a_fault",
        |bed| async move {
            if bed.db.dialect() == Dialect::Sqlite {
                return;
            }
            bed.sql(
                "CREATE FUNCTION says(name text, value text) RETURNS text LANGUAGE plpgsql AS \
                 $$ BEGIN PERFORM set_config(name, value, true); RETURN 'x'; END $$",
            )
            .await;
            bed.sql(
                "CREATE FUNCTION raises_odd(message text, detail text) RETURNS void LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE SQLSTATE 'PGRST' USING MESSAGE = message, DETAIL = detail; END $$",
            )
            .await;
            for (name, value, code) in [
                ("response.headers", "not json", "PGRST111"),
                ("response.headers", "{\"a\": \"b\"}", "PGRST111"),
                ("response.headers", "[{\"a\": 1}]", "PGRST111"),
                ("response.status", "teapot", "PGRST112"),
            ] {
                let body = json!({"name": name, "value": value});
                assert_eq!(
                    bed.refused(Ask::call("says", body)).await,
                    (500, code.to_owned()),
                    "{name} {value}"
                );
            }
            let whole = r#"{"code": "1", "message": "m"}"#;
            for (message, detail) in [
                ("no json", "{\"status\": 400, \"headers\": {}}"),
                ("{\"code\": \"1\"}", "{\"status\": 400, \"headers\": {}}"),
                (whole, "no json"),
                (whole, "{\"headers\": {}}"),
            ] {
                let body = json!({"message": message, "detail": detail});
                let refused = bed.refused(Ask::call("raises_odd", body)).await;
                assert_eq!(refused, (500, "PGRST121".to_owned()), "{message} {detail}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn what_a_trigger_raises_and_what_is_generated_is_refused() {
    on_both(
        "what_a_trigger_raises_and_what_is_generated_is_refused",
        |bed| async move {
            bed.sql("CREATE TABLE doubles (id integer PRIMARY KEY, n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED)")
                .await;
            match bed.db.dialect() {
                Dialect::Sqlite => {
                    bed.sql(
                        "CREATE TRIGGER few BEFORE INSERT ON doubles WHEN new.n > 10 BEGIN SELECT RAISE(ABORT, 'too many'); END",
                    )
                    .await;
                }
                Dialect::Postgres => {
                    bed.sql(
                        "CREATE FUNCTION few() RETURNS trigger LANGUAGE plpgsql AS \
                         $$ BEGIN IF new.n > 10 THEN RAISE 'too many'; END IF; RETURN new; END $$",
                    )
                    .await;
                    bed.sql("CREATE TRIGGER few BEFORE INSERT ON doubles FOR EACH ROW EXECUTE FUNCTION few()")
                        .await;
                }
            }
            let raised = bed.ask(Ask::post("doubles", json!({"id": 1, "n": 11}))).await;
            assert_eq!((raised.status, raised.code().as_str()), (400, "P0001"));
            assert_eq!(raised.json()["message"], "too many");
            for method in [Method::Post, Method::Patch] {
                let given = bed
                    .ask(Ask::new(method, "doubles").body(json!({"id": 2, "n": 1, "twice": 5})))
                    .await;
                assert_eq!((given.status, given.code().as_str()), (400, "428C9"), "{method:?}");
            }
            assert_eq!(bed.ask(Ask::post("doubles", json!({"id": 2, "n": 1}))).await.status, 201);
            assert_eq!(bed.rows("doubles?select=twice").await, json!([{"twice": 2}]));
        },
    )
    .await;
}
