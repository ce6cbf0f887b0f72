//! `GET /api/metadata`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_platform::{Ctx, Query, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use super::parts;
use crate::Services;
use crate::views::metadata::MetadataView;

/// In which form.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// `markdown` for a text.
    format: Option<String>,
}

/// Tells all of it.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let view = MetadataView {
        auth: services.people.policy().await?.into(),
        database: parts::database_of(&services).await?,
        storage: parts::storage_of(&services, &ctx).await?,
        functions: [],
        realtime: parts::no_channels(),
        version: services.version,
    };
    if wanted.format.as_deref() == Some("markdown") {
        let headers = [("content-type", "text/markdown; charset=utf-8")];
        return Ok((headers, view.markdown()).into_response());
    }
    Ok(Json(view).into_response())
}
