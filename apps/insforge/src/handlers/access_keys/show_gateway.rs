//! `GET /api/storage/s3/config`

use axum::Json;
use busbar_platform::Reply;
use serde::Serialize;
use utoipa::ToSchema;

use crate::address::Address;
use crate::gateway::{PATH, REGION};

/// Where S3 clients find the gateway.
#[derive(Serialize, ToSchema)]
pub(crate) struct Gateway {
    endpoint: String,
    region: &'static str,
    available: bool,
}

/// Answers where the gateway is.
pub(crate) async fn handle(address: Address) -> Reply<Json<Gateway>> {
    Ok(Json(Gateway {
        endpoint: address.below(PATH),
        region: REGION,
        available: true,
    }))
}
