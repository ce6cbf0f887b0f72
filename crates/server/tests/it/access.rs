//! Every route, tried as nobody, as a stranger, and with the credentials of another app.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use busbar_kernel::Holder;
use busbar_platform::Access;
use busbar_platform::compose::RouteListing;
use busbar_testkit::{Answer, Caller, Database, TestApp, on_each_database};
use http::Method;
use serde_json::json;

use crate::repository::none;

/// A caller of each sort, as one app knows them.
struct Credential {
    app: &'static str,
    holder: Holder,
    caller: Caller,
}

async fn credentials(app: &TestApp) -> Vec<Credential> {
    let of = |app, holder, caller| Credential { app, holder, caller };
    vec![
        of("insforge", Holder::Anonymous, app.anonymous()),
        of("insforge", Holder::User, app.user("stranger@example.com").await),
        of("insforge", Holder::Service, app.service()),
        of("console", Holder::Operator, app.operator().await),
    ]
}

/// Sends what a route's row says, with plausible values in its path and nothing useful in its body.
async fn knock(caller: &Caller, route: &RouteListing, number: usize) -> Answer {
    let method: Method = route.method.parse().unwrap();
    // Addresses of their own, so that limits on attempts do not hide what is behind them.
    let low = u8::try_from(number % 250).unwrap() + 1;
    let address = IpAddr::V4(Ipv4Addr::new(
        203,
        u8::try_from(number / 250 % 250).unwrap(),
        113,
        low,
    ));
    let caller = caller.clone().from(address).with("x-busbar-console", "1");
    let json = [("content-type", "application/json")];
    caller
        .send(method, &sample_path(&route.path), &json, Body::from("{}"))
        .await
}

