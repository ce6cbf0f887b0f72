//! Objects.

pub(crate) mod delete;
pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod upload;

use busbar_files::Object;
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;

/// An object without its bytes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectView {
    key: String,
    size: u64,
    mime_type: Option<String>,
    uploaded_at: String,
    uploaded_by: Option<String>,
}

impl From<Object> for ObjectView {
    fn from(object: Object) -> Self {
        Self {
            key: object.key.to_string(),
            size: object.size,
            mime_type: object.mime_type,
            uploaded_at: iso_millis(object.uploaded_at),
            uploaded_by: object.uploaded_by,
        }
    }
}
