//! The figures as Prometheus reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use busbar_kernel::{Clock, MovableClock};
use busbar_telemetry::Metrics;
use busbar_telemetry::metrics::names;

#[test]
fn figures_are_rendered_with_their_labels_and_buckets() {
    let clock: Arc<dyn Clock> = Arc::new(MovableClock::at_2026());
    let figures = Metrics::install("1.2.3", &clock).unwrap();
    let again = Metrics::install("1.2.3", &clock).unwrap();
    metrics::counter!(names::HTTP_REQUESTS, "method" => "GET", "route" => "/a/{b}", "status" => "200")
        .increment(3);
    metrics::histogram!(names::HTTP_REQUEST_DURATION, "method" => "GET", "route" => "/a/{b}").record(0.003);
    let size = Arc::new(AtomicU32::new(7));
    let pool = Arc::clone(&size);
    figures.collect(move || {
        metrics::gauge!(names::DB_POOL_CONNECTIONS, "state" => "idle").set(pool.load(Ordering::Relaxed));
    });
    figures.upkeep();
    let text = figures.render();
    for line in [
        "# HELP http_requests_total Answered requests",
        "# TYPE http_requests_total counter",
        "http_requests_total{method=\"GET\",route=\"/a/{b}\",status=\"200\"} 3",
        "# TYPE http_request_duration_seconds histogram",
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"0.0025\"} 0",
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/a/{b}\",le=\"0.005\"} 1",
        "http_request_duration_seconds_count{method=\"GET\",route=\"/a/{b}\"} 1",
        "db_pool_connections{state=\"idle\"} 7",
        "busbar_build_info{version=\"1.2.3\"} 1",
        "process_start_time_seconds 1767225600",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is missing in\n{text}"
        );
    }
    size.store(9, Ordering::Relaxed);
    assert!(figures.render().contains("db_pool_connections{state=\"idle\"} 9"));
    assert!(
        again.render().contains("http_requests_total{"),
        "one process, one set of figures"
    );
    if cfg!(target_os = "linux") {
        for name in [
            "process_resident_memory_bytes ",
            "process_open_fds ",
            "process_threads ",
        ] {
            assert!(text.contains(&format!("\n{name}")), "{name}");
        }
    }
}
