//! The name of every figure, so that a dashboard can rely on them.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Counter of answered requests; labels `method`, `route` (the pattern, never the path), `status`.
pub const HTTP_REQUESTS: &str = "http_requests_total";
/// Histogram of the time from request to answer's head, in seconds; labels `method`, `route`.
pub const HTTP_REQUEST_DURATION: &str = "http_request_duration_seconds";
/// Gauge of requests being worked on.
pub const HTTP_REQUESTS_IN_FLIGHT: &str = "http_requests_in_flight";
/// Gauge of pooled database connections; label `state`: `idle` or `used`.
pub const DB_POOL_CONNECTIONS: &str = "db_pool_connections";
/// Gauge of callers that wait for a database connection.
pub const DB_POOL_WAITING: &str = "db_pool_waiting";
/// Counter of commits that made a group of writes durable.
pub const STORE_GROUP_COMMITS: &str = "store_group_commits_total";
/// Counter of writes made durable by those commits.
pub const STORE_GROUP_WRITES: &str = "store_group_writes_total";
/// Counter of stored bytes of uploads.
pub const FILES_UPLOADED_BYTES: &str = "files_uploaded_bytes_total";
/// Gauge that is 1 where a health check is up, else 0; label `check`.
pub const HEALTH_CHECK_UP: &str = "health_check_up";
/// Counter of log lines; label `level`.
pub const LOG_LINES: &str = "log_lines_total";
/// Counter of log lines that were dropped because the disk was too slow.
pub const LOG_LINES_DROPPED: &str = "log_lines_dropped_total";
/// Gauge that is always 1; label `version`.
pub const BUILD_INFO: &str = "busbar_build_info";
/// Gauge of resident memory, in bytes.
pub const PROCESS_MEMORY: &str = "process_resident_memory_bytes";
/// Gauge of open file descriptors.
pub const PROCESS_OPEN_FDS: &str = "process_open_fds";
/// Gauge of the limit of open file descriptors.
pub const PROCESS_MAX_FDS: &str = "process_max_fds";
/// Gauge of threads.
pub const PROCESS_THREADS: &str = "process_threads";
/// Gauge of the processor time used since the start, in seconds.
pub const PROCESS_CPU: &str = "process_cpu_seconds_total";
/// Gauge of the moment of the start, in seconds since 1970.
pub const PROCESS_START: &str = "process_start_time_seconds";

/// Tells the recorder what each figure means.
pub(super) fn describe() {
    describe_counter!(HTTP_REQUESTS, "Answered requests");
    describe_histogram!(
        HTTP_REQUEST_DURATION,
        Unit::Seconds,
        "Time from request to the answer's head"
    );
    describe_gauge!(HTTP_REQUESTS_IN_FLIGHT, "Requests being worked on");
    describe_gauge!(DB_POOL_CONNECTIONS, "Pooled database connections");
    describe_gauge!(DB_POOL_WAITING, "Callers that wait for a database connection");
    describe_counter!(STORE_GROUP_COMMITS, "Commits that made a group of writes durable");
    describe_counter!(STORE_GROUP_WRITES, "Writes made durable by group commits");
    describe_counter!(FILES_UPLOADED_BYTES, Unit::Bytes, "Stored bytes of uploads");
    describe_gauge!(HEALTH_CHECK_UP, "Whether a health check is up");
    describe_counter!(LOG_LINES, "Log lines");
    describe_counter!(
        LOG_LINES_DROPPED,
        "Log lines dropped because the disk was too slow"
    );
    describe_gauge!(BUILD_INFO, "The running version");
    describe_gauge!(PROCESS_MEMORY, Unit::Bytes, "Resident memory");
    describe_gauge!(PROCESS_OPEN_FDS, "Open file descriptors");
    describe_gauge!(PROCESS_MAX_FDS, "Limit of open file descriptors");
    describe_gauge!(PROCESS_THREADS, "Threads");
    describe_gauge!(PROCESS_CPU, Unit::Seconds, "Processor time used since the start");
    describe_gauge!(PROCESS_START, Unit::Seconds, "Moment of the start since 1970");
}
