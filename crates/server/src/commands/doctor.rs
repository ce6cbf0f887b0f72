//! `busbar doctor`: really connects to what is configured, and says what is embedded.

use std::process::ExitCode;
use std::sync::Arc;

use busbar_kernel::variables::Problem;
use busbar_kernel::{Clock, SystemClock};
use serde_json::json;

use super::output::{problems_json, say, say_problems};
use crate::inspection::{self, Inspected};
use crate::{apps, environment, exposure};

/// Looks at every need; fails when one is down.
pub(super) async fn run(as_json: bool) -> ExitCode {
    let checked = environment::settings().and_then(|settings| match apps::check(&settings) {
        Ok(()) => Ok(settings),
        Err(error) => Err(vec![Problem {
            variable: error.field_str().unwrap_or("BUSBAR_APPS").to_owned(),
            message: error.message().to_owned(),
        }]),
    });
    let settings = match checked {
        Ok(settings) => settings,
        Err(problems) if as_json => {
            say(&json!({ "ok": false, "problems": problems_json(&problems) }).to_string());
            return ExitCode::FAILURE;
        }
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let all = inspection::inspect(&settings, &clock).await;
    let all_up = all.iter().all(|inspected| inspected.found.is_ok());
    if as_json {
        let rows: Vec<_> = all.iter().map(row).collect();
        let opened: Vec<_> = exposure::opened(&settings).iter().map(|row| row.name).collect();
        let mode = settings.mode().name();
        say(&json!({ "mode": mode, "ok": all_up, "needs": rows, "openAsInTheOriginal": opened }).to_string());
    } else {
        for inspected in &all {
            let kind = if inspected.embedded { "embedded" } else { "real" };
            let state = if inspected.found.is_ok() { "up" } else { "DOWN" };
            let detail = detail(inspected);
            let (need, provider) = (inspected.need, &inspected.provider);
            say(&format!("{need:<30} {kind:<9} {state:<5} {provider} ({detail})"));
        }
        for row in exposure::opened(&settings) {
            say(&format!("open as in the original: {} ({})", row.name, row.help));
        }
    }
    if all_up {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn row(inspected: &Inspected) -> serde_json::Value {
    json!({
        "need": inspected.need, "provider": inspected.provider, "embedded": inspected.embedded,
        "up": inspected.found.is_ok(), "detail": detail(inspected), "variables": inspected.variables,
    })
}

fn detail(inspected: &Inspected) -> String {
    match &inspected.found {
        Ok(word) => word.clone(),
        Err(error) => error.operator_line(),
    }
}
