//! What each mode demands: production and staging refuse weak configurations and say every reason at once.

use std::collections::BTreeSet;

use busbar_kernel::variables::{Mode, Problem, Rule};
use busbar_server::{exposure, variables};
use busbar_testkit::app;

fn resolve(pairs: &[(&str, &str)]) -> Result<Mode, Vec<Problem>> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    app::settings(pairs.collect()).map(|settings| settings.mode())
}

fn complaints(pairs: &[(&str, &str)]) -> Vec<String> {
    let problems = resolve(pairs).expect_err("this configuration is refused");
    problems.into_iter().map(|problem| problem.message).collect()
}

#[test]
fn development_needs_nothing() {
    assert_eq!(resolve(&[]), Ok(Mode::Development));
    assert_eq!(
        resolve(&[("NODE_ENV", "prod"), ("APP_ENV", "dev")])
            .unwrap_err()
            .len(),
        1
    );
    assert_eq!(resolve(&[("NODE_ENV", "test")]), Ok(Mode::Test));
}

#[test]
fn an_unknown_mode_is_refused_by_name() {
    let said = complaints(&[("APP_ENV", "prodution")]);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("APP_ENV") && said[0].contains("prodution"),
        "{said:?}"
    );
}

#[test]
fn strict_modes_say_every_reason_at_once() {
    for mode in ["production", "staging"] {
        let said = complaints(&[
            ("APP_ENV", mode),
            ("PORT", "seven"),
            ("CORS_ORIGIN", "*"),
            ("INTERNAL_API_KEY", "secret"),
        ]);
        for variable in ["PORT", "CORS_ORIGIN", "INTERNAL_API_KEY", "BUSBAR_APPS"] {
            assert!(
                said.iter().any(|line| line.starts_with(variable)),
                "{mode}: {variable} is not in {said:#?}"
            );
        }
    }
}

/// A value that breaks the rule, where a value can.
fn breaking(rule: Rule) -> Option<&'static str> {
    match rule {
        Rule::Required | Rule::Named => None,
        Rule::MinimumLength(_) => Some("aB3$x"),
        Rule::NotWeak => Some("change-me-change-me-change-me-change-me"),
        Rule::NoWildcard => Some("https://*.example.com"),
        Rule::HttpsOnly => Some("http://example.com"),
        Rule::NotLoopback => Some("https://localhost"),
        Rule::MustBe(_) => Some("something-else"),
        Rule::MustNotBe(unwanted) => Some(unwanted),
    }
}

#[test]
fn every_rule_of_the_table_is_in_force() {
    let mut tried = 0;
    for entry in variables::table() {
        for rule in entry.rules {
            let pairs = match breaking(*rule) {
                Some(value) => vec![("APP_ENV", "production"), (entry.name, value)],
                None => vec![("APP_ENV", "production")],
            };
            let said = complaints(&pairs);
            assert!(
                said.iter().any(|line| line.starts_with(entry.name)),
                "{} under {rule:?}: {said:#?}",
                entry.name
            );
            tried += 1;
        }
    }
    assert!(tried > 3, "only {tried} rules were tried");
}

#[test]
fn secrets_are_never_quoted_in_a_complaint() {
    let secret = "hunter2-hunter2";
    let mut pairs = vec![("APP_ENV", "production")];
    let entries = variables::table();
    pairs.extend(
        entries
            .iter()
            .filter(|entry| entry.secret)
            .map(|entry| (entry.name, secret)),
    );
    let said = complaints(&pairs);
    let telling: BTreeSet<_> = said.iter().filter(|line| line.contains(secret)).collect();
    assert!(telling.is_empty(), "{telling:#?}");
}

#[test]
fn a_development_server_on_a_public_address_needs_a_chosen_password() {
    let exposed = |pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        exposure::check(&app::settings(pairs.collect()).unwrap())
    };
    for host in ["127.0.0.1", "::1", "localhost", "127.0.0.2"] {
        assert!(exposed(&[("HOST", host)]).is_ok(), "{host}");
    }
    assert!(exposed(&[]).is_ok());
    for host in ["0.0.0.0", "::", "192.0.2.7", "busbar.example"] {
        let refused = exposed(&[("HOST", host)]).unwrap_err();
        assert!(refused.message().contains("ADMIN_PASSWORD"), "{refused}");
        let chosen = [("HOST", host), ("ADMIN_PASSWORD", "correct-Horse-7-operator")];
        assert!(exposed(&chosen).is_ok(), "{host}");
    }
}

#[test]
fn what_is_open_as_in_the_original_is_listed() {
    let rows: Vec<_> = variables::table()
        .into_iter()
        .filter(|entry| entry.name.starts_with("INSFORGE_COMPAT_"))
        .collect();
    let listed = |value: &str| {
        let pairs = rows.iter().map(|row| (row.name.to_owned(), value.to_owned()));
        exposure::opened(&app::settings(pairs.collect()).unwrap()).len()
    };
    assert_eq!((listed("safe"), listed("original")), (0, rows.len()));
    for row in &rows {
        assert_eq!(
            row.default,
            Some("safe"),
            "{} is safe unless somebody says otherwise",
            row.name
        );
    }
}
