//! The headers and bodies that answers share.

use busbar_kernel::Result;
use busbar_store::{Step, StepRows, Value};
use bytes::Bytes;

use super::request::{RecordAnswer, RecordBody};
use super::run::{Run, not_singular};
use crate::caller::Profile;
use crate::grammar::{Prefer, Return, Shape};
use crate::render::{Output, Statement};
use busbar_schema::catalogue::ColumnType;

/// `0-24/100`; an empty range or whole is `*`.
pub(super) fn content_range(first: u64, rows: u64, total: Option<u64>) -> String {
    use std::fmt::Write as _;
    let mut range = String::with_capacity(24);
    // Writing to a String cannot fail.
    let _ = if rows == 0 || total == Some(0) {
        range.push('*');
        Ok(())
    } else {
        write!(range, "{first}-{}", first + rows - 1)
    };
    let _ = match total {
        Some(total) => write!(range, "/{total}"),
        None => {
            range.push_str("/*");
            Ok(())
        }
    };
    range
}

/// The rows a write returned, in the asked form.
pub(super) fn returned_body(run: &Run<'_>, steps: &[StepRows], outputs: &[Output]) -> Result<RecordBody> {
    let rows = || {
        steps
            .iter()
            .flat_map(|step| &step.rows)
            .filter_map(|row| row.text(0))
    };
    let kinds: Vec<(String, ColumnType)> = outputs
        .iter()
        .map(|output| (output.key.clone(), output.kind))
        .collect();
    let size = rows().map(|row| row.len() + 1).sum::<usize>() + 2;
    let mut array = String::with_capacity(size);
    array.push('[');
    for (index, row) in rows().enumerate() {
        array.push_str(if index > 0 { "," } else { "" });
        array.push_str(row);
    }
    array.push(']');
    Ok(match run.accept.shape {
        Shape::Array => RecordBody::Whole(Bytes::from(array)),
        Shape::GeoJson => RecordBody::Whole(super::read::collection(array.as_bytes())),
        Shape::Singular => RecordBody::Whole(without_brackets(Bytes::from(array))),
        Shape::Csv | Shape::Plan(_) => RecordBody::Whole(super::csv::whole(kinds, array.as_bytes())?),
    })
}

impl Run<'_> {
    /// The step that makes groups of what the steps before it returned.
    pub(super) fn grouping(&self, groups: &Statement) -> Step {
        let step = Step::fed(&*groups.sql, |before| {
            let rows = before.iter().flat_map(|step| &step.rows);
            let rows: Vec<&str> = rows.filter_map(|row| row.text(0)).collect();
            Ok(vec![Value::Json(format!("[{}]", rows.join(",")))])
        });
        let singular = self.accept.shape == Shape::Singular;
        step.check(move |rows| match rows.affected {
            1 => Ok(()),
            other if singular => Err(not_singular(other)),
            _ => Ok(()),
        })
    }
}

/// Everything but letters, digits and `-._~` as `%41`.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_encoded(&mut encoded, text);
    encoded
}

/// The same, at the end of another text.
pub(super) fn push_encoded(to: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            to.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
            to.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// The one object of an array of one.
pub(super) fn without_brackets(array: Bytes) -> Bytes {
    array.slice(1..array.len().saturating_sub(1).max(1))
}

impl Run<'_> {
    /// An answer to a write, with the parts every write has.
    pub(super) fn write_answer(
        &self,
        status: u16,
        content_range: Option<String>,
        applied: Prefer,
        body: Option<RecordBody>,
    ) -> RecordAnswer {
        let mut headers: Vec<(&'static str, String)> = Vec::with_capacity(4);
        if let Some(range) = content_range {
            headers.push(("Content-Range", range));
        }
        if let Some(applied) = applied.applied() {
            headers.push(("Preference-Applied", applied));
        }
        self.push_profile(&mut headers);
        let body = match body {
            Some(body) => {
                headers.push(("Content-Type", self.accept.content_type.to_owned()));
                body
            }
            // InsForge's gateway never answers nothing but with 204.
            None if self.profile == Profile::Insforge && status != 204 => {
                headers.push(("Content-Type", "application/json; charset=utf-8".to_owned()));
                RecordBody::Whole(Bytes::from_static(b"[]"))
            }
            None => RecordBody::Empty,
        };
        RecordAnswer {
            status,
            headers,
            further: Vec::new(),
            body,
        }
    }

    /// Where there are several schemas every answer of PostgREST says which one it is about.
    pub(super) fn push_profile(&self, headers: &mut Vec<(&'static str, String)>) {
        if self.profile == Profile::Postgrest {
            headers.push(("Vary", "Accept, Prefer, Range".to_owned()));
            if self.catalogue.schemas().len() > 1 {
                headers.push(("Content-Profile", self.schema.clone().into_owned()));
            }
        }
    }

    pub(super) fn wants_rows(&self) -> bool {
        self.prefer.returning == Some(Return::Representation)
    }

    /// The preferences of a write that were honoured; each verb takes away what does not apply to it.
    pub(super) fn applied(&self) -> Prefer {
        Prefer {
            commit: self.prefer.commit.filter(|_| self.options.rollback),
            ..self.prefer
        }
    }
}
