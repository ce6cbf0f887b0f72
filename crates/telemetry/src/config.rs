//! The variables of logs and metrics.

use std::path::PathBuf;

use busbar_kernel::variables::{Entry, Variable};

use crate::logs::read_level;

/// What is logged.
pub static LOG_LEVEL: Variable<String> = Variable::new(
    "LOG_LEVEL",
    "logs",
    "What is logged: error, warn, info, debug or trace, or directives such as info,busbar_store=debug",
)
.default("info")
.check(|text| read_level(text).map(|_| ()));

/// Where log files lie.
pub static LOGS_DIR: Variable<PathBuf> = Variable::new(
    "LOGS_DIR",
    "logs",
    "Folder of the log files, one a day; created at start",
)
.default("./logs");

/// How long log files are kept.
pub static LOG_RETENTION_DAYS: Variable<u32> = Variable::new(
    "LOG_RETENTION_DAYS",
    "logs",
    "Days for which log files are kept; 0 keeps them for ever",
)
.default("14");

/// Whether figures are served.
pub static METRICS_ENABLED: Variable<bool> = Variable::new(
    "METRICS_ENABLED",
    "metrics",
    "Whether /metrics is served to Prometheus on METRICS_PORT",
)
.default("false");

/// Where figures are served.
pub static METRICS_PORT: Variable<u16> = Variable::new(
    "METRICS_PORT",
    "metrics",
    "Port on which /metrics is served when METRICS_ENABLED is true",
)
.default("9090");

/// The rows of the variable table that belong to this crate.
pub static VARIABLES: &[&Entry] = &[
    LOG_LEVEL.entry(),
    LOGS_DIR.entry(),
    LOG_RETENTION_DAYS.entry(),
    METRICS_ENABLED.entry(),
    METRICS_PORT.entry(),
];
