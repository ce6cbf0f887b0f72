//! The table of PostgREST's contract against the tests it names.

use std::collections::BTreeSet;

use regex::Regex;

use crate::repository::{self, none};

/// How many numbered behaviours each part of the contract has.
const PARTS: [(&str, usize); 9] = [
    ("R", 8),
    ("F", 20),
    ("S", 15),
    ("O", 12),
    ("P", 11),
    ("W", 13),
    ("C", 9),
    ("M", 8),
    ("A", 13),
];

#[test]
fn every_test_that_the_table_names_exists() {
    let name = Regex::new(r"fn ([a-z0-9_]+)\(").unwrap();
    let mut sources = repository::files("crates");
    sources.extend(repository::files("apps"));
    sources.retain(|path| path.ends_with(".rs"));
    let known: BTreeSet<String> = sources
        .iter()
        .flat_map(|path| {
            let text = repository::text(path);
            name.captures_iter(&text)
                .map(|found| found[1].to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    let page = repository::text("docs/reference/musts.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let named = rows.filter_map(|row| row.trim_end_matches(" |").rsplit(" | ").next());
    let tests = Regex::new("`([a-z0-9_]+)`").unwrap();
    let wrong: Vec<String> = named
        .flat_map(|cell| tests.captures_iter(cell).map(|found| found[1].to_owned()))
        .filter(|test| !known.contains(test))
        .collect();
    none(
        "tests that docs/reference/musts.md names and nobody wrote",
        &wrong,
    );
}

/// The codes of the contract's section 9; the page says of each who proves it or why it cannot occur.
const CODES: &str = "000 003 100 101 102 103 105 106 107 108 109 110 111 112 114 115 116 117 118 119 120 121 122 123 124 125 126 127 \
                     128 200 201 202 203 204 205 300 301 302 303 X00";

#[test]
fn the_page_has_every_code_of_the_contract() {
    let page = repository::text("docs/reference/musts.md").replace("PGRST000–003", "PGRST000 PGRST003");
    let wrong: Vec<String> = CODES
        .split_whitespace()
        .map(|code| format!("PGRST{code}"))
        .filter(|code| !page.contains(code))
        .collect();
    none("codes that docs/reference/musts.md does not speak of", &wrong);
}

#[test]
fn the_table_has_every_must_of_the_contract() {
    let page = repository::text("docs/reference/musts.md");
    let wrong: Vec<String> = PARTS
        .iter()
        .flat_map(|(part, count)| (1..=*count).map(move |number| format!("{part}{number}")))
        .filter(|must| !page.contains(&format!("\n| {must} | ")))
        .collect();
    none("musts without a row in docs/reference/musts.md", &wrong);
}
