//! `GET /api/buckets/{bucket}/objects/{key}`

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use busbar_files::objects::Selection;
use busbar_platform::{Ctx, Reply};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};

use crate::Services;

/// The bytes, as an attachment that runs nothing: strangers' files must not act as the operator.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path((bucket, key)): Path<(String, String)>,
) -> Reply<Response> {
    let (bucket, key) = (bucket.parse()?, key.parse()?);
    let download = services
        .files
        .objects
        .download(ctx.actor(), &bucket, &key, None, |_| Ok(Selection::Whole))
        .await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, download.object.size.to_string()),
        (CONTENT_DISPOSITION, "attachment".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(download.body)).into_response())
}
