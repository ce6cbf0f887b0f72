//! `busbar serve`: the server.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Result, SystemClock};
use busbar_telemetry::config::METRICS_ENABLED;
use busbar_telemetry::logs::{LogSettings, Logs};
use busbar_telemetry::metrics::Metrics;

use super::output::{say, say_problems, say_sign_in};
use crate::compose::{self, Busbar, Surroundings};
use crate::{VERSION, config, environment, exposure, listen, upkeep};

/// Runs until a signal.
pub(super) async fn run() -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    match serve(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("Busbar stops: {}", error.operator_line()));
            ExitCode::FAILURE
        }
    }
}

async fn serve(settings: Settings) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    exposure::check(&settings)?;
    let host = exposure::host(&settings);
    let port = settings.get(&config::PORT);
    let drain = Duration::from_secs(settings.get(&config::SHUTDOWN_SECONDS));
    let listener = listen::bind(&host, port, "PORT").await?;
    let stop = listen::stop_on_signal();
    let logs = Logs::start(&LogSettings::from_settings(&settings), Arc::clone(&clock))?;
    let metrics = match settings.get(&METRICS_ENABLED) {
        true => Some(Arc::new(Metrics::install(VERSION, &clock)?)),
        false => None,
    };
    let surroundings = Surroundings {
        clock,
        logs: logs.reader(),
        metrics: metrics.clone(),
    };
    let busbar = compose::compose(settings, surroundings).await?;
    if let Some(metrics) = metrics {
        crate::metrics::serve(&busbar.settings, &host, metrics).await?;
    }
    announce(&busbar, &host, port);
    upkeep::start(busbar.files.clone(), busbar.events.clone());
    upkeep::keep_backups(busbar.backups.clone());
    let health = Arc::clone(&busbar.health);
    tokio::spawn({
        let mut stop = stop.clone();
        async move {
            if stop.wait_for(|stop| *stop).await.is_ok() {
                health.drain();
            }
        }
    });
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let load = listen::Load {
        workers,
        per_address: busbar.settings.get(&config::MOST_CONNECTIONS_PER_ADDRESS),
    };
    listen::serve(listener, busbar.composition.front, stop, drain, load).await;
    busbar.store.close().await;
    tracing::info!("stopped");
    logs.flush();
    Ok(())
}

fn announce(busbar: &Busbar, host: &str, port: u16) {
    // A passkey's domain cannot be an address, so development is visited by name.
    let shown = if matches!(host, "127.0.0.1" | "0.0.0.0" | "::" | "::1") {
        "localhost"
    } else {
        host
    };
    say(&format!(
        "Busbar {VERSION} ({}) on http://{shown}:{port}",
        busbar.settings.mode().name()
    ));
    say(&format!("  console  http://{shown}:{port}/admin"));
    say(&format!("  API      http://{shown}:{port}/docs"));
    say_sign_in(busbar);
    say("");
    for need in &busbar.needs {
        let kind = if need.embedded { "embedded" } else { "real" };
        say(&format!("  {:<30} {kind:<9} {}", need.name, need.provider));
    }
    for row in exposure::opened(&busbar.settings) {
        say(&format!("  open as in the original: {} ({})", row.name, row.help));
    }
}
