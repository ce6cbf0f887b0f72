//! Where in a text of SQL an error lies.

use busbar_kernel::Error;
use busbar_store::{POSITION, REWRITTEN, RawStatement, STATEMENT, Statement};

use super::plan::Planned;

const LINE: &str = "line";
const COLUMN: &str = "column of the text";

/// A place in a text, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// Where an error of raw SQL or of a migration lies, where that is known.
    pub fn of(error: &Error) -> Option<Self> {
        Some(Self {
            line: fact(error, LINE)?,
            column: fact(error, COLUMN)?,
        })
    }

    /// The place of the byte `at`.
    fn at(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line,
            column: last.chars().count() + 1,
        }
    }
}

fn fact(error: &Error, name: &str) -> Option<usize> {
    let found = error.context().iter().rev().find(|(known, _)| *known == name);
    found.and_then(|(_, value)| value.parse().ok())
}

/// Where each statement begins in the text it was cut from, in bytes.
pub(super) fn starts(text: &str, written: &[Statement]) -> Vec<usize> {
    let mut from = 0;
    let start = |statement: &Statement| {
        let rest = text.get(from..).unwrap_or_default();
        let at = rest.find(&statement.text).map_or(from, |found| from + found);
        from = at + statement.text.len();
        at
    };
    written.iter().map(start).collect()
}

/// The error of the statement that begins at the byte `start`, with its place in the whole text.
pub(super) fn located(error: Error, text: &str, start: usize) -> Error {
    located_after(error, 0, text, start)
}

/// As [`located`], where so many characters of ours ran before the statement.
fn located_after(error: Error, ours: usize, text: &str, start: usize) -> Error {
    let statement = text.get(start..).unwrap_or_default();
    let rewritten = error.context().iter().any(|(name, _)| *name == REWRITTEN);
    let position = fact(&error, POSITION).filter(|_| !rewritten);
    let characters = position.map_or(0, |position| position.saturating_sub(1 + ours));
    let within = statement.char_indices().nth(characters).map_or(0, |(at, _)| at);
    let place = Place::at(text, start + within);
    error
        .with(LINE, place.line.to_string())
        .with(COLUMN, place.column.to_string())
}

/// The error of a script with its place in the text that it was made of.
pub(super) fn placed(error: Error, text: &str, planned: &Planned) -> Error {
    let Some(failed) = fact(&error, STATEMENT) else {
        return error;
    };
    let Some(at) = planned.answers.iter().position(|place| *place == Some(failed)) else {
        return error;
    };
    let ran = planned
        .script
        .get(failed)
        .map(|statement: &RawStatement| statement.sql.as_str());
    let Some(ours) = ran.and_then(|sql| sql.strip_suffix(planned.written[at].text.as_str())) else {
        return error;
    };
    located_after(error, ours.chars().count(), text, planned.starts[at])
}

#[cfg(test)]
mod tests {
    use busbar_store::{Dialect, statements};

    use super::*;

    #[test]
    fn a_place_is_counted_in_the_whole_text() {
        let text = "SELECT 1;\n\n SELECT 'å', wrong";
        let written = statements(text, Dialect::Postgres);
        let starts = starts(text, &written);
        assert_eq!(starts, [0, 12]);
        let error = Error::invalid("query", "no such column").with(POSITION, "13");
        let place = Place::of(&located(error, text, starts[1]));
        assert_eq!(place, Some(Place { line: 3, column: 14 }));
    }
}
