//! CSV with a first line of names, as rows.

use busbar_kernel::{Error, Result};
use serde_json::Value;

use crate::grid::GridRow;

/// Reads rows, each with the line it begins on; an empty field counts as NULL, which CSV cannot say otherwise.
///
/// # Errors
/// `input.invalid` for a file that is not UTF-8, has no names, a name twice, a line of another length, or a quote that
/// never ends; the message names the line.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<(usize, GridRow)>> {
    let refuse = |why: String| Error::invalid("file", why);
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("The file is not UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = lines(text)?.into_iter();
    let (_, names) = lines.next().unwrap_or_default();
    if names.iter().all(String::is_empty) {
        return Err(refuse("Line 1 should name the columns".to_owned()));
    }
    if let Some(twice) = names
        .iter()
        .enumerate()
        .find(|(at, name)| names[..*at].contains(name))
    {
        return Err(refuse(format!("Line 1 names the column \"{}\" twice", twice.1)));
    }
    let mut rows = Vec::new();
    for (number, fields) in lines {
        if fields.len() == 1 && fields[0].is_empty() {
            continue;
        }
        if fields.len() != names.len() {
            let why = format!("Line {number} has {} fields, not {}", fields.len(), names.len());
            return Err(refuse(why));
        }
        let value = |field: String| {
            if field.is_empty() {
                Value::Null
            } else {
                field.into()
            }
        };
        let row = names.iter().cloned().zip(fields.into_iter().map(value)).collect();
        rows.push((number, row));
    }
    Ok(rows)
}

/// The fields of every line, with the number it begins on.
fn lines(text: &str) -> Result<Vec<(usize, Vec<String>)>> {
    if let Some(number) = unclosed(text) {
        let why = format!("Line {number} opens a quote that never ends");
        return Err(Error::invalid("file", why));
    }
    let mut reader = csv_core::Reader::new();
    let (mut input, mut lines, mut line) = (text.as_bytes(), Vec::new(), Vec::new());
    let (mut field, mut buffer) = (Vec::new(), [0; 4096]);
    let mut counter = Counter {
        text: text.as_bytes(),
        at: 0,
        line: 1,
    };
    let mut begins = counter.next_line(input);
    loop {
        let (result, read, written) = reader.read_field(input, &mut buffer);
        input = &input[read..];
        field.extend_from_slice(&buffer[..written]);
        match result {
            csv_core::ReadFieldResult::Field { record_end } => {
                // Cut from UTF-8 at ASCII marks, it is UTF-8.
                line.push(String::from_utf8_lossy(&field).into_owned());
                field.clear();
                if record_end {
                    lines.push((begins, std::mem::take(&mut line)));
                    begins = counter.next_line(input);
                }
            }
            csv_core::ReadFieldResult::End => return Ok(lines),
            csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
        }
    }
}

/// Counts lines up to where a record begins.
struct Counter<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl Counter<'_> {
    /// The number of the first line of `rest` that is not empty.
    fn next_line(&mut self, rest: &[u8]) -> usize {
        let empty = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        let to = self.text.len() - rest.len() + empty;
        self.line += self.text[self.at..to]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.at = to;
        self.line
    }
}

/// The line of a quote that never ends: the reader forgives it, and takes the rest of the file for one field.
fn unclosed(text: &str) -> Option<usize> {
    let (mut opened, mut begins, mut line) = (None, true, 1);
    for byte in text.bytes() {
        line += usize::from(byte == b'\n');
        match (opened, byte) {
            // A doubled quote ends and opens again.
            (Some(_), b'"') => opened = None,
            (None, b'"') if begins => opened = Some(line),
            _ => {}
        }
        begins = opened.is_none() && matches!(byte, b',' | b'\n' | b'\r' | b'"');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_become_rows_and_know_where_they_were() {
        let read = rows("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n2,\n".as_bytes()).unwrap();
        assert_eq!(
            json!(read),
            json!([[2, {"a": "1", "b": "x, \"y\"\nz"}], [5, {"a": "2", "b": null}]])
        );
    }

    #[test]
    fn what_is_no_table_is_refused_by_its_line() {
        for (bad, said) in [
            ("", "Line 1 "),
            ("\n", "Line 1 "),
            ("a,a\n1,2\n", "twice"),
            ("a,b\n1,2\n3\n", "Line 3 has 1 fields, not 2"),
            ("a\n\u{1}\n1,2", "Line 3 "),
            ("a,b\n1,2\n3,\"x\n4,5\n", "Line 3 opens a quote"),
            ("a,b\n\"1\"\"\",2\n3,\"x\n", "Line 3 opens a quote"),
        ] {
            let error = rows(bad.as_bytes()).unwrap_err();
            assert!(error.message().contains(said), "{bad:?}: {}", error.message());
        }
        assert!(rows(b"a\n\xff").is_err());
        assert_eq!(rows(b"a,b\n5\" pipe,2\n").unwrap().len(), 1);
    }
}
