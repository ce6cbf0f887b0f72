//! Figures for Prometheus: one recorder per process, rendered on demand.

pub mod names;
mod process;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use busbar_kernel::{Clock, Error, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the buckets of every duration, in seconds.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

type Collector = Box<dyn Fn() + Send + Sync>;

/// The figures of this process. Count with the macros of `metrics` under the names in [`names`].
pub struct Metrics {
    handle: PrometheusHandle,
    started: f64,
    collectors: Mutex<Vec<Collector>>,
}

impl Metrics {
    /// Installs the recorder of this process; a second call in the same process shares the first one's
    /// figures, because there can be only one.
    ///
    /// # Errors
    /// When another recorder is installed already.
    pub fn install(version: &'static str, clock: &Arc<dyn Clock>) -> Result<Self> {
        static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
        let handle = RECORDER.get_or_init(|| {
            let recorder = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .map_err(|error| error.to_string())?
                .build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
            names::describe();
            Ok(handle)
        });
        let handle = handle
            .clone()
            .map_err(|error| Error::internal("metrics cannot be recorded").with("why", error))?;
        metrics::gauge!(names::BUILD_INFO, "version" => version).set(1.0);
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of this century are exact"
        )]
        let started = clock.now().timestamp_millis() as f64 / 1000.0;
        Ok(Self {
            handle,
            started,
            collectors: Mutex::default(),
        })
    }

    /// Adds work to be done before each rendering: setting gauges from a part that counts for itself.
    pub fn collect(&self, collector: impl Fn() + Send + Sync + 'static) {
        let mut collectors = self.collectors.lock().unwrap_or_else(PoisonError::into_inner);
        collectors.push(Box::new(collector));
    }

    /// Every figure in Prometheus's text format, version 0.0.4.
    pub fn render(&self) -> String {
        process::record(self.started);
        for collector in self
            .collectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            collector();
        }
        self.handle.render()
    }

    /// Moves recorded durations into their buckets; call it every few seconds, so that memory stays bounded
    /// where nobody renders.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}
