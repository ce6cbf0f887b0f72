//! The plain PostgREST root: credentials, methods, paths, headers, its description.

use busbar_testkit::on_each_database;
use serde_json::{Value, json};

use crate::bed::Bed;

async fn with_table(app: busbar_testkit::TestApp) -> Bed {
    let bed = Bed::over(app);
    let column = |name: &str, kind: &str| json!({"columnName": name, "type": kind, "isNullable": true, "isUnique": false});
    let table = json!({"tableName": "things", "rlsEnabled": false, "columns": [column("n", "integer"), column("t", "string")]});
    let made = bed.administering("POST", "/api/database/tables", table).await;
    assert_eq!(made.status, 201, "{}", made.text);
    bed
}

on_each_database! {
    async fn r1_r2_every_method_has_its_answer(app: TestApp) {
        let bed = with_table(app).await;
        let api = bed.api.clone();
        for (method, path, body, status, code) in [
            ("POST", "/rest/v1/things", json!({"n": 1, "t": ""}), 201, ""),
            ("GET", "/rest/v1/things?select=n,t", Value::Null, 200, ""),
            ("HEAD", "/rest/v1/things", Value::Null, 200, ""),
            ("PATCH", "/rest/v1/things?n=eq.1", json!({"t": "x"}), 204, ""),
            ("PUT", "/rest/v1/things?n=eq.1", json!({"n": 1}), 405, "PGRST105"),
            ("DELETE", "/rest/v1/things?n=eq.9", Value::Null, 204, ""),
            ("OPTIONS", "/rest/v1/things", Value::Null, 200, ""),
            ("OPTIONS", "/rest/v1/", Value::Null, 200, ""),
            ("TRACE", "/rest/v1/things", Value::Null, 405, "PGRST117"),
            ("PATCH", "/rest/v1/rpc/f", json!({}), 405, "PGRST101"),
            ("GET", "/rest/v1/things/deeper", Value::Null, 404, "PGRST125"),
            ("GET", "/rest/v1/rpc/a/b", Value::Null, 404, "PGRST125"),
            ("GET", "/rest/v1/nothing_here", Value::Null, 404, "42P01"),
            ("OPTIONS", "/rest/v1/nothing_here", Value::Null, 404, "42P01"),
            ("DELETE", "/rest/v1/nothing_here?id=eq.1", Value::Null, 404, "42P01"),
            ("PATCH", "/rest/v1/nothing_here?id=eq.1", json!({}), 404, "42P01"),
            ("DELETE", "/api/database/records/nothing_here", Value::Null, 404, "42P01"),
            ("PATCH", "/api/database/records/nothing_here", json!({"n": 1}), 404, "42P01"),
        ] {
            let said = bed.bearing(method, path, &api, body).await;
            let found = said.body["code"].as_str().unwrap_or_default();
            assert_eq!((said.status.as_u16(), found), (status, code), "{method} {path}: {}", said.text);
        }
        let said = bed.bearing("OPTIONS", "/rest/v1/things", &api, Value::Null).await;
        assert_eq!(said.headers["allow"], "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE", "A11");
        let rows = bed.bearing("GET", "/rest/v1/things?select=n,t", &api, Value::Null).await;
        assert_eq!(rows.body, json!([{"n": 1, "t": "x"}]));
        assert_eq!(rows.headers["content-range"], "0-0/*");
        assert!(rows.headers.get_all("vary").iter().any(|value| value == "Accept, Prefer, Range"), "O12");
    }

    async fn a1_a2_credentials_are_told_as_postgrest_tells_them(app: TestApp) {
        let bed = with_table(app).await;
        let path = "/rest/v1/things";
        let person = bed.person("ada@example.com").await.text_at("accessToken");
        for (name, value, status) in [
            ("authorization", format!("Bearer {}", bed.anon), 200),
            ("authorization", format!("bearer {person}"), 200),
            ("authorization", format!("Bearer {}", bed.api), 200),
            ("apikey", bed.anon.clone(), 200),
            ("apikey", bed.api.clone(), 200),
        ] {
            let said = bed.ask("GET", path, &[(name, &value)], Value::Null).await;
            assert_eq!(said.status.as_u16(), status, "{name}: {}", said.text);
        }
        for (header, code, message) in [
            (None, "PGRST302", "Anonymous access is disabled"),
            (Some("Bearer x"), "PGRST301", "Expected 3 parts in JWT; got 1"),
            (Some("Bearer"), "PGRST301", "Empty JWT is sent in Authorization header"),
            (Some("Bearer a.b.c"), "PGRST301", "JWSError JWSInvalidSignature"),
            (Some("Bearer ik_x"), "PGRST301", "Invalid API key"),
        ] {
            let headers: Vec<(&str, &str)> = header.map(|value| ("authorization", value)).into_iter().collect();
            let said = bed.ask("GET", path, &headers, Value::Null).await;
            assert_eq!(said.status, 401, "{header:?}");
            assert_eq!((said.body["code"].as_str(), said.body["message"].as_str()), (Some(code), Some(message)));
            assert!(said.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
            assert_eq!(said.headers["proxy-status"], format!("PostgREST; error={code}"));
        }
    }

    async fn a7_schemas_are_picked_by_header(app: TestApp) {
        let bed = with_table(app).await;
        let api = bed.api.clone();
        for (method, name, value, status) in [
            ("GET", "accept-profile", "public", 200),
            ("GET", "accept-profile", "nope", 406),
            ("GET", "accept-profile", "system", 406),
            ("GET", "content-profile", "nope", 200),
            ("DELETE", "content-profile", "nope", 406),
        ] {
            let headers = [("apikey", api.as_str()), (name, value)];
            let said = bed.ask(method, "/rest/v1/things", &headers, Value::Null).await;
            assert_eq!(said.status.as_u16(), status, "{method} {name}: {value}");
            if status == 406 {
                assert_eq!(said.body["code"], "PGRST106");
            }
        }
    }

    async fn a10_other_origins_may_read_the_headers(app: TestApp) {
        let bed = with_table(app).await;
        let api = bed.api.clone();
        let headers = [("apikey", api.as_str()), ("origin", "https://example.com")];
        let said = bed.ask("GET", "/rest/v1/things", &headers, Value::Null).await;
        let exposed = said.headers["access-control-expose-headers"].to_str().unwrap().to_owned();
        for name in ["Content-Encoding", "Content-Location", "Content-Range", "Content-Type", "Date", "Location", "Server",
                     "Transfer-Encoding", "Range-Unit"] {
            assert!(exposed.split(',').any(|known| known == name), "{name} in {exposed}");
        }
    }

    async fn a13_the_root_describes_the_schema(app: TestApp) {
        let bed = with_table(app).await;
        let api = bed.api.clone();
        let said = bed.bearing("GET", "/rest/v1/", &api, Value::Null).await;
        assert_eq!(said.status, 200, "{}", said.text);
        assert_eq!(said.headers["content-type"], "application/openapi+json; charset=utf-8");
        assert_eq!(said.body["swagger"], "2.0");
        let methods: Vec<&String> = said.body["paths"]["/things"].as_object().unwrap().keys().collect();
        assert_eq!(methods, ["get", "post", "patch", "delete"]);
        let properties = &said.body["definitions"]["things"]["properties"];
        assert_eq!(properties["n"], json!({"format": "integer", "type": "integer"}));
        assert!(properties["id"]["description"].as_str().unwrap().contains("<pk/>"));
        assert_eq!(properties["id"]["default"], "gen_random_uuid()");
        assert_eq!(properties["created_at"]["default"], "now()");
        assert!(said.body["parameters"]["rowFilter.things.n"].is_object());
    }

    async fn the_gateway_and_the_plain_root_differ_as_documented(app: TestApp) {
        let bed = with_table(app).await;
        let api = bed.api.clone();
        let gateway = bed.bearing("POST", "/api/database/records/things", &api, json!({"n": 1, "t": "a"})).await;
        assert_eq!((gateway.status.as_u16(), gateway.text.as_str()), (201, "[]"));
        let plain = bed.bearing("POST", "/rest/v1/things", &api, json!({"n": 2, "t": ""})).await;
        assert_eq!((plain.status.as_u16(), plain.text.as_str()), (201, ""));
        let cleaned = bed.bearing("POST", "/api/database/records/things", &api, json!({"n": ""})).await;
        assert_eq!(cleaned.status, 201, "the gateway leaves an empty text out");
        let kept = bed.bearing("POST", "/rest/v1/things", &api, json!({"n": ""})).await;
        assert_eq!((kept.status.as_u16(), kept.body["code"].as_str()), (400, Some("22P02")));
        let named = bed.bearing("GET", "/api/database/records/things?schema=public", &api, Value::Null).await;
        assert_eq!(named.status, 200);
        let filter = bed.bearing("GET", "/rest/v1/things?schema=public", &api, Value::Null).await;
        assert_eq!((filter.status.as_u16(), filter.body["code"].as_str()), (400, Some("PGRST100")));
    }
}
