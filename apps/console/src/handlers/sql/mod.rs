//! SQL by hand.

pub(crate) mod run;
pub(crate) mod show;

use busbar_kernel::Error;
use busbar_workbench::Place;

/// An error of a text of SQL, its place told as a compiler does: `query:3:14`.
pub(crate) fn placed(field: &str, error: Error) -> Error {
    match Place::of(&error) {
        Some(place) => error.field(format!("{field}:{}:{}", place.line, place.column)),
        None => error,
    }
}
