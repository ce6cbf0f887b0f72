//! The JSON that leaves.

pub(crate) mod advisor;
mod answer;
pub(crate) mod auth_config;
pub(crate) mod backup;
pub(crate) mod change_events;
pub(crate) mod database;
pub(crate) mod database_config;
pub(crate) mod metadata;
pub(crate) mod session;
pub(crate) mod storage;
pub(crate) mod user;
pub(crate) mod workbench;

pub(crate) use answer::Answer;
