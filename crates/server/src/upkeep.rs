//! What is tidied while the server runs.

use std::time::Duration;

use busbar_files::Files;
use busbar_schema::Events;
use busbar_workbench::Backups;

/// From one sweep to the next.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// From one look at the schedule of backups to the next.
const HALF_A_MINUTE: Duration = Duration::from_secs(30);

/// Makes the backups that are due.
pub(crate) fn keep_backups(backups: Backups) {
    tokio::spawn(async move {
        loop {
            if let Err(error) = backups.keep_schedule().await {
                tracing::error!(error = error.operator_line(), "no scheduled backup was begun");
            }
            tokio::time::sleep(HALF_A_MINUTE).await;
        }
    });
}

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
