//! The variables of the providers.

use std::path::PathBuf;

use busbar_kernel::variables::{Entry, Variable};

use crate::objects::{CLOUDFRONT_VARIABLES, s3};

/// The folder of [`crate::objects::Folder`].
pub static STORAGE_DIR: Variable<PathBuf> = Variable::new(
    "STORAGE_DIR",
    "files",
    "Folder in which uploaded files are kept; created at start",
)
.default("./data/storage");

/// The rows of the variable table that belong to this crate.
pub fn variables() -> Vec<&'static Entry> {
    [&[STORAGE_DIR.entry()], s3::VARIABLES, CLOUDFRONT_VARIABLES].concat()
}
