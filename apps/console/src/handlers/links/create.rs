//! `POST /api/buckets/{bucket}/links`

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use busbar_files::{Links, ObjectKey};
use busbar_kernel::Error;
use busbar_kernel::clock::iso_millis;
use busbar_platform::{Ctx, Input, Reply};
use http::header::CACHE_CONTROL;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Services;

/// A link to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewLink {
    key: String,
    /// Seconds, brought within 1 and 604800; 3600 when absent.
    expires_in: Option<u64>,
}

/// The link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinkView {
    /// Absolute, or a path at the caller's own address.
    url: String,
    expires_at: String,
}

type Made = (StatusCode, [(HeaderName, &'static str); 1], Json<LinkView>);

/// Signs it: whoever holds it reads this object until it ends.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(bucket): Path<String>,
    Input(input): Input<NewLink>,
) -> Reply<Made> {
    let bucket = bucket.parse()?;
    let key: ObjectKey = input.key.parse()?;
    let lifetime = input
        .expires_in
        .map_or(Links::DEFAULT_LIFETIME, Duration::from_secs);
    let links = &services.files.links;
    let (url, expires_at) = match links.outside(ctx.actor(), &bucket, &key, lifetime).await? {
        Some(link) => link,
        None => {
            let files = services.installation.files.as_ref().ok_or_else(|| {
                Error::unavailable("console.no_file_api", "The app that serves files is not running")
            })?;
            let link = links.sign(ctx.actor(), &bucket, &key, lifetime).await?;
            (
                files.link(bucket.as_str(), key.as_str(), &link.token),
                link.expires_at,
            )
        }
    };
    let view = LinkView {
        url,
        expires_at: iso_millis(expires_at),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(view)))
}
