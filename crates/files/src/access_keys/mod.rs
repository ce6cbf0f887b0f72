//! Access keys of the S3 gateway: a name that is shown, and a secret that only signs.

mod create;
mod delete;
mod find;
mod list;

use std::sync::Arc;

use busbar_kernel::Timestamp;
use busbar_kernel::ids::Id;
use serde::Deserialize;

use crate::Place;

/// The verbs on access keys.
#[derive(Clone)]
pub struct AccessKeys(pub(crate) Arc<Place>);

/// An access key without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccessKey {
    /// Its identifier.
    pub id: Id,
    /// Its name, which requests carry in the open.
    pub access_key_id: String,
    /// What it is for, in its maker's words.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a request last came with it, to the hour.
    pub last_used_at: Option<Timestamp>,
}

/// The columns of [`AccessKey`].
const COLUMNS: &str = "id, access_key_id, description, created_at, last_used_at";

impl AccessKeys {
    /// The most keys there may be.
    pub const MOST: usize = 50;
    /// The most characters of a description.
    pub const LONGEST_DESCRIPTION: usize = 500;
}
