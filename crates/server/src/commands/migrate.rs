//! `busbar migrate`: brings every database up to date, without listening.

use std::process::ExitCode;

use super::output::{say, say_problems, say_sign_in};
use crate::compose::{self, Surroundings};
use crate::environment;

/// Applies what is pending in every scope, and says so.
pub(super) async fn run() -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    match compose::compose(settings, Surroundings::bare()).await {
        Ok(busbar) => {
            say(&format!("Up to date: {}", busbar.store.describe()));
            if busbar.first_start.operator.is_some() {
                say_sign_in(&busbar);
            }
            busbar.store.close().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("Not migrated: {}", error.operator_line()));
            ExitCode::FAILURE
        }
    }
}
