//! `storage.foldername`, `storage.filename` and `storage.extension`, as policies use them on SQLite.

use busbar_kernel::Result;
use busbar_store::{SqliteFunction, Value, ValueRef};

/// A part of a path, whose segments are parted by slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathPart {
    /// `(storage.foldername(…))[n]`: the n-th segment, counted from 1, when it is not the last.
    Folder(u32),
    /// `storage.filename(…)`: the last segment.
    Name,
    /// `storage.extension(…)`: what follows the last dot of the last segment.
    Extension,
}

impl PathPart {
    /// How the function of SQLite is told.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Folder(place) => i64::from(place),
            Self::Name => -1,
            Self::Extension => -2,
        }
    }
}

/// The functions that compiled policies call, beside those of the records: to be given to
/// `StoreSettings::sqlite_functions` before the store is opened.
pub fn sqlite_functions() -> Vec<SqliteFunction> {
    vec![SqliteFunction::new("busbar_path", 2, |arguments| {
        Ok(call(arguments)?.map_or(Value::Null, |part| Value::Text(part.to_owned())))
    })]
}

fn call<'a>(arguments: &[ValueRef<'a>]) -> Result<Option<&'a str>> {
    let (Some(ValueRef::Text(path)), Some(ValueRef::Integer(number))) = (arguments.first(), arguments.get(1))
    else {
        return Ok(None);
    };
    let Ok(path) = std::str::from_utf8(path) else {
        return Ok(None);
    };
    Ok(part(path, *number))
}

fn part(path: &str, number: i64) -> Option<&str> {
    let (folders, name) = match path.rsplit_once('/') {
        Some((folders, name)) => (Some(folders), name),
        None => (None, path),
    };
    match number {
        -1 => Some(name),
        -2 => Some(name.rsplit_once('.')?.1),
        place => folders?.split('/').nth(usize::try_from(place - 1).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_paths() {
        for (path, number, found) in [
            ("a/b/c.tar.gz", 1, Some("a")),
            ("a/b/c.tar.gz", 2, Some("b")),
            ("a/b/c.tar.gz", 3, None),
            ("a/b/c.tar.gz", 0, None),
            ("c.png", 1, None),
            ("", 1, None),
            ("/c", 1, Some("")),
            ("a/b/c.tar.gz", -1, Some("c.tar.gz")),
            ("c", -1, Some("c")),
            ("a/", -1, Some("")),
            ("a/b/c.tar.gz", -2, Some("gz")),
            ("a.b/c", -2, None),
            ("c.", -2, Some("")),
        ] {
            assert_eq!(part(path, number), found, "{path} {number}");
        }
    }
}
