//! Aggregate functions and the groups they are over.

use busbar_data::{
    Caller, Method, Profile, RecordBody, RecordHeaders, RecordOptions, RecordRequest, postgrest_error,
};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::bed::{Ask, Bed, on_both, person};
use crate::embeds::{fill, refusals};

/// The status, the body and the content range.
async fn ask(bed: &Bed, path: &str, prefer: &str) -> (u16, Value, String) {
    let records = bed.data.records.clone().with_options(RecordOptions {
        aggregates: true,
        ..RecordOptions::default()
    });
    let (table, query) = path.split_once('?').unwrap_or((path, ""));
    let request = RecordRequest {
        method: Method::Get,
        table,
        query,
        headers: RecordHeaders {
            prefer,
            ..RecordHeaders::default()
        },
        body: Bytes::new(),
    };
    let caller = Caller::project_admin();
    match records.answer(Profile::Postgrest, &request, &caller).await {
        Ok(answer) => {
            let range = answer.headers.iter().find(|(name, _)| *name == "Content-Range");
            let range = range.map(|(_, range)| range.clone()).unwrap_or_default();
            let RecordBody::Whole(bytes) = answer.body else {
                panic!("{path}: no small body")
            };
            (answer.status, serde_json::from_slice(&bytes).unwrap(), range)
        }
        Err(error) => {
            let (status, body) = postgrest_error(&error, caller.role);
            (status, body, String::new())
        }
    }
}

/// Numbers as numbers: `numeric` prints zeros that a double does not.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.into_iter().map(plain).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, value)| (key, plain(value)))
            .collect(),
        other => other,
    }
}

#[tokio::test]
async fn s12_aggregates_group_by_what_stands_beside_them() {
    on_both("s12_aggregates_group_by_what_stands_beside_them", |bed| async move {
        fill(&bed).await;
        for (path, expected) in [
            ("tasks?select=hours.sum(),n:hours.count(),hours.avg(),hours.min(),hours.max()",
             json!([{"sum": 12, "n": 3, "avg": 4, "min": 1, "max": 8}])),
            ("tasks?select=count()", json!([{"count": 4}])),
            ("tasks?select=project_id,count(),hours.sum()&order=project_id",
             json!([{"project_id": 1, "count": 2, "sum": 4}, {"project_id": 2, "count": 1, "sum": null},
                    {"project_id": 3, "count": 1, "sum": 8}])),
            ("tasks?select=project_id,hours.sum()&order=project_id.desc&limit=1", json!([{"project_id": 3, "sum": 8}])),
            ("tasks?select=hours.sum()&hours=gt.100", json!([{"sum": null}])),
            ("tasks?select=project_id,hours.sum()&hours=gt.100", json!([])),
            ("tasks?select=title.max(),at.min()", json!([{"max": "c", "min": "2026-01-01T10:00:00+00:00"}])),
            ("tasks?select=a:hours::text.max(),b:hours.avg()::int,c:count()::text",
             json!([{"a": "8", "b": 4, "c": "4"}])),
            // With embeds: they are part of what is grouped by.
            ("projects?select=clients(name),id.sum()&clients=not.is.null&order=id",
             json!("42803")),
            ("projects?select=id.max(),clients(name)&client_id=eq.1", json!([{"max": 2, "clients": {"name": "Acme"}}])),
            ("projects?select=id.sum(),...clients(name)&client_id=eq.1", json!([{"sum": 3, "name": "Acme"}])),
            // Inside embeds.
            ("projects?select=id,tasks(hours.sum(),count())&order=id&id=lte.2",
             json!([{"id": 1, "tasks": [{"sum": 4, "count": 2}]}, {"id": 2, "tasks": [{"sum": null, "count": 1}]}])),
            ("clients?select=projects(paid,id.count())&id=eq.1&projects.order=paid",
             json!([{"projects": [{"paid": false, "count": 1}, {"paid": true, "count": 1}]}])),
            // Of a spread's columns: over the parent's rows.
            ("projects?select=...clients(deal.sum())", json!([{"sum": 21}])),
            ("tasks?select=...projects(id.max(),...clients(name))&project_id=in.(1,2)", json!([{"max": 2, "name": "Acme"}])),
        ] {
            let (status, body, _) = ask(&bed, path, "").await;
            if let Some(code) = expected.as_str() {
                assert_eq!(body["code"], code, "{path} on {:?}: {body}", bed.db.dialect());
            } else {
                assert_eq!((status, plain(body)), (200, plain(expected)), "{path} on {:?}", bed.db.dialect());
            }
        }
        let (status, body, range) = ask(&bed, "tasks?select=project_id,count()&order=project_id", "count=exact").await;
        assert_eq!((status, body.as_array().map(Vec::len), range.as_str()), (206, Some(3), "0-2/4"));
        for (path, code) in [
            ("tasks?select=title.sum()", "42883"),
            ("projects?select=paid.max()", "42883"),
            ("tasks?select=nope.sum()", "42703"),
            ("tasks?select=count()&order=id", "42803"),
        ] {
            let (_, body, _) = ask(&bed, path, "").await;
            assert_eq!(body["code"], code, "{path} on {:?}: {body}", bed.db.dialect());
        }
    })
    .await;
}

