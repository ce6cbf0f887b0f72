//! `GET /api/tables/{table}/changes`

use axum::Json;
use axum::extract::{Path, State};
use busbar_kernel::Timestamp;
use busbar_platform::{Query, Reply};
use busbar_schema::{ChangeEvent, EventPage};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::Services;

/// Which events.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// Those before this number.
    before: Option<i64>,
    /// 1 to 1000, 50 unless given; a page also ends at 8 MB of records.
    limit: Option<i64>,
}

/// What was recorded, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    changes: Vec<ChangeView>,
}

/// One change of one row.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeView {
    id: i64,
    event: String,
    #[schema(value_type = Option<Object>)]
    old: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    new: Option<Box<RawValue>>,
    /// Whether a record was too long and is shown by its primary key alone.
    truncated: bool,
    /// The role of the request; none is Busbar itself.
    actor_role: Option<String>,
    actor_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
}

/// Shows them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Reply<Json<Changes>> {
    let page = EventPage {
        table: Some(table),
        after: None,
        before: wanted.before,
        limit: wanted.limit.unwrap_or(50),
    };
    let recorded = services.data.schema.events.recent(&page).await?;
    Ok(Json(Changes {
        changes: recorded.into_iter().map(ChangeView::from).collect(),
    }))
}

impl From<ChangeEvent> for ChangeView {
    fn from(event: ChangeEvent) -> Self {
        // The database wrote them as JSON.
        let document = |text: Option<String>| text.and_then(|text| RawValue::from_string(text).ok());
        Self {
            id: event.id,
            event: event.kind,
            old: document(event.old_record),
            new: document(event.new_record),
            truncated: event.truncated,
            actor_role: event.actor_role,
            actor_id: event.actor_id,
            occurred_at: event.occurred_at,
        }
    }
}
