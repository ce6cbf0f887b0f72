//! The figures of one route, for `/metrics`.

use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::Duration;

use http::StatusCode;
use metrics::{Counter, Histogram};

/// What is counted of a route; its handles are made once, because looking one up by its labels costs as much as a
/// small answer does.
pub(crate) struct Meter {
    method: String,
    route: String,
    took: OnceLock<Histogram>,
    answered: RwLock<Vec<(StatusCode, Counter)>>,
}

impl Meter {
    /// The meter of a route, by its method and its pattern.
    pub(crate) fn new(method: &str, route: &str) -> Self {
        Self {
            method: method.to_owned(),
            route: route.to_owned(),
            took: OnceLock::new(),
            answered: RwLock::default(),
        }
    }

    /// The meter of what no route answers: one series, however many paths and methods are tried.
    pub(crate) fn unrouted() -> Self {
        Self::new("-", "-")
    }

    /// The route's pattern.
    pub(crate) fn route(&self) -> &str {
        &self.route
    }

    /// Counts one answer.
    pub(crate) fn count(&self, status: StatusCode, took: Duration) {
        let histogram = self.took.get_or_init(|| {
            metrics::histogram!("http_request_duration_seconds", "method" => self.method.clone(), "route" => self.route.clone())
        });
        histogram.record(took.as_secs_f64());
        let answered = self.answered.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, counter)) = answered.iter().find(|(known, _)| *known == status) {
            counter.increment(1);
            return;
        }
        drop(answered);
        let counter = metrics::counter!(
            "http_requests_total",
            "method" => self.method.clone(),
            "route" => self.route.clone(),
            "status" => status.as_str().to_owned()
        );
        counter.increment(1);
        let mut answered = self.answered.write().unwrap_or_else(PoisonError::into_inner);
        answered.push((status, counter));
    }
}
