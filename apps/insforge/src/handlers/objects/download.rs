//! `GET /api/storage/buckets/{bucket}/objects/{key}`

use axum::extract::State;
use axum::response::Response;
use busbar_platform::{Ctx, Query, Reply};
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{Asked, answer};
use super::place::{At, Reader};
use crate::Services;

/// What stands in a signed link.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Signed {
    /// The token of a signed link.
    token: Option<String>,
}

/// Answers the bytes, a part of them, or that they have not changed.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    At { bucket, key }: At,
    Query(signed): Query<Signed>,
    parts: Parts,
) -> Reply<Response> {
    let reader = Reader::of(&ctx, &parts).await;
    let asked = Asked::by(&parts);
    let select = |object: &_| Ok(asked.plan(object).selection());
    let token = signed.token.as_deref();
    let found = services
        .files
        .objects
        .download(&reader.actor, &bucket, &key, token, select)
        .await;
    match found {
        Ok(download) => Ok(answer(&asked, download)),
        Err(error) => Err(reader.refuse(error)),
    }
}
