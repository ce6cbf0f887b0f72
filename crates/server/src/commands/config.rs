//! `busbar config`: every variable in force.

use std::process::ExitCode;

use serde_json::json;

use super::output::{say, say_problems};
use crate::environment;

/// Prints the table; with problems, those.
pub(super) fn run(as_json: bool) -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) if as_json => {
            let listed: Vec<_> = problems
                .iter()
                .map(|problem| json!({ "variable": problem.variable, "message": problem.message }))
                .collect();
            say(&json!({ "problems": listed }).to_string());
            return ExitCode::FAILURE;
        }
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    if as_json {
        let rows: Vec<_> = settings
            .all()
            .iter()
            .map(|setting| {
                json!({
                    "name": setting.entry.name, "aliases": setting.entry.aliases, "group": setting.entry.group,
                    "value": setting.shown(), "source": setting.origin.map(|origin| origin.name()),
                    "default": setting.entry.default, "secret": setting.entry.secret,
                    "turnsOn": setting.entry.turns_on, "help": setting.entry.help,
                })
            })
            .collect();
        say(&json!({ "mode": settings.mode().name(), "variables": rows }).to_string());
        return ExitCode::SUCCESS;
    }
    say(&format!("mode: {}", settings.mode().name()));
    let mut group = "";
    for setting in settings.all() {
        if setting.entry.group != group {
            group = setting.entry.group;
            say(&format!("\n[{group}]"));
        }
        let value = setting.shown().unwrap_or_else(|| "(not set)".to_owned());
        let origin = setting.origin.map_or("", |origin| origin.name());
        say(&format!(
            "{:<32} {value:<28} {origin:<14} {}",
            setting.entry.name, setting.entry.help
        ));
    }
    ExitCode::SUCCESS
}