#[tokio::test]
async fn s12_aggregates_are_off_unless_allowed() {
    on_both("s12_aggregates_are_off_unless_allowed", |bed| async move {
        fill(&bed).await;
        for path in [
            "tasks?select=hours.sum()",
            "tasks?select=count()",
            "projects?select=id,tasks(hours.max())",
        ] {
            assert_eq!(ask(&bed, path, "").await.0, 200, "{path}");
            refusals(&bed, &[(path, 400, "PGRST123")]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn s12_what_a_write_returns_has_groups_too() {
    on_both("s12_what_a_write_returns_has_groups_too", |bed| async move {
        fill(&bed).await;
        bed.sql(
            "CREATE TABLE sold (id integer PRIMARY KEY, shop text, n integer, price double precision, paid boolean, \
             at timestamptz, raw bytea)",
        )
        .await;
        let options = RecordOptions {
            aggregates: true,
            ..RecordOptions::default()
        };
        let row = |id: u32, shop: &str, paid: bool| {
            json!({"id": id, "shop": shop, "n": id * 10, "price": 0.1, "paid": paid, "at": format!("2026-01-0{id}T00:00:00Z"), "raw": "\\x00ff"})
        };
        let rows = json!([row(1, "a", true), row(2, "a", false), row(3, "b", true)]);
        let more = json!([row(4, "c", true), row(5, "c", true)]);
        let singular = "application/vnd.pgrst.object+json";
        for (method, path, body, accept, status, expected) in [
            (Method::Post, "sold?select=count(),n.sum(),price.sum()", rows, "", 201, json!([{"count": 3, "sum": 60, "sum": 0.1 + 0.1 + 0.1}])),
            (Method::Patch, "sold?id=lte.3&select=shop,n.sum(),last:at.max(),c:count()", json!({"price": 2.5}), "", 200,
             json!([{"shop": "a", "sum": 30, "last": "2026-01-02T00:00:00+00:00", "c": 2},
                    {"shop": "b", "sum": 30, "last": "2026-01-03T00:00:00+00:00", "c": 1}])),
            (Method::Patch, "sold?select=paid,raw,n::text.max(),a:price.avg()::int", json!({"price": 2.5}), "", 200,
             json!([{"paid": false, "raw": "\\x00ff", "max": "20", "a": 2}, {"paid": true, "raw": "\\x00ff", "max": "30", "a": 2}])),
            (Method::Patch, "sold?id=eq.99&select=count(),n.sum()", json!({"n": 1}), "", 200, json!([{"count": 0, "sum": null}])),
            (Method::Patch, "sold?id=eq.99&select=shop,count()", json!({"n": 1}), "", 200, json!([])),
            (Method::Post, "sold?select=count()", more.clone(), singular, 201, json!({"count": 2})),
            (Method::Post, "sold?select=count()", more, "", 200, json!([{"count": 2}])),
            (Method::Patch, "sold?id=eq.1&select=count()", json!({"n": 7}), "text/csv", 200, json!("count\n1")),
            (Method::Delete, "sold?id=gte.4&select=shop,n.min(),count()", Value::Null, "", 200, json!([{"shop": "c", "min": 40, "count": 2}])),
            (Method::Patch, "tasks?id=lte.2&select=projects(id),count()", json!({"hours": 3}), "", 200,
             json!([{"projects": {"id": 1}, "count": 2}])),
            (Method::Patch, "tasks?id=lte.2&select=...projects(id.max()),count", json!({"hours": 3}), "", 200, json!([{"max": 1, "count": 2}])),
            (Method::Patch, "sold?select=shop.sum()", json!({"n": 1}), "", 0, json!("42883")),
            (Method::Patch, "sold?select=shop,count()", json!({"n": 1}), singular, 0, json!("PGRST116")),
        ] {
            let prefer = "return=representation, resolution=merge-duplicates";
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let ask = Ask::new(method, path).body(body).prefer(prefer).accept(accept).options(options.clone());
            let said = bed.ask(ask).await;
            let at = format!("{method:?} {path} on {:?}: {said:?}", bed.db.dialect());
            if status == 0 {
                assert_eq!(expected, said.code(), "{at}");
                continue;
            }
            let mut found = if accept == "text/csv" { json!(said.text.trim_end()) } else { plain(said.json()) };
            if let Some(groups) = found.as_array_mut() {
                groups.sort_by_key(Value::to_string);
            }
            assert_eq!((said.status, found), (status, plain(expected)), "{at}");
        }
        assert_eq!(bed.rows("sold?select=n&order=id").await, json!([{"n": 7}, {"n": 20}, {"n": 30}]), "the refused changed nothing");
        bed.secure("sold").await;
        bed.policy("sold", "own", "ALL", "shop = 'a'", "shop = 'a'").await;
        let ask = Ask::patch("sold?select=count()", json!({"n": 1})).prefer("return=representation");
        let said = bed.ask(ask.options(options).caller(person(1))).await;
        assert_eq!(said.json(), json!([{"count": 2}]));
    })
    .await;
}
