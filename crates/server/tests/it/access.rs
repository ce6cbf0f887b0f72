//! Every route, tried as nobody.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use busbar_platform::Access;
use busbar_platform::compose::RouteListing;
use busbar_testkit::{Answer, Caller, Database, TestApp};
use http::Method;

use crate::repository::none;

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
