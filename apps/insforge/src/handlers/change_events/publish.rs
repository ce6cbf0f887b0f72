//! `PUT /api/database/change-events/{table}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use busbar_schema::NewPublication;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::change_events::PublicationView;

/// What is to be recorded, and where it goes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PublicationInput {
    /// INSERT, UPDATE, DELETE; all three unless given.
    #[serde(default)]
    events: Vec<String>,
    /// The columns that events show beside the primary key; all unless given.
    columns: Option<Vec<String>>,
    /// Which rows are recorded, such as `status = 'paid'`; all unless given.
    condition: Option<String>,
    /// The channel that events go to; `table:<name>` where there is no address either.
    channel: Option<String>,
    /// The http or https address that events are sent to.
    webhook_url: Option<String>,
}

/// Switches them on, in place of what was on before.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Input(input): Input<PublicationInput>,
) -> Reply<Json<PublicationView>> {
    let wanted = NewPublication {
        kinds: input.events,
        columns: input.columns,
        condition: input.condition,
        channel: input.channel,
        webhook_url: input.webhook_url,
    };
    Ok(Json(
        services.data.schema.events.publish(&table, &wanted).await?.into(),
    ))
}
