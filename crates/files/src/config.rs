//! The variables of files.

use busbar_kernel::Secret;
use busbar_kernel::variables::{Entry, Settings, Variable};

use std::sync::Arc;

use crate::{FilesSettings, ObjectRule, Sealer};

/// The limit of one file.
pub static MAX_FILE_SIZE: Variable<u64> = Variable::new(
    "MAX_FILE_SIZE",
    "files",
    "Largest uploaded file in bytes, until an administrator sets another limit",
)
.default("10485760")
.check(within_bounds);

/// The limit of one object of the S3 gateway.
pub static S3_MAX_OBJECT_SIZE: Variable<u64> = Variable::new(
    "S3_MAX_OBJECT_SIZE",
    "files",
    "Largest object in bytes that comes by the S3 gateway, whole or in parts",
)
.default("5368709120")
.check(above_zero);

/// What all objects may have together.
pub static STORAGE_QUOTA: Variable<Option<u64>> = Variable::new(
    "STORAGE_QUOTA",
    "files",
    "Bytes that all uploaded files may have together; unlimited when empty",
);

/// What the objects of one bucket may have together.
pub static BUCKET_QUOTA: Variable<Option<u64>> = Variable::new(
    "BUCKET_QUOTA",
    "files",
    "Bytes that the uploaded files of one bucket may have together; unlimited when empty",
);

/// The rows of the variable table that belong to this crate.
pub static VARIABLES: &[&Entry] = &[
    MAX_FILE_SIZE.entry(),
    S3_MAX_OBJECT_SIZE.entry(),
    STORAGE_QUOTA.entry(),
    BUCKET_QUOTA.entry(),
];

/// Five gigabytes, as in one part of an S3 upload.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

fn within_bounds(text: &str) -> Result<(), String> {
    match text.trim().parse::<u64>() {
        Ok(1..=LARGEST) => Ok(()),
        _ => Err(format!("must be from 1 to {LARGEST}")),
    }
}

fn above_zero(text: &str) -> Result<(), String> {
    match text.trim().parse::<u64>() {
        Ok(1..) => Ok(()),
        _ => Err("must be a whole number above zero".to_owned()),
    }
}

impl FilesSettings {
    /// The settings in force, with the safe rule about other people's objects.
    pub fn from_settings(settings: &Settings, link_secret: Secret, sealer: Arc<dyn Sealer>) -> Self {
        Self {
            max_file_size: settings.get(&MAX_FILE_SIZE),
            rule: ObjectRule::Owner,
            link_secret,
            s3_max_object_size: settings.get(&S3_MAX_OBJECT_SIZE),
            quota: settings.get(&STORAGE_QUOTA),
            bucket_quota: settings.get(&BUCKET_QUOTA),
            sealer,
        }
    }
}
