//! What is tidied while the server runs.

use std::time::Duration;

use busbar_files::Files;

/// From one sweep to the next.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Sweeps bytes that no object refers to, now and every day.
pub(crate) fn start(files: Files) {
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
            tokio::time::sleep(A_DAY).await;
        }
    });
}
