//! The embedded engine: a bounded map on Busbar's clock.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use busbar_kernel::{Clock, Result};
use moka::ops::compute::Op;
use moka::sync::Cache as Map;

use crate::{Count, Engine};

const MOST_ENTRIES: u64 = 100_000;

/// Values and counters of this process alone.
pub(crate) struct InProcess {
    clock: Arc<dyn Clock>,
    entries: Map<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    value: Arc<str>,
    count: u64,
    expires_at: Duration,
}

impl InProcess {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            entries: Map::new(MOST_ENTRIES),
        }
    }
}

#[async_trait]
impl Engine for InProcess {
    async fn get(&self, key: &str) -> Result<Option<String>> {
        let now = self.clock.monotonic();
        Ok(self
            .entries
            .get(key)
            .filter(|entry| now < entry.expires_at)
            .map(|entry| entry.value.to_string()))
    }

    async fn set(&self, key: &str, value: &str, lifetime: Duration) -> Result<()> {
        let expires_at = self.clock.monotonic() + lifetime;
        self.entries.insert(
            key.to_owned(),
            Entry {
                value: value.into(),
                count: 0,
                expires_at,
            },
        );
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<()> {
        self.entries.invalidate(key);
        Ok(())
    }

    async fn increment(&self, key: &str, window: Duration) -> Result<Count> {
        let now = self.clock.monotonic();
        let result = self.entries.entry_by_ref(key).and_compute_with(|found| {
            let running = found
                .map(moka::Entry::into_value)
                .filter(|entry| now < entry.expires_at);
            let mut entry = running.unwrap_or_else(|| Entry {
                value: "".into(),
                count: 0,
                expires_at: now + window,
            });
            entry.count += 1;
            Op::Put(entry)
        });
        let entry = result.into_entry().map(moka::Entry::into_value);
        Ok(entry.map_or(
            Count {
                count: 1,
                resets_in: window,
            },
            |entry| Count {
                count: entry.count,
                resets_in: entry.expires_at.saturating_sub(now),
            },
        ))
    }

    async fn check(&self) -> Result<Duration> {
        Ok(Duration::ZERO)
    }

    fn describe(&self) -> String {
        "in process".to_owned()
    }
}
