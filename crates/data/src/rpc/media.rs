//! Functions with a media type of their own: they return a domain that is called like it, `"text/html"` or `"*/*"`
//! (PostgREST's contract, M7).

use busbar_kernel::Result;
use busbar_schema::catalogue::{Returns, Routine};
use busbar_schema::quote::quoted;
use busbar_store::{Step, Value};
use bytes::Bytes;

use super::call::session_of;
use super::passed::Passed;
use crate::grammar::{Answer, Offers, negotiate, takes};
use crate::records::{Method, RecordAnswer, RecordBody, Run, SETTINGS, apply_own};

/// The domain of any media type.
pub(crate) const ANY: &str = "*/*";

/// The media type in which a function answers, where the client takes it; then nothing else is negotiated.
pub(super) fn chosen<'r>(routine: &'r Routine, header: &str, accept: &mut Result<Answer>) -> Option<&'r str> {
    let media = routine.media.as_deref().filter(|_| !routine.set)?;
    let own = if media == ANY {
        // What is asked for by name and can be made of any value is made of this one too.
        accept.is_err() || takes(header, ANY, true)
    } else {
        takes(header, media, true)
    };
    if own {
        *accept = negotiate(ANY, Offers::default());
    }
    own.then_some(media)
}

/// Answers a call with the very bytes that the function returns.
pub(super) async fn answer(
    run: &Run<'_>,
    routine: &Routine,
    passed: &Passed,
    media: &str,
) -> Result<RecordAnswer> {
    let read_only = run.request.method != Method::Post || !routine.volatile;
    let sql = format!(
        "WITH {} SELECT {} AS \"_b\" FROM {}",
        passed.sql(routine, "$1"),
        bytes_of(routine),
        quoted(&routine.name),
    );
    let steps = vec![
        Step::new(sql, passed.value.iter().cloned().collect()),
        Step::new(SETTINGS, Vec::new()),
    ];
    let session = run.undone_as_asked(session_of(run, routine, read_only));
    let done = run.db.batch_as(&session, steps).await?;
    let value = done
        .first()
        .and_then(|step| step.rows.first())
        .and_then(|row| row.value(0));
    let bytes = match value {
        Some(Value::Bytes(bytes)) => Bytes::from(bytes.clone()),
        _ => Bytes::new(),
    };
    let answer = RecordAnswer {
        status: 200,
        headers: vec![("Content-Type", content_type(media))],
        further: Vec::new(),
        body: if run.request.method == Method::Head {
            RecordBody::Empty
        } else {
            RecordBody::Whole(bytes)
        },
    };
    match done.get(1) {
        Some(said) => apply_own(answer, said),
        None => Ok(answer),
    }
}

/// What the answer of a media type says that it is.
pub(crate) fn content_type(media: &str) -> String {
    match media {
        ANY => "application/octet-stream".to_owned(),
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    }
}

/// The value as bytes.
fn bytes_of(routine: &Routine) -> &'static str {
    match &routine.returns {
        Returns::Scalar(_) if routine.media_is_bytes => "\"_v\"::bytea",
        _ => "convert_to(\"_v\"::text, 'UTF8')",
    }
}
