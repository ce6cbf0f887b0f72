//! Forms beside JSON and CSV: features of geography, media types of functions, rows of functions in constant memory.

use busbar_data::Method;
use busbar_store::Dialect;
use serde_json::json;

use crate::bed::{Ask, on_both};

const GEOJSON: &str = "application/geo+json";

#[tokio::test]
async fn m5_geojson_is_refused_without_postgis() {
    on_both("m5_geojson_is_refused_without_postgis", |bed| async move {
        bed.table("many", &["n integer"]).await;
        let said = bed.ask(Ask::get("many").accept(GEOJSON)).await;
        assert_eq!((said.status, said.code().as_str()), (406, "PGRST107"));
    })
    .await;
}

#[tokio::test]
async fn m5_rows_are_features_where_postgis_is() {
    on_both("m5_rows_are_features_where_postgis_is", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            return;
        }
        let known = "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'";
        if bed.db.one::<i64>(known, Vec::new()).await.unwrap() == 0 {
            println!("skipped: m5_rows_are_features_where_postgis_is: no PostGIS");
            return;
        }
        for sql in [
            "CREATE SCHEMA extensions",
            "GRANT USAGE ON SCHEMA extensions TO PUBLIC",
            "CREATE EXTENSION postgis SCHEMA extensions",
            "CREATE TABLE places (id integer PRIMARY KEY, name text, at extensions.geometry(Point, 4326))",
            "CREATE FUNCTION near() RETURNS SETOF places LANGUAGE sql STABLE AS 'SELECT * FROM places ORDER BY id LIMIT 1'",
        ] {
            bed.sql(sql).await;
        }
        let rows = json!([{"id": 1, "name": "Oslo", "at": "SRID=4326;POINT(10.75 59.91)"},
                          {"id": 2, "name": "Bergen", "at": "SRID=4326;POINT(5.32 60.39)"}]);
        let posted = Ask::post("places?select=id,at", rows)
            .prefer("return=representation")
            .accept(GEOJSON);
        let said = bed.ask(posted).await;
        assert_eq!(said.status, 201, "{said:?}");
        assert_eq!(said.json()["features"][1]["geometry"]["coordinates"], json!([5.32, 60.39]));
        let oslo = json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [10.75, 59.91]}, "properties": {"name": "Oslo"}}]});
        let said = bed
            .ask(Ask::get("places?select=name,at&id=eq.1").accept(GEOJSON))
            .await;
        assert_eq!((said.status, said.json()), (200, oslo));
        assert_eq!(
            said.header("Content-Type"),
            Some("application/geo+json; charset=utf-8")
        );
        for ask in [Ask::call_get("near"), Ask::call("near", json!({}))] {
            let said = bed.ask(ask.accept(GEOJSON)).await;
            assert_eq!(said.json()["features"][0]["properties"]["name"], "Oslo", "{said:?}");
        }
        let none = bed.ask(Ask::get("places?id=eq.9").accept(GEOJSON)).await;
        assert_eq!(none.json(), json!({"type": "FeatureCollection", "features": []}));
        assert_eq!(bed.rows("places?select=at&id=eq.1").await[0]["at"]["type"], "Point");
        let bare = bed.ask(Ask::get("places?select=name").accept(GEOJSON)).await;
        assert_eq!(bare.status, 400, "no geometry, no feature: {bare:?}");
    })
    .await;
}

#[tokio::test]
async fn m7_functions_have_media_types_of_their_own() {
    on_both("m7_functions_have_media_types_of_their_own", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            let said = bed.ask(Ask::call_get("page").accept("text/html")).await;
            assert_eq!(said.code(), "0A000");
            return;
        }
        for sql in [
            "CREATE DOMAIN \"text/html\" AS text",
            "CREATE DOMAIN \"image/png\" AS bytea",
            "CREATE DOMAIN \"*/*\" AS bytea",
            "CREATE FUNCTION page(name text DEFAULT 'you') RETURNS \"text/html\" LANGUAGE sql STABLE AS \
             $$ SELECT '<h1>' || name || '</h1>' $$",
            "CREATE FUNCTION picture() RETURNS \"image/png\" LANGUAGE sql STABLE AS $$ SELECT '\\x504e47'::bytea $$",
            "CREATE FUNCTION anything() RETURNS \"*/*\" LANGUAGE plpgsql STABLE AS $$ BEGIN \
             PERFORM set_config('response.headers', '[{\"Content-Type\":\"app/any\"}]', true); RETURN 'ab'::bytea; END $$",
        ] {
            bed.sql(sql).await;
        }
        let page = bed
            .ask(Ask::call_get("page?name=Ann").accept("text/html,application/xml;q=0.9"))
            .await;
        assert_eq!((page.status, page.text.as_str()), (200, "<h1>Ann</h1>"));
        assert_eq!(page.header("Content-Type"), Some("text/html; charset=utf-8"));
        let posted = bed.ask(Ask::call("page", json!({})).accept("*/*")).await;
        assert_eq!(posted.text, "<h1>you</h1>");
        let head = Ask {
            calls: true,
            ..Ask::new(Method::Head, "page")
        };
        assert_eq!(bed.ask(head.accept("text/html")).await.text, "");
        let json = bed.ask(Ask::call_get("page").accept("application/json")).await;
        assert_eq!(json.json(), json!("<h1>you</h1>"));
        let picture = bed.ask(Ask::call_get("picture").accept("image/*")).await;
        assert_eq!(
            (picture.text.as_str(), picture.header("Content-Type")),
            ("PNG", Some("image/png"))
        );
        let anything = bed.ask(Ask::call_get("anything").accept("app/any")).await;
        assert_eq!(
            (anything.text.as_str(), anything.header("Content-Type")),
            ("ab", Some("app/any"))
        );
        let none = bed.ask(Ask::call_get("page").accept("image/png")).await;
        assert_eq!((none.status, none.code().as_str()), (406, "PGRST107"));
    })
    .await;
}

