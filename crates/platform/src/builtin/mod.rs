//! The platform's own paths, at the root of each host: health, metrics, the API reference.

pub mod health;
mod home;
pub mod reference;

use std::sync::Arc;

use crate::gate::Open;
use crate::{App, Routes, get, public};

/// The name under which the platform's own routes are listed.
pub(crate) const NAME: &str = "platform";

/// What the platform's own paths need.
#[derive(Clone)]
pub struct Services {
    /// Says what is up.
    pub health: Arc<dyn health::HealthSource>,
    /// Renders the metrics, `None` when they are off.
    pub metrics: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    /// Where the operator's pages begin, which the root leads to; without them the root is not found.
    pub home: Option<String>,
    /// Files of the offline API reference by name.
    pub reference: reference::Files,
}

/// The platform's own routes as an app.
pub fn app(services: Services) -> App {
    let routes = Routes::new()
        .group("health")
        .route(
            get("/health", public("names no detail"), health::show)
                .summary("Whether Busbar works")
                .answers_plain(200, "It works")
                .answers_plain(503, "Something it needs is down"),
        )
        .route(
            get("/health/live", public("names no detail"), health::live)
                .summary("Whether the process runs")
                .answers_plain(200, "It runs"),
        )
        .route(
            get("/health/ready", public("names no detail"), health::ready)
                .summary("Whether all that is configured answers")
                .answers_plain(200, "All answers")
                .answers_plain(503, "What is down, by name"),
        )
        .route(
            get("/metrics", public("off unless METRICS_ENABLED"), health::metrics)
                .summary("Prometheus metrics")
                .answers_plain(200, "The metrics")
                .answers_plain(404, "They are off, or on another port"),
        )
        .group("reference")
        .route(
            get("/docs", public("the API reference"), reference::docs)
                .summary("The API, to try out")
                .answers_plain(200, "A page"),
        )
        .route(
            get("/redoc", public("the API reference"), reference::redoc)
                .summary("The API, to read")
                .answers_plain(200, "A page"),
        )
        .route(
            get(
                "/reference/{file}",
                public("the API reference's own files"),
                reference::file,
            )
            .summary("A file of the API reference")
            .answers_plain(200, "The file"),
        );
    let routes = match services.home {
        None => routes,
        Some(_) => routes.group("home").route(
            get("/", public("leads on and names no detail"), home::show)
                .summary("Leads to the operator's pages")
                .answers_plain(302, "Where they are; the API is at /docs"),
        ),
    };
    App::new(NAME, Arc::new(Open)).routes(routes.with_state(services))
}
