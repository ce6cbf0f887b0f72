//! S3's protocol as the gateway speaks it: signatures, bodies in chunks, checksums, XML, errors.
//!
//! Contract: Amazon S3 API reference, version 2006-03-01. What it does with buckets and objects stands in
//! `handlers/s3`.

pub(crate) mod body;
pub(crate) mod checksums;
pub(crate) mod chunked;
pub(crate) mod errors;
pub(crate) mod policy;
pub(crate) mod query;
pub(crate) mod signature;
pub(crate) mod xml;

pub(crate) use errors::refusal;
pub(crate) use query::Pairs;

/// The region that the gateway names as its own; a signature for any region is accepted (InsForge's contract, 7).
pub const REGION: &str = "us-east-2";

/// The gateway's path below the app's mount.
pub const PATH: &str = "/storage/v1/s3";
