//! The variable table as a page and as two example files.

use std::fmt::Write;

use busbar_kernel::variables::{Entry, Mode, Rule};
use busbar_server::variables;
use busbar_testkit::app;

use super::{NOTE, golden, row};

#[test]
fn page() {
    let mut page = format!(
        "# Variables\n\n{NOTE}\n\n`busbar config` prints the same table with the values in force. Names are compared without \
         regard to case. A name with `<APP>__` before it counts for that app alone.\n"
    );
    for (group, entries) in groups() {
        write!(
            page,
            "\n## {group}\n\n| name | default | what it does | in production |\n|---|---|---|---|\n"
        )
        .unwrap();
        for entry in entries {
            let mut name = format!("`{}`", entry.name);
            if !entry.aliases.is_empty() {
                write!(name, " (also {})", quoted(entry.aliases)).unwrap();
            }
            let default = entry
                .default
                .map(|value| format!("`{value}`"))
                .unwrap_or_default();
            let mut help = entry.help.to_owned();
            if entry.secret {
                help += "; secret";
            }
            if let Some(need) = entry.turns_on {
                write!(help, "; turns on: {need}").unwrap();
            }
            let rules: Vec<_> = entry.rules.iter().map(rule).collect();
            page += &row(&[&name, &default, &help, &rules.join(", ")]);
        }
    }
    golden("docs/reference/variables.md", &page);
}

#[test]
fn example() {
    let mut text = format!(
        "# {NOTE}\n# Copy to .env. Nothing here has to be set: what is commented out shows the default.\n"
    );
    for (group, entries) in groups() {
        write!(text, "\n# --- {group} ---\n").unwrap();
        for entry in entries {
            write!(
                text,
                "\n# {}\n# {}={}\n",
                entry.help,
                entry.name,
                entry.default.unwrap_or_default()
            )
            .unwrap();
        }
    }
    golden(".env.example", &text);
}

#[test]
fn production_example() {
    golden(".env.production.example", &production_text());
}

fn production_text() -> String {
    let mut text = format!(
        "# {NOTE}\n# What production demands, and what it checks when it is set. Fill in what is empty; `busbar config` names what \
         is missing.\n# `openssl rand -hex 32` makes a secret.\n\nAPP_ENV=production\n"
    );
    for entry in variables::table()
        .into_iter()
        .filter(|entry| !entry.rules.is_empty())
    {
        let demanded = entry
            .rules
            .iter()
            .any(|rule| matches!(rule, Rule::Required | Rule::Named));
        let mark = if demanded { "" } else { "# " };
        let rules: Vec<_> = entry.rules.iter().map(rule).collect();
        write!(
            text,
            "\n# {} ({})\n{mark}{}=\n",
            entry.help,
            rules.join(", "),
            entry.name
        )
        .unwrap();
    }
    text
}

#[test]
fn the_production_example_is_enough_when_it_is_filled_in() {
    let mut pairs = Vec::new();
    for line in production_text().lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, value)) = line.split_once('=') {
            let value = match name {
                _ if !value.is_empty() => value,
                "BUSBAR_APPS" => "insforge,console",
                "ADMIN_EMAIL" => "operator@example.org",
                _ => "9f1c4be07d2a86531c0e7b94fa28d6c35e17a09b4cd2836f",
            };
            pairs.push((name.to_owned(), value.to_owned()));
        }
    }
    let settings = app::settings(pairs).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(settings.mode(), Mode::Production);
}

/// The table by group, in the order of first appearance.
fn groups() -> Vec<(&'static str, Vec<&'static Entry>)> {
    let mut groups: Vec<(&'static str, Vec<&'static Entry>)> = Vec::new();
    for entry in variables::table() {
        match groups.iter_mut().find(|(name, _)| *name == entry.group) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((entry.group, vec![entry])),
        }
    }
    groups
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Required => "must be set".to_owned(),
        Rule::Named => "must be set by name".to_owned(),
        Rule::MinimumLength(least) => format!("at least {least} characters"),
        Rule::NotWeak => "no well-known value".to_owned(),
        Rule::NoWildcard => "no wildcard".to_owned(),
        Rule::HttpsOnly => "https only".to_owned(),
        Rule::NotLoopback => "not this machine".to_owned(),
        Rule::MustBe(wanted) => format!("must be {wanted}"),
        Rule::MustNotBe(unwanted) => format!("must not be {unwanted}"),
    }
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
