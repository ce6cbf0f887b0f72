//! What composition refuses, and what it lists.

use std::sync::Arc;

use busbar_kernel::Holder;
use busbar_platform::{App, Mount, Permission, Routes, compose, get, public};

use crate::toy::{ToyGate, app, edge, request, routes};

static FOREIGN: Permission = Permission::new("other.thing.read", &[Holder::User], "Not the toy's");
static FOREIGNERS: &[&Permission] = &[&FOREIGN];

#[tokio::test]
async fn every_reason_is_said_at_once() {
    let undeclared = App::new("toy", Arc::new(ToyGate))
        .permissions(FOREIGNERS)
        .routes(routes().with_state(()));
    let Err(problems) = compose(
        vec![(app(), Mount::root()), (undeclared, Mount::root())],
        &edge(&[]),
    ) else {
        panic!("two apps at one place were composed");
    };
    let all = problems.join("\n");
    assert!(all.contains("both mounted at /"), "{all}");
    assert!(all.contains("GET /things is claimed by toy and by toy"), "{all}");
    assert!(all.contains("toy declares other.thing.read"), "{all}");
    assert!(
        all.contains("asks for toy.thing.read, which toy does not declare"),
        "{all}"
    );
}

#[tokio::test]
async fn an_app_answers_at_its_path_or_its_host() {
    use tower::ServiceExt;
    let hosted = App::new("hosted", Arc::new(ToyGate)).routes(
        Routes::new()
            .route(get("/where", public("a test"), async || "host"))
            .with_state(()),
    );
    let below = "/below".parse().unwrap();
    let host = "members.example.org".parse().unwrap();
    let composition = compose(vec![(app(), below), (hosted, host)], &edge(&[])).unwrap();
    let status = async |path: &str, host: &str| {
        let request = request("GET", path, &[("host", host)], "");
        composition
            .front
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(status("/below/paged", "x").await, 200);
    assert_eq!(status("/paged", "x").await, 404);
    assert_eq!(
        (status("/below", "x").await, status("/below/", "x").await),
        (200, 200)
    );
    assert_eq!(status("/where", "Members.example.org:8080").await, 200);
    assert_eq!(status("/where", "x").await, 404);
    let paths: Vec<_> = composition.listings.iter().map(|row| row.path.as_str()).collect();
    assert!(
        paths.contains(&"/below/things") && paths.contains(&"members.example.org/where"),
        "{paths:?}"
    );
}
