//! One folder per resource, one file per verb.

pub(crate) mod access_keys;
pub(crate) mod admin_sessions;
pub(crate) mod advisor;
pub(crate) mod auth_config;
pub(crate) mod backups;
pub(crate) mod buckets;
pub(crate) mod change_events;
pub(crate) mod database_config;
pub(crate) mod email;
pub(crate) mod functions;
pub(crate) mod grid;
pub(crate) mod health;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod metadata;
pub(crate) mod migrations;
pub(crate) mod objects;
pub(crate) mod policies;
pub(crate) mod profiles;
pub(crate) mod raw_sql;
pub(crate) mod records;
pub(crate) mod rest;
pub(crate) mod rpc;
pub(crate) mod s3;
pub(crate) mod schemas;
pub(crate) mod sessions;
pub(crate) mod storage_config;
pub(crate) mod table_schema;
pub(crate) mod tables;
pub(crate) mod transfer;
pub(crate) mod triggers;
pub(crate) mod users;

use busbar_identity::people::UserId;
use busbar_kernel::{Error, Result};

/// A person's id as a client wrote it in `field`.
fn user_id(text: &str, field: &str) -> Result<UserId> {
    text.parse()
        .map_err(|_: Error| Error::invalid(field, "Invalid user ID format"))
}
