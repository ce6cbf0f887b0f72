//! Every dotted error code in the sources, with its kind and the crate that raises it.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{NOTE, golden, row};
use crate::repository;

/// The constructors of `kernel::Error` that take a code, and the kind each makes.
const CONSTRUCTORS: [(&str, &str); 4] = [
    ("unauthenticated", "Unauthenticated"),
    ("forbidden", "Forbidden"),
    ("conflict", "Conflict"),
    ("unavailable", "Unavailable"),
];

#[derive(Default)]
struct Code {
    kinds: BTreeSet<String>,
    places: BTreeSet<String>,
}

#[test]
fn errors() {
    let mut page = format!(
        "# Error codes\n\n{NOTE}\n\nThe stable codes of `kernel::Error`. An app may write its own word on the wire; logs always \
         carry these.\n\n| code | kind | raised in |\n|---|---|---|\n"
    );
    for (code, found) in collect() {
        let kinds: Vec<_> = found.kinds.into_iter().collect();
        let places: Vec<_> = found.places.into_iter().collect();
        page += &row(&[&format!("`{code}`"), &kinds.join(", "), &places.join(", ")]);
    }
    golden("docs/reference/errors.md", &page);
}

#[test]
fn a_code_has_one_kind() {
    let torn: Vec<_> = collect()
        .into_iter()
        .filter(|(_, found)| found.kinds.len() > 1)
        .map(|(code, found)| format!("{code} is {:?}", found.kinds))
        .collect();
    repository::none("codes of more than one kind", &torn);
}

fn collect() -> BTreeMap<String, Code> {
    let new = Regex::new(r#"Error::new\(\s*(?:busbar_kernel::)?Kind::(\w+),\s*"([a-z_.]+)""#).unwrap();
    let missing = Regex::new(r#"Error::not_found\(\s*"([a-z_ ]+)"\s*\)"#).unwrap();
    let mut codes: BTreeMap<String, Code> = BTreeMap::new();
    let mut sources = repository::files("crates");
    sources.extend(repository::files("apps"));
    sources.retain(|path| path.ends_with(".rs") && path.contains("/src/") && !path.contains("/testkit/"));
    for path in sources {
        let text = repository::text(&path);
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let place = path.split('/').nth(1).unwrap_or_default();
        let mut note = |code: &str, kind: &str| {
            let found = codes.entry(code.to_owned()).or_default();
            found.kinds.insert(kind.to_owned());
            found.places.insert(place.to_owned());
        };
        for found in new.captures_iter(text) {
            note(&found[2], &found[1]);
        }
        for found in missing.captures_iter(text) {
            note(&format!("{}.not_found", &found[1]), "NotFound");
        }
        for (constructor, kind) in CONSTRUCTORS {
            let call = Regex::new(&format!(r#"Error::{constructor}\(\s*"([a-z_.]+)""#)).unwrap();
            for found in call.captures_iter(text) {
                note(&found[1], kind);
            }
        }
        if text.contains("Error::invalid(") {
            note("input.invalid", "Invalid");
        }
    }
    codes
}
