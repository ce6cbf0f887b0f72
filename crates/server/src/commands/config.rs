//! `busbar config`: every variable in force.

use std::process::ExitCode;

use busbar_kernel::variables::Problem;
use serde_json::json;

use super::output::{problems_json, say, say_problems};
use crate::environment;

/// Prints the problems, if there are any, and the table.
pub(super) fn run(as_json: bool) -> ExitCode {
    let (settings, problems) = match environment::survey() {
        Ok(surveyed) => surveyed,
        Err(problems) if as_json => {
            say(&json!({ "problems": problems_json(&problems) }).to_string());
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
        let mut told = json!({ "mode": settings.mode().name(), "variables": rows });
        if !problems.is_empty() {
            told["problems"] = problems_json(&problems);
        }
        say(&told.to_string());
        return ending(&problems);
    }
    if !problems.is_empty() {
        say_problems(&problems);
        say("");
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
    ending(&problems)
}

fn ending(problems: &[Problem]) -> ExitCode {
    match problems.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
