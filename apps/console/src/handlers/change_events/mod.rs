//! Change events of a table: what is recorded, and what was.

pub(crate) mod publish;
pub(crate) mod recent;
pub(crate) mod show;
pub(crate) mod withdraw;

use busbar_kernel::Timestamp;
use busbar_schema::Publication;
use serde::Serialize;
use utoipa::ToSchema;

/// What is recorded of a table, and where it goes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationView {
    /// INSERT, UPDATE, DELETE.
    events: Vec<String>,
    /// The columns that events show beside the primary key; none means all.
    columns: Option<Vec<String>>,
    /// Which rows are recorded; none means all.
    condition: Option<String>,
    channel: Option<String>,
    webhook_url: Option<String>,
    /// Whether the triggers are there and switched on.
    recording: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Publication> for PublicationView {
    fn from(published: Publication) -> Self {
        Self {
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
