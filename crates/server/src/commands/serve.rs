//! `busbar serve`: the server.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::variables::Settings;
use busbar_kernel::{Result, SystemClock};

use super::output::{say, say_problems};
use crate::compose::{self, Busbar};
use crate::{VERSION, config, environment, listen};

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
    let host = settings
        .get(&config::HOST)
        .unwrap_or_else(|| default_host(&settings).to_owned());
    let port = settings.get(&config::PORT);
    let drain = Duration::from_secs(settings.get(&config::SHUTDOWN_SECONDS));
    let listener = listen::bind(&host, port).await?;
    let stop = listen::stop_on_signal();
    let busbar = compose::compose(settings, Arc::new(SystemClock)).await?;
    announce(&busbar, &host, port);
    listen::serve(listener, busbar.composition.router, stop, drain).await;
    Ok(())
}

fn default_host(settings: &Settings) -> &'static str {
    if settings.mode().is_strict() {
        "0.0.0.0"
    } else {
        "127.0.0.1"
    }
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
    say("");
    for need in &busbar.needs {
        let kind = if need.embedded { "embedded" } else { "real" };
        say(&format!("  {:<30} {kind:<9} {}", need.name, need.provider));
    }
}
