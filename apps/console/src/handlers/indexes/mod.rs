//! Indexes of a table.

pub(crate) mod create;
pub(crate) mod delete;

use busbar_schema::IndexDescription;
use serde::Serialize;
use utoipa::ToSchema;

/// An index as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexView {
    name: String,
    /// Its SQL.
    definition: String,
    is_unique: bool,
    is_primary: bool,
}

impl From<IndexDescription> for IndexView {
    fn from(index: IndexDescription) -> Self {
        Self {
            name: index.index_name,
            definition: index.definition,
            is_unique: index.is_unique,
            is_primary: index.is_primary,
        }
    }
}
