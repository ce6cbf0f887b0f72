//! What is tidied while the server runs.

use std::time::Duration;

use busbar_files::Files;
use busbar_schema::Events;

/// From one sweep to the next.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Sweeps bytes that no object refers to, and change events that are too old, now and every day.
pub(crate) fn start(files: Files, events: Events) {
    tokio::spawn(async move {
        loop {
            match files.sweep_orphans().await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "bytes without an object were removed"),
                Err(error) => {
                    tracing::warn!(
                        error = error.operator_line(),
                        "bytes without an object were not swept"
                    );
                }
            }
            match events.prune().await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "old change events were removed"),
                Err(error) => {
                    tracing::warn!(
                        error = error.operator_line(),
                        "old change events were not removed"
                    );
                }
            }
            tokio::time::sleep(A_DAY).await;
        }
    });
}
