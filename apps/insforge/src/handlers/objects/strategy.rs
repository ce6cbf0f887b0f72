//! `GET /api/storage/buckets/{bucket}/download-strategy/objects/{key}`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use busbar_files::Links;
use busbar_kernel::clock::iso_millis;
use busbar_platform::{Ctx, Query, Reply};
use http::header::CACHE_CONTROL;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::place::{At, Reader};
use crate::Services;
use crate::address::Address;

/// How long the link is to last.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lifetime {
    /// Seconds, brought within 1 and 604800; 3600 when absent.
    expires_in: Option<u64>,
}

/// How a file is to be downloaded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DownloadStrategy {
    /// `direct`: the plain address of a public file; `presigned`: a signed link that needs no credential.
    method: &'static str,
    /// Absolute.
    url: String,
    /// When a signed link ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

/// Answers the address of a public file, or a signed link to a private one.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    at: At,
    Query(lifetime): Query<Lifetime>,
    parts: Parts,
) -> Reply<Response> {
    let reader = Reader::of(&ctx, &parts).await;
    strategy(&services, reader, &address, &at, lifetime.expires_in).await
}

pub(super) async fn strategy(
    services: &Services,
    reader: Reader,
    address: &Address,
    at: &At,
    seconds: Option<u64>,
) -> Reply<Response> {
    let files = &services.files;
    let url = address.of_object(at.bucket.as_str(), at.key.as_str());
    let (object, public) = match files.objects.find(&reader.actor, &at.bucket, &at.key, None).await {
        Ok(found) => found,
        Err(error) => return Err(reader.refuse(error)),
    };
    let strategy = if public {
        DownloadStrategy {
            method: "direct",
            url: format!("{url}?v={}", object.etag.unwrap_or_default()),
            expires_at: None,
        }
    } else {
        let lifetime = seconds.map_or(Links::DEFAULT_LIFETIME, Duration::from_secs);
        let (url, expires_at) = match files
            .links
            .outside(&reader.actor, &at.bucket, &at.key, lifetime)
            .await?
        {
            Some(link) => link,
            None => {
                let link = files
                    .links
                    .sign(&reader.actor, &at.bucket, &at.key, lifetime)
                    .await?;
                (format!("{url}?token={}", link.token), link.expires_at)
            }
        };
        DownloadStrategy {
            method: "presigned",
            url,
            expires_at: Some(iso_millis(expires_at)),
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(strategy)).into_response())
}
