//! The references under docs/reference/ and the example files, compared with what the code says.
//!
//! `BLESS=1 cargo test -p busbar-server --test it golden` writes them anew.

mod errors;
mod routes;
mod variables;

use std::fs;

use busbar_testkit::environment;

use crate::repository::root;

/// What every generated page begins with.
const NOTE: &str = "Written by `BLESS=1 cargo test -p busbar-server --test it golden`; do not edit.";

/// Compares a generated text with the file, or writes it where the test is told to.
fn golden(path: &str, text: &str) {
    let file = root().join(path);
    if environment::bless() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        return;
    }
    let known = fs::read_to_string(&file).unwrap_or_default();
    if known == text {
        return;
    }
    let mut pairs = known.lines().zip(text.lines()).enumerate();
    let (number, was, is) = match pairs.find(|(_, (was, is))| was != is) {
        Some((number, (was, is))) => (number + 1, was, is),
        None => (
            known.lines().count().min(text.lines().count()) + 1,
            "(the end differs)",
            "",
        ),
    };
    panic!(
        "{path} is not what the code says, first at line {number}:\n  file: {was}\n  code: {is}\nBLESS=1 accepts it"
    );
}

/// A row of a table, with what would break it escaped.
fn row(cells: &[&str]) -> String {
    let cells: Vec<_> = cells
        .iter()
        .map(|cell| cell.replace('|', "\\|").replace('\n', " "))
        .collect();
    format!("| {} |\n", cells.join(" | "))
}
