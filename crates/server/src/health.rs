//! Health over the needs.

use std::sync::Arc;

use async_trait::async_trait;
use busbar_kernel::Clock;
use busbar_platform::builtin::health::{Finding, HealthSource};
use busbar_telemetry::health::HealthRegistry;
use serde_json::{Value, json};

use crate::VERSION;
use crate::needs::Need;

/// Asks every need, within the registry's limits.
pub struct Health(Arc<HealthRegistry>);

impl Health {
    /// Health over these needs.
    pub fn over(needs: &[Need], clock: Arc<dyn Clock>) -> Self {
        let registry = HealthRegistry::new(clock);
        for need in needs {
            let check = Arc::clone(&need.check);
            registry.require(need.check_name, move || check());
        }
        Self(Arc::new(registry))
    }

    /// The registry, to be told that the process is on its way out.
    pub fn registry(&self) -> Arc<HealthRegistry> {
        Arc::clone(&self.0)
    }
}

#[async_trait]
impl HealthSource for Health {
    async fn findings(&self) -> Vec<Finding> {
        let report = self.0.report().await;
        report
            .checks
            .iter()
            .map(|check| Finding {
                name: check.name,
                up: check.up,
            })
            .collect()
    }

    fn facts(&self) -> Value {
        json!({ "version": VERSION })
    }

    fn draining(&self) -> bool {
        self.0.is_draining()
    }
}
