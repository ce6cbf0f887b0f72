//! `busbar config`: every variable in force.

use std::process::ExitCode;

use busbar_kernel::variables::Problem;
use serde_json::json;

use super::output::{problems_json, say, say_problems};
use crate::{apps, environment};

/// Prints the problems, if there are any, and the table.
pub(super) fn run(as_json: bool) -> ExitCode {
    let (settings, mut problems) = match environment::survey() {
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
    for app in apps::names() {
        let own = settings.for_app(app).err().unwrap_or_default();
        problems.extend(
            own.into_iter()
                .filter(|problem| !problems.contains(problem))
                .collect::<Vec<_>>(),
        );
    }
    let overrides = settings.overrides(&apps::names());
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
        let own: Vec<_> = overrides
            .iter()
            .map(|(app, setting)| {
                json!({
                    "app": app, "name": setting.entry.name, "value": setting.shown(),
                    "source": setting.origin.map(|origin| origin.name()),
                })
            })
            .collect();
        let mut told = json!({ "mode": settings.mode().name(), "variables": rows, "overrides": own });
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
    if !overrides.is_empty() {
        say("\n[for one app alone]");
    }
    for (app, setting) in &overrides {
        let name = format!("{}__{}", app.to_ascii_uppercase(), setting.entry.name);
        let value = setting.shown().unwrap_or_default();
        let origin = setting.origin.map_or("", |origin| origin.name());
        say(&format!(
            "{name:<32} {value:<28} {origin:<14} {}",
            setting.entry.help
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
