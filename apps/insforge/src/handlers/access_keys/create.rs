//! `POST /api/storage/s3/access-keys`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AccessKeyView;
use crate::Services;

/// The key to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccessKey {
    /// What it is for, in at most 500 characters.
    description: Option<String>,
}

/// The key that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MadeAccessKey {
    #[serde(flatten)]
    key: AccessKeyView,
    /// Shown now and never again.
    secret_access_key: String,
}

type Made = (
    StatusCode,
    [(http::HeaderName, &'static str); 1],
    Json<MadeAccessKey>,
);

/// Makes a key and shows its secret once.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<NewAccessKey>,
) -> Reply<Made> {
    let keys = &services.files.access_keys;
    let (key, secret) = keys.create(ctx.actor(), input.description.as_deref()).await?;
    let made = MadeAccessKey {
        key: key.into(),
        secret_access_key: secret.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(made)))
}
