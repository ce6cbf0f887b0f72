//! `DELETE /api/storage/s3/access-keys/{key_id}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::views::storage::Done;

/// Removes a key.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Reply<Json<Done>> {
    let id = id
        .parse()
        .map_err(|_: Error| Error::invalid("id", "This is not the id of an access key"))?;
    services.files.access_keys.delete(ctx.actor(), id).await?;
    Ok(Json(Done {
        message: "S3 access key deleted successfully",
        next_actions: None,
    }))
}
