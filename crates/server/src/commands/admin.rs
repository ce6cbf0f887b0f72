//! `busbar admin create`: an operator beside the configured one, or a new password for one.

use std::io::{BufRead, stdin};
use std::process::ExitCode;

use busbar_kernel::{Error, Result, Secret, random};

use super::output::{say, say_problems};
use crate::compose::{self, Surroundings};
use crate::environment;

/// Creates the operator in every directory that has operators. Without a password on standard input one is made
/// and shown this once.
pub(super) async fn create(name: &str, from_stdin: bool) -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    let created = async {
        let password = if from_stdin {
            typed()?
        } else {
            Secret::new(random::hex(10))
        };
        let busbar = compose::compose(settings, Surroundings::bare()).await?;
        for directory in &busbar.directories {
            directory.create_operator(name, &password).await?;
        }
        busbar.store.close().await;
        Ok::<_, Error>(password)
    };
    match created.await {
        Ok(_) if from_stdin => say(&format!("{name} can sign in")),
        Ok(password) => say(&format!(
            "{name} can sign in with the password {} (shown this once)",
            password.expose()
        )),
        Err(error) => {
            say(&format!("Not created: {}", error.operator_line()));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// One line of standard input.
fn typed() -> Result<Secret> {
    let mut line = String::new();
    let read = stdin().lock().read_line(&mut line);
    read.map_err(|error| Error::invalid("password", "Standard input cannot be read").source(error))?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
