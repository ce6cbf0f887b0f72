//! Tables as files: rows as CSV or JSON, tables with their rows and policies as SQL.

pub(crate) mod all;
pub(crate) mod rows;
pub(crate) mod sql;
pub(crate) mod table;
pub(crate) mod zipped;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use busbar_kernel::{Error, Result};
use futures_util::Stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::IntoParams;

/// How a file is written.
#[derive(Clone, Copy)]
pub(super) enum Format {
    Csv,
    Json,
    Sql,
}

/// What is wanted.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// csv, json or sql.
    pub(super) format: String,
}

impl Wanted {
    pub(super) fn format(&self) -> Result<Format> {
        match self.format.as_str() {
            "csv" => Ok(Format::Csv),
            "json" => Ok(Format::Json),
            "sql" => Ok(Format::Sql),
            _ => Err(Error::invalid("format", "The format is csv, json or sql")),
        }
    }
}

/// A file to be kept: what is in the tables must not act as the operator.
pub(crate) fn attachment<S>(name: &str, kind: &'static str, body: S) -> Response
where
    S: Stream<Item = Result<Bytes>> + Send + 'static,
{
    // Names of tables may hold what a header may not; the rest of RFC 6266 is the browser's to read.
    let plain: String = name
        .chars()
        .map(|c| match c {
            c if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '/' | '%') => c,
            _ => '_',
        })
        .collect();
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")),
        (CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, Body::from_stream(body)).into_response()
}
