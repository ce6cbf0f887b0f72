//! What functions of the database say of the answer: its status and headers (PostgREST's contract, C7 and A6).

use busbar_kernel::Result;
use busbar_store::StepRows;
use serde_json::{Map, Value};

use super::request::RecordAnswer;
use crate::refusal::pgrst;

/// Reads what was said, in the transaction in which it was.
pub(crate) const SETTINGS: &str = "SELECT current_setting('response.status', true) AS \"_status\", \
    current_setting('response.headers', true) AS \"_headers\"";

/// Puts what was said into an answer: a status, and headers that take the place of ours.
///
/// # Errors
/// `PGRST111` for headers and `PGRST112` for a status that are none.
pub(crate) fn apply(mut answer: RecordAnswer, said: &StepRows) -> Result<RecordAnswer> {
    let row = said.rows.first();
    let text = |at: usize| row.and_then(|row| row.text(at)).filter(|text| !text.is_empty());
    if let Some(status) = text(0) {
        answer.status = status
            .parse()
            .ok()
            .filter(|status| (100..600).contains(status))
            .ok_or_else(|| pgrst("PGRST112", "response.status GUC must be a valid status code"))?;
    }
    if let Some(headers) = text(1) {
        answer.further = self::headers(headers)?;
        let further = &answer.further;
        answer
            .headers
            .retain(|(name, _)| !further.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
    }
    Ok(answer)
}

/// A JSON array of objects with one member each.
fn headers(text: &str) -> Result<Vec<(String, String)>> {
    let wrong = || {
        pgrst(
            "PGRST111",
            "response.headers GUC must be a JSON array composed of objects with a single key and a string value",
        )
    };
    let list: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|_| wrong())?;
    let mut headers = Vec::new();
    for object in list {
        let mut members = object.into_iter();
        match (members.next(), members.next()) {
            (Some((name, Value::String(value))), None) => headers.push((name, value)),
            _ => return Err(wrong()),
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_objects_of_one_text() {
        assert_eq!(
            headers("[{\"A\":\"b\"}]").unwrap(),
            [("A".to_owned(), "b".to_owned())]
        );
        for wrong in ["[{\"a\":1}]", "{}", "[{\"a\":\"b\",\"c\":\"d\"}]", "x"] {
            assert_eq!(
                headers(wrong).unwrap_err().wire_code_str(),
                Some("PGRST111"),
                "{wrong}"
            );
        }
    }
}
