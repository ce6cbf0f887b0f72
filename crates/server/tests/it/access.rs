//! Every route, tried as nobody, as a stranger, and with the credentials of another app.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use busbar_kernel::Holder;
use busbar_platform::Access;
use busbar_platform::compose::RouteListing;
use busbar_testkit::{Answer, Caller, Database, TestApp};
use http::Method;

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
    let bucket = serde_json::json!({ "bucketName": "papers", "isPublic": false });
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
