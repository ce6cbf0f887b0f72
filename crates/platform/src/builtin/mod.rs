//! The platform's own paths, at the root of each host: health, metrics, the API reference.

pub mod health;
pub mod reference;

use std::sync::Arc;

use crate::gate::Open;
use crate::{App, Mount, Routes, get, public};

/// The name under which the platform's own routes are listed.
pub(crate) const NAME: &str = "platform";

/// What the platform's own paths need.
#[derive(Clone)]
pub struct Services {
    /// Says what is up.
    pub health: Arc<dyn health::HealthSource>,
    /// Renders the metrics, `None` when they are off.
    pub metrics: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    /// Files of the offline API reference by name.
    pub reference: reference::Files,
}

/// The platform's own routes as an app.
pub fn app(services: Services) -> App {
    let routes = Routes::new()
        .group("health")
        .route(get("/health", public("names no detail"), health::show).summary("Whether Busbar works"))
        .route(
            get("/health/live", public("names no detail"), health::live).summary("Whether the process runs"),
        )
        .route(
            get("/health/ready", public("names no detail"), health::ready)
                .summary("Whether all that is configured answers"),
        )
        .route(
            get("/metrics", public("off unless METRICS_ENABLED"), health::metrics)
                .summary("Prometheus metrics"),
        )
        .group("reference")
        .route(get("/docs", public("the API reference"), reference::docs).summary("The API, to try out"))
        .route(get("/redoc", public("the API reference"), reference::redoc).summary("The API, to read"))
        .route(
            get(
                "/reference/{file}",
                public("the API reference's own files"),
                reference::file,
            )
            .summary("A file of the API reference"),
        );
    App::new(NAME, Arc::new(Open)).routes(routes.with_state(services))
}
