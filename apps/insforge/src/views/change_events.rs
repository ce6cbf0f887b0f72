//! Change events: what is recorded, and what was. These shapes are Busbar's own.

use busbar_kernel::Timestamp;
use busbar_schema::{ChangeEvent, Publication};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The tables whose changes are recorded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationsView {
    change_events: Vec<PublicationView>,
}

/// What is recorded of a table.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationView {
    table_name: String,
    events: Vec<String>,
    columns: Option<Vec<String>>,
    condition: Option<String>,
    channel: Option<String>,
    webhook_url: Option<String>,
    /// Whether the triggers are there and switched on.
    recording: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// What was recorded.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangesView {
    changes: Vec<ChangeView>,
}

/// One change of one row.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeView {
    id: i64,
    table_name: String,
    event: String,
    old: Value,
    new: Value,
    /// Whether a record was too long and is shown by its primary key alone.
    truncated: bool,
    actor: ActorView,
    channel: Option<String>,
    webhook_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
}

/// Who changed it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActorView {
    role: Option<String>,
    id: Option<String>,
}

impl From<Vec<Publication>> for PublicationsView {
    fn from(published: Vec<Publication>) -> Self {
        Self {
            change_events: published.into_iter().map(PublicationView::from).collect(),
        }
    }
}

impl From<Publication> for PublicationView {
    fn from(published: Publication) -> Self {
        Self {
            table_name: published.table,
            events: published.kinds,
            columns: published.columns,
            condition: published.condition,
            channel: published.channel,
            webhook_url: published.webhook_url,
            recording: published.recording,
            created_at: published.created_at,
        }
    }
}

impl From<Vec<ChangeEvent>> for ChangesView {
    fn from(events: Vec<ChangeEvent>) -> Self {
        Self {
            changes: events.into_iter().map(ChangeView::from).collect(),
        }
    }
}

impl From<ChangeEvent> for ChangeView {
    fn from(event: ChangeEvent) -> Self {
        // The database wrote them as JSON.
        let document = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            id: event.id,
            table_name: event.table_name,
            event: event.kind,
            old: document(event.old_record).unwrap_or_default(),
            new: document(event.new_record).unwrap_or_default(),
            truncated: event.truncated,
            actor: ActorView {
                role: event.actor_role,
                id: event.actor_id,
            },
            channel: event.channel,
            webhook_url: event.webhook_url,
            occurred_at: event.occurred_at,
        }
    }
}
