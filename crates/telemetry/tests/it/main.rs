//! Logs written, rotated, kept, and read back; figures rendered.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod figures;
mod files;
mod reading;

use std::path::Path;
use std::sync::Arc;

use busbar_kernel::MovableClock;
use busbar_telemetry::Logs;
use busbar_telemetry::logs::{LogSettings, Terminal};
use tracing_subscriber::layer::SubscriberExt;

/// A log in `folder` on a clock that can be moved, and a subscriber that feeds it.
fn log_in(folder: &Path, clock: &MovableClock) -> (Logs, tracing::Dispatch) {
    let settings = LogSettings {
        level: "trace".to_owned(),
        terminal: Terminal::Silent,
        folder: Some(folder.to_owned()),
        retention_days: 2,
    };
    let (logs, layer) = Logs::open(&settings, Arc::new(clock.clone())).unwrap();
    let subscriber = tracing_subscriber::registry().with(layer);
    (logs, tracing::Dispatch::new(subscriber))
}
