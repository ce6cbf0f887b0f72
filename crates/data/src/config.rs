//! The variables of records.

use busbar_kernel::variables::{Entry, Settings, Variable};

use crate::RecordOptions;

/// The most rows of one list.
pub static DB_MAX_ROWS: Variable<Option<u64>> = Variable::new(
    "DB_MAX_ROWS",
    "records",
    "The most rows a read answers, of the page and of each embed; without it there is no cap",
)
.aliases(&["PGRST_DB_MAX_ROWS"]);

/// Whether aggregate functions are allowed.
pub static DB_AGGREGATES_ENABLED: Variable<bool> = Variable::new(
    "DB_AGGREGATES_ENABLED",
    "records",
    "Whether select may use sum(), avg(), min(), max() and count() over records",
)
.aliases(&["PGRST_DB_AGGREGATES_ENABLED"])
.default("false");

/// Whether clients may have a write undone.
pub static DB_TX_END: Variable<String> = Variable::new(
    "DB_TX_END",
    "records",
    "commit, or commit-allow-override: then Prefer: tx=rollback answers a write and keeps nothing of it",
)
.aliases(&["PGRST_DB_TX_END"])
.default("commit")
.check(commit_or_override);

/// Whether plans are shown.
pub static DB_PLAN_ENABLED: Variable<bool> = Variable::new(
    "DB_PLAN_ENABLED",
    "records",
    "Whether Accept: application/vnd.pgrst.plan answers with the plan of a read; it tells about the database",
)
.aliases(&["PGRST_DB_PLAN_ENABLED"])
.default("false");

/// A function that runs before each request.
pub static DB_PRE_REQUEST: Variable<Option<String>> = Variable::new(
    "DB_PRE_REQUEST",
    "records",
    "A function of PostgreSQL, name or schema.name, that runs as the caller before each request for records; it may \
     raise, and set response.status and response.headers",
)
.aliases(&["PGRST_DB_PRE_REQUEST"]);

/// Whether answers say how long their parts took.
pub static SERVER_TIMING_ENABLED: Variable<bool> = Variable::new(
    "SERVER_TIMING_ENABLED",
    "records",
    "Whether answers to requests for records say in Server-Timing how long their parts took",
)
.aliases(&["PGRST_SERVER_TIMING_ENABLED"])
.default("false");

/// The rows of the variable table that belong to this crate.
pub static VARIABLES: &[&Entry] = &[
    DB_MAX_ROWS.entry(),
    DB_AGGREGATES_ENABLED.entry(),
    DB_TX_END.entry(),
    DB_PLAN_ENABLED.entry(),
    DB_PRE_REQUEST.entry(),
    SERVER_TIMING_ENABLED.entry(),
];

impl RecordOptions {
    /// The options in force.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            most_rows: settings.get(&DB_MAX_ROWS),
            aggregates: settings.get(&DB_AGGREGATES_ENABLED),
            rollback: settings.get(&DB_TX_END) == "commit-allow-override",
            plans: settings.get(&DB_PLAN_ENABLED),
            pre_request: settings.get(&DB_PRE_REQUEST).map(Into::into),
            timing: settings.get(&SERVER_TIMING_ENABLED),
        }
    }
}

fn commit_or_override(text: &str) -> Result<(), String> {
    match text {
        "commit" | "commit-allow-override" => Ok(()),
        _ => Err("must be commit or commit-allow-override".to_owned()),
    }
}
