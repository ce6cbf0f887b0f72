//! `busbar doctor`: really connects to what is configured, and says what is embedded.

use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::output::{say, say_problems};
use crate::compose::{self, Surroundings};
use crate::environment;

/// Looks at every need; fails when one is down.
pub(super) async fn run(as_json: bool) -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    let busbar = match compose::compose(settings, Surroundings::bare()).await {
        Ok(busbar) => busbar,
        Err(error) => {
            say(&format!("Busbar cannot be opened: {}", error.operator_line()));
            return ExitCode::FAILURE;
        }
    };
    let mut rows = Vec::new();
    let mut all_up = true;
    for need in &busbar.needs {
        let found = tokio::time::timeout(Duration::from_secs(5), (need.check)()).await;
        let (up, detail) = match found {
            Ok(Ok(detail)) => (true, detail),
            Ok(Err(error)) => (false, error.operator_line()),
            Err(_) => (false, "no answer within five seconds".to_owned()),
        };
        all_up &= up;
        rows.push((need, up, detail));
    }
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(need, up, detail)| {
                json!({ "need": need.name, "provider": need.provider, "embedded": need.embedded, "up": up, "detail": detail, "variables": need.variables })
            })
            .collect();
        say(&json!({ "mode": busbar.settings.mode().name(), "ok": all_up, "needs": rows }).to_string());
    } else {
        for (need, up, detail) in rows {
            let kind = if need.embedded { "embedded" } else { "real" };
            let state = if up { "up" } else { "DOWN" };
            say(&format!(
                "{:<30} {kind:<9} {state:<5} {} ({detail})",
                need.name, need.provider
            ));
        }
    }
    if all_up {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
