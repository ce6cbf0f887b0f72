//! Comma-separated values, as RFC 4180 has them.

use std::borrow::Cow;

use busbar_kernel::Result;

use super::body::Sink;
use super::json::Token;
use crate::refusal::pgrst;

/// Calls `row` with each line's fields under the names of the first line.
pub(super) fn each<'b>(text: &'b str, row: &mut Sink<'_, 'b>) -> Result<()> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rest = text;
    let mut fields = Vec::new();
    rest = line(rest, &mut fields)?;
    let names: Vec<Cow<'b, str>> = std::mem::take(&mut fields);
    if names.iter().all(|name| name.is_empty()) {
        return Ok(());
    }
    let mut cells = Vec::with_capacity(names.len());
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) {
            // A blank line is no row.
            rest = after;
            continue;
        }
        rest = line(rest, &mut fields)?;
        if fields.len() != names.len() {
            return Err(pgrst("PGRST102", "All lines must have same number of fields"));
        }
        cells.extend(
            names
                .iter()
                .cloned()
                .zip(fields.drain(..).map(|field| match field.as_ref() {
                    "NULL" => Token::Null,
                    _ => Token::Text(field),
                })),
        );
        row(&mut cells)?;
        cells.clear();
    }
    Ok(())
}

/// Reads one line's fields and returns what follows it.
fn line<'b>(text: &'b str, fields: &mut Vec<Cow<'b, str>>) -> Result<&'b str> {
    let mut rest = text;
    loop {
        let field = match rest.strip_prefix('"') {
            Some(inner) => {
                let (field, after) = quoted(inner)?;
                rest = after;
                field
            }
            None => {
                let end = rest.find([',', '\n', '\r']).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                rest = after;
                Cow::Borrowed(field)
            }
        };
        fields.push(field);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
        } else if let Some(after) = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\n', '\r']))
        {
            return Ok(after);
        } else if rest.is_empty() {
            return Ok(rest);
        } else {
            return Err(pgrst(
                "PGRST102",
                "A quoted CSV field must end at a comma or a line's end",
            ));
        }
    }
}

fn quoted(text: &str) -> Result<(Cow<'_, str>, &str)> {
    let mut field: Cow<'_, str> = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let end = rest
            .find('"')
            .ok_or_else(|| pgrst("PGRST102", "A quoted CSV field has no end"))?;
        if field.is_empty() {
            field = Cow::Borrowed(&rest[..end]);
        } else {
            field.to_mut().push_str(&rest[..end]);
        }
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                field.to_mut().push('"');
                rest = after;
            }
            None => return Ok((field, rest)),
        }
    }
}
