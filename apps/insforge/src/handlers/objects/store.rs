//! `PUT /api/storage/buckets/{bucket}/objects/{key}`

use axum::Json;
use axum::extract::State;
use busbar_files::objects::{Upload, Via, ViaS3};
use busbar_files::{BucketName, Object, ObjectKey};
use busbar_kernel::{Actor, Error};
use busbar_platform::{Ctx, Reply, Upload as Form};

use super::place::At;
use crate::Services;
use crate::address::Address;
use crate::views::storage::StorageFile;

/// Stores a file under a key, replacing what is there.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    address: Address,
    At { bucket, key }: At,
    form: Form,
) -> Reply<Json<StorageFile>> {
    let object = receive(&services, ctx.actor(), bucket, key, form).await?;
    Ok(Json(StorageFile::of(&object, &address)))
}

/// Hands a form's file over.
pub(super) async fn receive(
    services: &Services,
    actor: &Actor,
    bucket: BucketName,
    key: ObjectKey,
    form: Form,
) -> Reply<Object> {
    let upload = Upload {
        bucket,
        key,
        declared_type: form.content_type,
        declared_size: None,
        via: Via::Rest,
        s3: ViaS3::default(),
        body: form.body,
    };
    match services.files.objects.upload(actor, upload).await {
        Ok(object) => Ok(object),
        Err(error) => {
            // InsForge answers the violated foreign key here, not a missing bucket.
            Err(match error.code_str() {
                "bucket.not_found" => Error::invalid("bucket", "There is no such bucket")
                    .code("files.bucket_missing")
                    .into(),
                _ => error.into(),
            })
        }
    }
}