fn sample_path(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment.strip_prefix('{') {
        Some(name) if name.starts_with('*') => "some/thing",
        Some(name) if name.ends_with("id}") => "01890000-0000-7000-8000-000000000000",
        Some(_) => "something",
        None => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

fn refused(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 401 | 403)
}

#[tokio::test]
async fn nobody_passes_only_what_is_public() {
    let app = TestApp::start(Database::Sqlite).await;
    let mut wrong = Vec::new();
    for (number, route) in app.routes().iter().enumerate() {
        let answer = knock(&app.nobody(), route, number).await;
        let right = match route.access {
            Access::Permission(_) | Access::Internal => refused(&answer),
            // Without its secret a webhook is closed, with it unsigned mail is refused.
            Access::SignedWebhook(_) => refused(&answer) || answer.status == 503,
            Access::Public(_) => answer.status.as_u16() < 500,
        };
        if !right {
            wrong.push(format!(
                "{} ({}) answered {} {}",
                answer.asked,
                route.access,
                answer.status,
                answer.text()
            ));
        }
    }
    none("routes open to nobody", &wrong);
}

#[tokio::test]
async fn a_stranger_passes_nothing_it_does_not_hold() {
    let app = TestApp::start(Database::Sqlite).await;
    let mut wrong = Vec::new();
    let mut number = 0;
    for credential in credentials(&app).await {
        for route in app.routes() {
            let Access::Permission(permission) = route.access else {
                continue;
            };
            let foreign = credential.app != route.app;
            if !foreign && permission.is_held_by(Some(credential.holder)) {
                continue;
            }
            number += 1;
            let answer = knock(&credential.caller, route, number).await;
            if !refused(&answer) {
                let who = credential.holder.name();
                let from = credential.app;
                wrong.push(format!(
                    "{} answered {} to {who} of {from}",
                    answer.asked, answer.status
                ));
            }
        }
    }
    none("routes that take a credential which is not theirs", &wrong);
}

#[tokio::test]
async fn no_route_falls_over_for_those_who_hold_it() {
    let mut wrong = Vec::new();
    // Each sort of caller has a Busbar of its own: some routes change keys and sessions.
    for holder in Holder::ALL {
        let app = TestApp::start(Database::Sqlite).await;
        let all = credentials(&app).await;
        let credential = all.iter().find(|credential| credential.holder == holder).unwrap();
        for (number, route) in app.routes().iter().enumerate() {
            let Access::Permission(permission) = route.access else {
                continue;
            };
            if credential.app != route.app || !permission.is_held_by(Some(holder)) {
                continue;
            }
            let answer = knock(&credential.caller, route, number).await;
            if answer.status == 500 || (route.method == "GET" && answer.status == 401) {
                let text = answer.text();
                wrong.push(format!(
                    "{} answered {} to {}: {text}",
                    answer.asked,
                    answer.status,
                    holder.name()
                ));
            }
        }
    }
    none("routes that fall over", &wrong);
}

#[tokio::test]
async fn a_stranger_does_not_reach_what_another_owns() {
    let app = TestApp::start(Database::Sqlite).await;
    let bucket = json!({ "bucketName": "papers", "isPublic": false });
    let _made = app
        .service()
        .post("/api/storage/buckets", bucket)
        .await
        .expect(201);
    let (ada, bob) = (
        app.user("ada@example.com").await,
        app.user("bob@example.com").await,
    );
    let path = "/api/storage/buckets/papers/objects/notes.txt";
    let _stored = upload(&ada, path, "hers").await.expect(200);
    let own = ada.get(path).await.expect(200);
    assert_eq!(own.text(), "hers");
    let mut wrong = Vec::new();
    for stranger in [&bob, &app.anonymous(), &app.nobody()] {
        for answer in [
            stranger.get(path).await,
            stranger.delete(path).await,
            upload(stranger, path, "his").await,
        ] {
            if !matches!(answer.status.as_u16(), 401 | 403 | 404 | 409) {
                wrong.push(format!(
                    "{} answered {} {}",
                    answer.asked,
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    none("what a stranger reached", &wrong);
    let after = ada.get(path).await.expect(200);
    assert_eq!(after.text(), "hers");
}

async fn upload(caller: &Caller, path: &str, text: &str) -> Answer {
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n\
         Content-Type: text/plain\r\n\r\n{text}\r\n--b--\r\n"
    );
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    caller.send(Method::PUT, path, &headers, Body::from(form)).await
}

on_each_database! {
    async fn a_strangers_rows_stay_out_of_reach(app: TestApp) {
        let column = |name: &str, kind: &str| json!({ "columnName": name, "type": kind, "isNullable": false, "isUnique": false });
        let columns = [column("owner", "uuid"), column("body", "string")];
        let table = json!({ "tableName": "notes", "rlsEnabled": true, "columns": columns });
        let _made = app.service().post("/api/database/tables", table).await.expect(201);
        let policy = json!({ "tableName": "notes", "policyName": "own", "roles": ["authenticated"], "using": "owner = auth.uid()" });
        let _opened = app.service().post("/api/database/policies", policy).await.expect(201);
        let (ada, bob) = (app.user("ada@example.com").await, app.user("bob@example.com").await);
        let session = ada.get("/api/auth/sessions/current").await.expect(200).json();
        let row = json!([{ "owner": session["user"]["id"], "body": "hers" }]);
        let path = "/api/database/records/notes";
        let _kept = ada.post(path, row.clone()).await.expect(201);
        for stranger in [&bob, &app.anonymous()] {
            assert_eq!(stranger.get(path).await.expect(200).json(), json!([]));
            let all = format!("{path}?body=eq.hers");
            let _nothing = stranger.patch(&all, json!({ "body": "his" })).await;
            let _nothing = stranger.delete(&all).await;
            let forged = stranger.post(path, row.clone()).await;
            assert!(refused(&forged), "{} {}", forged.status, forged.text());
        }
        let _no_credential = app.nobody().get(path).await.expect(401);
        let rows = ada.get(&format!("{path}?select=body")).await.expect(200).json();
        assert_eq!(rows, json!([{ "body": "hers" }]));
    }
}
