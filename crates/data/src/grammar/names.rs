//! `a,"b c"`: the lists of `columns` and `on_conflict`.

use busbar_kernel::Result;

use super::cursor::Cursor;

/// The names of a list; an empty text is an empty list.
pub(crate) fn name_list(what: &'static str, text: &str) -> Result<Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut cursor = Cursor::new(what, text);
    let mut names = Vec::new();
    loop {
        cursor.skip_blanks();
        names.push(cursor.name()?.into_owned());
        cursor.skip_blanks();
        if cursor.done() {
            return Ok(names);
        }
        if !cursor.eat(",") {
            return Err(cursor.failure("\",\" or end of input"));
        }
    }
}
