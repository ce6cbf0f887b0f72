//! `GET /api/logs`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Error;
use busbar_kernel::clock::iso_millis;
use busbar_platform::{Query, Reply};
use busbar_telemetry::logs::{Level, StoredEntry};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::Services;

/// Which entries.
#[derive(Deserialize, IntoParams)]
pub(crate) struct LogQuery {
    /// The least gravity: error, warn, info, debug, trace.
    level: Option<String>,
    /// What a line holds.
    search: Option<String>,
    /// How many, 1 to 500; 100 unless given.
    limit: Option<usize>,
    /// The id of the last entry seen, for older ones.
    before: Option<String>,
}

/// A page, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page {
    entries: Vec<EntryView>,
}

/// One entry.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    id: String,
    at: String,
    level: &'static str,
    target: String,
    message: String,
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// A page of the log.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<LogQuery>,
) -> Reply<Json<Page>> {
    let level = query
        .level
        .as_deref()
        .filter(|word| !word.is_empty())
        .map(|word| {
            Level::parse(word)
                .ok_or_else(|| Error::invalid("level", "This is none of error, warn, info, debug, trace"))
        });
    let level = level.transpose()?;
    let Some(reader) = &services.logs else {
        return Ok(Json(Page { entries: Vec::new() }));
    };
    let limit = query.limit.unwrap_or(100).min(500);
    let page = reader
        .page(level, query.search.as_deref(), limit, query.before.as_deref())
        .await?;
    Ok(Json(Page {
        entries: page.entries.into_iter().map(EntryView::from).collect(),
    }))
}

impl From<StoredEntry> for EntryView {
    fn from(stored: StoredEntry) -> Self {
        let StoredEntry { id, entry } = stored;
        Self {
            id,
            at: iso_millis(entry.at),
            level: entry.level.name(),
            target: entry.target,
            message: entry.message,
            fields: entry.fields,
        }
    }
}
