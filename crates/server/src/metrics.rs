//! `/metrics` on a port of its own, so that it need not be reachable where the apps are.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use busbar_kernel::Result;
use busbar_kernel::variables::Settings;
use busbar_telemetry::config::METRICS_PORT;
use busbar_telemetry::metrics::Metrics;
use http::header;

use crate::listen::{self, Load};

/// A scraper needs little.
const LOAD: Load = Load {
    workers: 1,
    per_address: 0,
};

/// Listens on `METRICS_PORT`, and keeps the recorder's memory bounded while nobody asks.
///
/// # Errors
/// When the port cannot be listened on.
pub(crate) async fn serve(settings: &Settings, host: &str, metrics: Arc<Metrics>) -> Result<()> {
    let listener = listen::bind(host, settings.get(&METRICS_PORT), "METRICS_PORT").await?;
    let kept = Arc::clone(&metrics);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            kept.upkeep();
        }
    });
    let answer = move || async move {
        (
            [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
            metrics.render(),
        )
    };
    let router = Router::new().route("/metrics", get(answer));
    let stop = listen::stop_on_signal();
    tokio::spawn(async move { listen::serve(listener, router, stop, Duration::from_secs(1), LOAD).await });
    Ok(())
}
