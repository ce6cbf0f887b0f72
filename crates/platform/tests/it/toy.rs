//! A small app whose routes show one thing each.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use busbar_cache::Cache;
use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{Actor, Error, Holder, MovableClock, Result};
use busbar_platform::{
    App, Ctx, Edge, Failure, Gate, Head, Input, Limit, Mount, Permission, Query, Reply, Routes, compose, get,
    internal, post, public,
};
use http::{Request, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) static READ: Permission = Permission::new("toy.thing.read", &[Holder::Service], "Read things");
pub(crate) static ALL: &[&Permission] = &[&READ];

/// Takes `x-api-key: key` for the service and refuses every other key.
pub(crate) struct ToyGate;

#[async_trait]
impl Gate for ToyGate {
    async fn identify(&self, head: &Head<'_>) -> Result<Actor> {
        match head.headers.get("x-api-key").map(|key| key.as_bytes()) {
            None => Ok(Actor::Nobody),
            Some(b"key") => Ok(Actor::Service {
                name: "toy".to_owned(),
            }),
            Some(b"anon") => Ok(Actor::Anonymous),
            Some(_) => Err(Error::unauthenticated(
                "toy.key_refused",
                "This key is not accepted",
            )),
        }
    }
}

#[derive(Deserialize)]
struct Thing {
    count: u8,
}
#[derive(Deserialize)]
struct Paging {
    limit: Option<u32>,
}

pub(crate) fn routes() -> Routes<()> {
    Routes::new()
        .route(get("/", public("a test"), async || "root"))
        .route(get("/things", &READ, async |ctx: Ctx| {
            Json(json!({ "actor": ctx.actor().log_name() }))
        }))
        .route(post("/things", &READ, async |Input(thing): Input<Thing>| {
            Json(json!({ "count": thing.count }))
        }))
        .route(get(
            "/paged",
            public("a test"),
            async |Query(paging): Query<Paging>| Json(json!({ "limit": paging.limit })),
        ))
        .route(get("/limited", public("a test"), async || "ok").limit(Limit::per_address("toy", 2, 1)))
        .route(get("/inside", internal(), async || "ok"))
        .route(get("/panic", public("a test"), async || -> &'static str {
            panic!("the reactor is at /secret")
        }))
        .route(
            get("/slow", public("a test"), async || {
                tokio::time::sleep(Duration::from_secs(5)).await
            })
            .time_limit(Duration::from_millis(20)),
        )
        .route(get("/broken", public("a test"), broken))
        .route(
            post("/small", public("a test"), async |Input(value): Input<Value>| {
                Json(value)
            })
            .body_limit(20),
        )
}

async fn broken() -> Reply<()> {
    Err(Failure::from(Error::internal("disk").with("path", "/secret")))
}

pub(crate) fn app() -> App {
    App::new("toy", Arc::new(ToyGate))
        .permissions(ALL)
        .routes(routes().with_state(()))
}

pub(crate) fn edge(pairs: &[(&str, &str)]) -> Edge {
    let tables = [
        busbar_platform::config::VARIABLES,
        busbar_cache::config::VARIABLES,
    ]
    .concat();
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let settings =
        Settings::resolve(&tables, Mode::Test, vec![Source::new(Origin::Environment, pairs)]).unwrap();
    let clock = Arc::new(MovableClock::at_2026());
    Edge {
        cache: Cache::in_process(clock.clone()),
        clock,
        settings,
        version: "0",
    }
}

/// One request to the toy app under these settings.
pub(crate) async fn ask(pairs: &[(&str, &str)], request: Request<Body>) -> (StatusCode, Response, Value) {
    let front = compose(vec![(app(), Mount::root())], &edge(pairs)).unwrap().front;
    let (parts, body) = front.oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (parts.status, Response::from_parts(parts, Body::empty()), value)
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path);
    let builder = headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(Body::from(body.to_owned())).unwrap()
}
