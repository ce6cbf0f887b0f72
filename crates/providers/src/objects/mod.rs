//! Providers of `ports::objects`: where the bytes of files lie.

mod cloudfront;
mod folder;
pub mod s3;

pub use cloudfront::{CloudFront, CloudFrontSettings};
pub use folder::Folder;
pub use s3::{S3, S3Settings};

pub(crate) use cloudfront::VARIABLES as CLOUDFRONT_VARIABLES;
