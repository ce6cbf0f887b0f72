//! Expiring values and counters, in process or on Redis.
#![doc = include_str!("../README.md")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Result};

pub mod config;
mod in_process;
mod redis;

/// A counter as it stands after counting up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How often it was counted in the running window.
    pub count: u64,
    /// The time until it starts again at zero.
    pub resets_in: Duration,
}

/// What an engine can do; both engines pass one suite.
#[async_trait]
trait Engine: Send + Sync {
    async fn get(&self, key: &str) -> Result<Option<String>>;
    async fn set(&self, key: &str, value: &str, lifetime: Duration) -> Result<()>;
    async fn delete(&self, key: &str) -> Result<()>;
    async fn increment(&self, key: &str, window: Duration) -> Result<Count>;
    async fn check(&self) -> Result<Duration>;
    fn describe(&self) -> String;
}

/// A handle to the cache; clones share it.
#[derive(Clone)]
pub struct Cache(Arc<dyn Engine>);

impl Cache {
    /// The embedded engine.
    pub fn in_process(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(in_process::InProcess::new(clock)))
    }

    /// Redis when its variables are set, else the embedded engine.
    ///
    /// # Errors
    /// When Redis is configured and does not answer within five seconds.
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self> {
        match config::redis_address(settings)? {
            None => Ok(Self::in_process(clock)),
            Some(address) => {
                let prefix = settings.get(&config::REDIS_PREFIX);
                Ok(Self(Arc::new(
                    redis::Redis::connect(address, prefix, clock).await?,
                )))
            }
        }
    }

    /// A value, while it lives.
    ///
    /// # Errors
    /// `cache.unavailable` when Redis does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<String>> {
        self.0.get(key).await
    }

    /// Keeps a value for `lifetime`.
    ///
    /// # Errors
    /// `cache.unavailable` when Redis does not answer.
    pub async fn set(&self, key: &str, value: &str, lifetime: Duration) -> Result<()> {
        self.0.set(key, value, lifetime).await
    }

    /// Forgets a value or a counter.
    ///
    /// # Errors
    /// `cache.unavailable` when Redis does not answer.
    pub async fn delete(&self, key: &str) -> Result<()> {
        self.0.delete(key).await
    }

    /// Counts up a counter that starts again at zero `window` after its first count.
    ///
    /// # Errors
    /// `cache.unavailable` when Redis does not answer.
    pub async fn increment(&self, key: &str, window: Duration) -> Result<Count> {
        self.0.increment(key, window).await
    }

    /// One round trip, for health and `busbar doctor`.
    ///
    /// # Errors
    /// `cache.unavailable` when Redis does not answer.
    pub async fn check(&self) -> Result<Duration> {
        self.0.check().await
    }

    /// What it is, without a secret: `in process`, or Redis and its address.
    pub fn describe(&self) -> String {
        self.0.describe()
    }
}
