//! `POST /api/storage/buckets/{bucket}/objects/{key}/download-strategy` and `…/confirm-upload`
//!
//! One handler for both, because a key may hold slashes and no router matches behind one that does.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_kernel::{Error, Kind};
use busbar_platform::{Ctx, Input, Reply};
use http::request::Parts;
use serde::Deserialize;
use utoipa::ToSchema;

use super::place::{At, Before, Reader};
use super::strategy::strategy;
use crate::Services;
use crate::address::Address;
use crate::views::storage::StorageFile;

/// What either verb takes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Post {
    /// For `download-strategy`: seconds that the link is to last.
    expires_in: Option<u64>,
}

/// Does what the path's last segment says.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    Before { bucket, rest }: Before,
    parts: Parts,
    Input(input): Input<Post>,
) -> Reply<Response> {
    let Some((key, verb)) = rest.rsplit_once('/') else {
        return Err(unknown(&parts).into());
    };
    let at = At {
        bucket,
        key: key.parse()?,
    };
    let reader = Reader::of(&ctx, &parts).await;
    match verb {
        "download-strategy" => strategy(&services, reader, &address, &at, input.expires_in).await,
        "confirm-upload" => {
            let objects = &services.files.objects;
            match objects.confirm(&reader.actor, &at.bucket, &at.key).await {
                Ok(object) => Ok(Json(StorageFile::of(&object, &address)).into_response()),
                Err(error) => Err(reader.refuse(error)),
            }
        }
        _ => Err(unknown(&parts).into()),
    }
}

fn unknown(parts: &Parts) -> Error {
    let message = format!("Endpoint {} not found", parts.uri.path());
    Error::new(Kind::NotFound, "request.path_unknown", message)
}
