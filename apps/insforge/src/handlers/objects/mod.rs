//! Objects.

mod answer;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod delete_many;
pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod post;
pub(crate) mod store;
pub(crate) mod strategy;
pub(crate) mod upload_strategy;
