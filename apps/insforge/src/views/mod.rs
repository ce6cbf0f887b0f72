//! The JSON that leaves.

mod answer;
pub(crate) mod auth_config;
pub(crate) mod database;
pub(crate) mod session;
pub(crate) mod storage;
pub(crate) mod user;

pub(crate) use answer::Answer;
