//! `POST /api/storage/buckets/{bucket}/objects`

use axum::Json;
use axum::extract::State;
use busbar_files::ObjectKey;
use busbar_platform::{Ctx, Reply, Upload as Form};
use http::StatusCode;

use super::place::InBucket;
use super::store::receive;
use crate::Services;
use crate::address::Address;
use crate::views::storage::StorageFile;

/// Stores a file under a key made from its name.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    InBucket(bucket): InBucket,
    form: Form,
) -> Reply<(StatusCode, Json<StorageFile>)> {
    let name = form.file_name.clone().unwrap_or_default();
    let key = ObjectKey::automatic(&name, services.clock.as_ref());
    let object = receive(&services, ctx.actor(), bucket, key, form).await?;
    Ok((StatusCode::CREATED, Json(StorageFile::of(&object, &address))))
}
