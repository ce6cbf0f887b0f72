//! Access keys of the S3 gateway.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use busbar_files::AccessKey;
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;

/// An access key without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessKeyView {
    id: String,
    /// The name that requests carry.
    access_key_id: String,
    description: Option<String>,
    created_at: String,
    /// When a request last came with it, to the hour.
    last_used_at: Option<String>,
}

impl From<AccessKey> for AccessKeyView {
    fn from(key: AccessKey) -> Self {
        Self {
            id: key.id.to_string(),
            access_key_id: key.access_key_id,
            description: key.description,
            created_at: iso_millis(key.created_at),
            last_used_at: key.last_used_at.map(iso_millis),
        }
    }
}
