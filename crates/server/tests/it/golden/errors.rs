//! Every dotted error code in the sources, with its kind, its sentence and the crate that raises it.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{NOTE, golden, row};
use crate::repository;

/// The constructors of `kernel::Error` and the kind each makes.
const CONSTRUCTORS: [(&str, &str); 7] = [
    ("invalid", "Invalid"),
    ("not_found", "NotFound"),
    ("unauthenticated", "Unauthenticated"),
    ("forbidden", "Forbidden"),
    ("conflict", "Conflict"),
    ("unavailable", "Unavailable"),
    ("internal", "Internal"),
];

/// The kind that a documented status stands for, for codes declared as constants.
const STATUSES: [(&str, &str); 9] = [
    ("400", "Invalid"),
    ("401", "Unauthenticated"),
    ("403", "Forbidden"),
    ("404", "NotFound"),
    ("409", "Conflict"),
    ("413", "TooLarge"),
    ("429", "RateLimited"),
    ("503", "Unavailable"),
    ("504", "Timeout"),
];

const CODE: &str = r#""([a-z][a-z_0-9]*\.[a-z_0-9.]+)""#;
const MESSAGE: &str = r#"(?:,\s*"([^"\n{]*)")?"#;

#[derive(Default)]
struct Code {
    kinds: BTreeSet<&'static str>,
    places: BTreeSet<String>,
    meaning: String,
}

#[test]
fn errors() {
    let mut page = format!(
        "# Error codes\n\n{NOTE}\n\nThe stable codes of `kernel::Error`. An app may write its own word on the wire; logs \
         always carry these. Where the sentence depends on the case, the column is empty.\n\n\
         | code | kind | sentence | raised in |\n|---|---|---|---|\n"
    );
    for (code, found) in collect() {
        let kinds: Vec<_> = found.kinds.into_iter().collect();
        let places: Vec<_> = found.places.into_iter().collect();
        page += &row(&[
            &format!("`{code}`"),
            &kinds.join(", "),
            &found.meaning,
            &places.join(", "),
        ]);
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
    let patterns = Patterns::new();
    let mut codes = BTreeMap::new();
    let mut sources = repository::files("crates");
    sources.extend(repository::files("apps"));
    sources.retain(|path| path.ends_with(".rs") && path.contains("/src/") && !path.contains("/testkit/"));
    for path in sources {
        let text = repository::text(&path);
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let place = path.split('/').nth(1).unwrap_or_default();
        patterns.read(text, place, &mut codes);
    }
    codes
}

/// The ways in which the sources give an error its code.
struct Patterns {
    /// `Kind::Conflict, "store.unique_violation"`, in a call or in a table.
    kind: Regex,
    /// `Error::forbidden("access.denied", "…")`
    constructor: Regex,
    /// `Error::not_found("bucket")`
    missing: Regex,
    /// `.code("files.key_invalid")`
    replaced: Regex,
    /// `Error::invalid(`
    opening: Regex,
    /// `/// What it means (401).` and `pub const NAME: &str = "…";` below it
    constant: Regex,
}

impl Patterns {
    fn new() -> Self {
        let regex = |pattern: String| Regex::new(&pattern).unwrap();
        Self {
            kind: regex(format!(r"Kind::(\w+),\s*{CODE}{MESSAGE}")),
            constructor: regex(format!(r"Error::(\w+)\(\s*{CODE}{MESSAGE}")),
            missing: regex(r#"Error::not_found\(\s*"([a-z_ ]+)"\s*\)"#.to_owned()),
            replaced: regex(format!(r"\.code\({CODE}\)")),
            opening: regex(r"Error::(\w+)\(".to_owned()),
            constant: regex(format!(
                r"/// ([^\n]*?) ?\((\d+)[^\n]*\npub const \w+: &str = {CODE};"
            )),
        }
    }

    fn read(&self, text: &str, place: &str, codes: &mut BTreeMap<String, Code>) {
        let mut note = |code: &str, kind: Option<&'static str>, meaning: &str| {
            let found = codes.entry(code.to_owned()).or_default();
            found.kinds.extend(kind);
            found.places.insert(place.to_owned());
            if found.meaning.is_empty() {
                meaning.clone_into(&mut found.meaning);
            }
        };
        let message =
            |found: &regex::Captures<'_>| found.get(3).map_or("", |message| message.as_str()).to_owned();
        for found in self.kind.captures_iter(text) {
            note(&found[2], known(&found[1]), &message(&found));
        }
        for found in self.constructor.captures_iter(text) {
            let kind = of(&CONSTRUCTORS, &found[1]);
            // The first text of `invalid` is a field, of `internal` a fact for the operator.
            if kind.is_some_and(|kind| !matches!(kind, "Invalid" | "Internal")) {
                note(&found[2], kind, &message(&found));
            }
        }
        for found in self.missing.captures_iter(text) {
            let sentence = format!("There is no such {}", &found[1]);
            note(&format!("{}.not_found", &found[1]), Some("NotFound"), &sentence);
        }
        for found in self.replaced.captures_iter(text) {
            let before = &text[..found.get(0).map_or(0, |whole| whole.start())];
            let opening = self.opening.captures_iter(before).last();
            note(
                &found[1],
                opening.and_then(|opening| of(&CONSTRUCTORS, &opening[1])),
                "",
            );
        }
        for found in self.constant.captures_iter(text) {
            note(&found[3], of(&STATUSES, &found[2]), &found[1]);
        }
        if text.contains("Error::invalid(") {
            note("input.invalid", Some("Invalid"), "");
        }
    }
}

fn of(pairs: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    pairs
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

/// A kind as it is written in the sources.
fn known(word: &str) -> Option<&'static str> {
    let kinds = CONSTRUCTORS.iter().chain(&STATUSES).map(|(_, kind)| *kind);
    kinds.chain(["Unsupported"]).find(|kind| *kind == word)
}
