//! The command line, one file per command.

mod admin;
mod adopt;
mod config;
mod doctor;
mod health;
mod migrate;
mod openapi;
mod output;
mod serve;

use std::future::Future;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::say;

/// A back end in one program.
#[derive(Parser)]
#[command(
    name = "busbar",
    version,
    about = "A back end in one program.",
    disable_help_subcommand = true
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server.
    Serve,
    /// Brings every database up to date, without listening.
    Migrate,
    /// Takes over a PostgreSQL database that InsForge made: says what it finds and would change.
    Adopt {
        /// Changes it, in one transaction.
        #[arg(long)]
        yes: bool,
    },
    /// Looks after operators.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Prints every variable: its value, where it comes from, what it does.
    Config {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Connects to everything that is configured, and says what is embedded.
    Doctor {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Asks the running server on PORT whether it is ready; for container health checks.
    Health,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Creates an operator, or gives one a new password and ends its sessions.
    Create {
        /// The name to sign in with, usually an address.
        email: String,
        /// Reads the password from standard input instead of making one.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Runs the command line.
pub fn run() -> ExitCode {
    match CommandLine::parse().command {
        Command::Serve => on_runtime(serve::run()),
        Command::Migrate => on_runtime(migrate::run()),
        Command::Adopt { yes } => on_runtime(adopt::run(yes)),
        Command::Admin {
            command:
                AdminCommand::Create {
                    email,
                    password_stdin,
                },
        } => on_runtime(admin::create(&email, password_stdin)),
        Command::Config { json } => config::run(json),
        Command::Doctor { json } => on_runtime(doctor::run(json)),
        Command::Openapi => on_runtime(openapi::run()),
        Command::Health => on_runtime(health::run()),
    }
}

fn on_runtime(command: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => {
            say(&format!("The runtime cannot be started: {error}"));
            ExitCode::FAILURE
        }
    }
}
