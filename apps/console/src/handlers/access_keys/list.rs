//! `GET /api/access-keys`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use super::AccessKeyView;
use crate::{FileApi, Services};

/// Every key, and where it is good.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    keys: Vec<AccessKeyView>,
    /// Where S3 clients find the gateway: absolute, or a path at the caller's own address; none where it is not running.
    endpoint: Option<String>,
    /// The region that it names as its own.
    region: &'static str,
}

/// Lists them without their secrets.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<Listed>> {
    let keys = services.files.access_keys.list(ctx.actor()).await?;
    let files = services.installation.files.as_ref();
    Ok(Json(Listed {
        keys: keys.into_iter().map(Into::into).collect(),
        endpoint: files.map(FileApi::gateway),
        region: files.map_or("", |files| files.region),
    }))
}
