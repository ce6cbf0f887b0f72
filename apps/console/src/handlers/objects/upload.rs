//! `PUT /api/buckets/{bucket}/objects/{key}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_files::objects::{Upload as NewObject, Via, ViaS3};
use busbar_platform::{Ctx, Reply, Upload};

use super::ObjectView;
use crate::Services;

/// Stores it, replacing what is there.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path((bucket, key)): Path<(String, String)>,
    file: Upload,
) -> Reply<Json<ObjectView>> {
    let upload = NewObject {
        bucket: bucket.parse()?,
        key: key.parse()?,
        declared_type: file.content_type,
        declared_size: None,
        via: Via::Dashboard,
        s3: ViaS3::default(),
        body: file.body,
    };
    let object = services.files.objects.upload(ctx.actor(), upload).await?;
    Ok(Json(object.into()))
}
