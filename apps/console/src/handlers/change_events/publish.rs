//! `PUT /api/tables/{table}/change-events`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Ctx, Input, Reply};
use busbar_schema::NewPublication;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PublicationView;
use crate::Services;

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
    ctx: Ctx,
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
    let published = services.data.schema.events.publish(&table, &wanted).await?;
    tracing::info!(operator = ctx.actor().log_name(), table, "change events on");
    Ok(Json(published.into()))
}
