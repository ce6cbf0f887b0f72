//! `POST /api/access-keys`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Ctx, Input, Reply};
use http::header::CACHE_CONTROL;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AccessKeyView;
use crate::Services;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyInput {
    /// What it is for, in at most 500 characters.
    description: Option<String>,
}

/// The key that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MadeKey {
    #[serde(flatten)]
    key: AccessKeyView,
    /// Shown now and never again.
    secret_access_key: String,
}

type Made = (StatusCode, [(HeaderName, &'static str); 1], Json<MadeKey>);

/// Makes it and shows its secret once.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<KeyInput>,
) -> Reply<Made> {
    let description = input.description.filter(|text| !text.trim().is_empty());
    let keys = &services.files.access_keys;
    let (key, secret) = keys.create(ctx.actor(), description.as_deref()).await?;
    tracing::info!(
        operator = ctx.actor().log_name(),
        key = key.access_key_id,
        "access key made"
    );
    let made = MadeKey {
        key: key.into(),
        secret_access_key: secret.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(made)))
}