#[tokio::test]
async fn m7_tables_have_media_types_of_their_own() {
    on_both("m7_tables_have_media_types_of_their_own", |bed| async move {
        bed.sql("CREATE TABLE lines (id integer PRIMARY KEY, t text)").await;
        let rows = json!([{"id": 1, "t": "a"}, {"id": 2, "t": "b"}, {"id": 3, "t": "c"}]);
        assert_eq!(bed.ask(Ask::post("lines", rows)).await.status, 201);
        if bed.db.dialect() == Dialect::Sqlite {
            let said = bed.ask(Ask::get("lines").accept("application/vnd.lines")).await;
            assert_eq!((said.status, said.code().as_str()), (406, "PGRST107"));
            return;
        }
        for sql in [
            "CREATE DOMAIN \"application/vnd.lines\" AS text",
            "CREATE DOMAIN \"application/vnd.rows\" AS bytea",
            "CREATE FUNCTION add_line(so_far \"application/vnd.lines\", line lines) RETURNS \"application/vnd.lines\" LANGUAGE sql AS \
             $$ SELECT so_far || line.id || line.t || ';' $$",
            "CREATE AGGREGATE lines_agg(lines) (initcond = '', stype = \"application/vnd.lines\", sfunc = add_line)",
            "CREATE FUNCTION add_row(so_far \"application/vnd.rows\", any_row anyelement) RETURNS \"application/vnd.rows\" \
             LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('response.headers', '[{\"X-Own\":\"yes\"}]', true); \
             RETURN so_far || convert_to(row_to_json(any_row)::text, 'UTF8'); END $$",
            "CREATE AGGREGATE rows_agg(anyelement) (initcond = '', stype = \"application/vnd.rows\", sfunc = add_row)",
        ] {
            bed.sql(sql).await;
        }
        let said = bed.ask(Ask::get("lines?order=id.desc&id=gt.1").accept("application/vnd.lines").prefer("count=exact")).await;
        assert_eq!((said.status, said.text.as_str()), (200, "3c;2b;"), "{said:?}");
        assert_eq!(said.header("Content-Type"), Some("application/vnd.lines"));
        assert_eq!(said.header("Content-Range"), Some("0-1/2"));
        let said = bed.ask(Ask::get("lines?select=t&limit=2&order=id").accept("application/vnd.rows").prefer("count=exact")).await;
        assert_eq!((said.status, said.text.as_str()), (206, "{\"t\":\"a\"}{\"t\":\"b\"}"), "{said:?}");
        assert_eq!((said.header("X-Own"), said.header("Content-Range")), (Some("yes"), Some("0-1/3")));
        let head = bed.ask(Ask::new(Method::Head, "lines").accept("application/vnd.lines")).await;
        assert_eq!((head.status, head.text.as_str(), head.header("Content-Type")), (200, "", Some("application/vnd.lines")));
        let json = bed.ask(Ask::get("lines?select=t&id=eq.1")).await;
        assert_eq!(json.json(), json!([{"t": "a"}]));
        let other = bed.ask(Ask::get("lines").accept("application/vnd.nothing")).await;
        assert_eq!((other.status, other.code().as_str()), (406, "PGRST107"));
    })
    .await;
}

#[tokio::test]
async fn c5_many_rows_of_a_function_leave_in_pieces() {
    on_both("c5_many_rows_of_a_function_leave_in_pieces", |bed| async move {
        if bed.db.dialect() == Dialect::Sqlite {
            return;
        }
        bed.sql(
            "CREATE FUNCTION plenty() RETURNS TABLE (n integer, t text) LANGUAGE plpgsql STABLE AS $$ BEGIN \
             PERFORM set_config('response.headers', '[{\"X-Own\":\"yes\"}]', true); \
             RETURN QUERY SELECT g, repeat('x', 1000) FROM generate_series(1, 5000) g; END $$",
        )
        .await;
        let (said, whole) = bed
            .pieces(Ask::call_get("plenty?order=n").prefer("count=exact"))
            .await;
        assert!(!whole, "more than a megabyte is held");
        assert_eq!(
            (said.status, said.header("Content-Range"), said.header("X-Own")),
            (200, Some("0-4999/5000"), Some("yes"))
        );
        assert_eq!(said.json()[4999]["n"], 5000);
        let (few, whole) = bed.pieces(Ask::call_get("plenty?n=lte.2&select=n")).await;
        assert_eq!((few.json(), whole), (json!([{"n": 1}, {"n": 2}]), true));
        let (csv, _) = bed
            .pieces(Ask::call_get("plenty?select=n&order=n").accept("text/csv"))
            .await;
        assert!(csv.text.starts_with("n\n1\n2\n") && csv.text.ends_with("\n5000"));
    })
    .await;
}
