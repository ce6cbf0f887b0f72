//! Logs, metrics and health.
#![doc = include_str!("../README.md")]

pub mod config;
pub mod health;
pub mod logs;
pub mod metrics;

pub use health::HealthRegistry;
pub use logs::{LogReader, Logs};
pub use metrics::Metrics;
