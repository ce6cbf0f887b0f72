//! The program itself: its commands, its output, its end.

use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn busbar(folder: &TempDir, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_busbar"));
    command.current_dir(folder.path()).env_clear();
    command.envs(variables.iter().copied());
    command
}

fn run(variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    busbar(&folder, variables).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn config_prints_every_variable_and_no_secret() {
    let secret = "a-secret-that-nobody-may-read-0123456789";
    let output = run(
        &[("INTERNAL_API_KEY", secret), ("PORT", "7999")],
        &["config", "--json"],
    );
    assert!(output.status.success());
    assert!(!String::from_utf8_lossy(&output.stdout).contains(secret));
    let printed = json(&output);
    let rows = printed["variables"].as_array().unwrap();
    assert_eq!(rows.len(), busbar_server::variables::table().len());
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(row("PORT")["value"], "7999");
    assert_eq!(row("PORT")["source"], "environment");
    assert_eq!(row("INTERNAL_API_KEY")["value"], "********");
    assert_eq!(row("MAX_JSON_BODY_SIZE")["source"], "default");
}

#[test]
fn config_answers_every_problem_and_fails() {
    let output = run(&[("APP_ENV", "production"), ("PORT", "x")], &["config", "--json"]);
    assert!(!output.status.success());
    let problems = json(&output)["problems"].as_array().unwrap().len();
    assert!(problems >= 2, "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn doctor_says_what_is_embedded() {
    let output = run(&[], &["doctor", "--json"]);
    let printed = json(&output);
    assert!(output.status.success(), "{printed}");
    assert_eq!(printed["ok"], true);
    let needs = printed["needs"].as_array().unwrap();
    assert!(
        !needs.is_empty() && needs.iter().all(|need| need["embedded"] == true),
        "{printed}"
    );
}

#[test]
fn production_does_not_start_on_defaults() {
    let output = run(&[("APP_ENV", "production")], &["serve"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("BUSBAR_APPS"), "{said}");
}
