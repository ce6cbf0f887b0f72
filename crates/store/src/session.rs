//! On whose behalf a statement runs.

use std::time::Duration;

/// How long a statement may take when its session says nothing else.
pub(crate) const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(30);

/// The role, settings and limits of a request.
///
/// On PostgreSQL a session with a role runs on the request login's connections, in a transaction that begins
/// with the role, the settings, the search path and the time limit. On SQLite role and settings give no rights and
/// take none: `data` adds the policies' predicates itself. There a batch's triggers can read them, by
/// `busbar_setting(name)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// `anon`, `authenticated` or `project_admin`; none is the owner.
    pub role: Option<String>,
    /// Settings for the transaction: `request.jwt.claims` …
    pub settings: Vec<(String, String)>,
    /// Whether the transaction may only read.
    pub read_only: bool,
    /// The schema to look in first, instead of the scope's own.
    pub schema: Option<String>,
    /// On PostgreSQL: a statement that runs before the others, with role and settings in force; its rows are dropped.
    pub first: Option<String>,
    /// Whether a batch is undone once it has run; its answers are those it would have had.
    pub roll_back: bool,
    /// How long the whole may take; beyond it the answer is SQLSTATE 57014.
    pub time_limit: Duration,
}

impl Session {
    /// The owner: no role, no settings, 30 s.
    pub fn owner() -> Self {
        Self {
            role: None,
            settings: Vec::new(),
            read_only: false,
            schema: None,
            first: None,
            roll_back: false,
            time_limit: DEFAULT_TIME_LIMIT,
        }
    }

    /// A session of `role`, 30 s.
    pub fn role(role: impl Into<String>) -> Self {
        Self {
            role: Some(role.into()),
            ..Self::owner()
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::owner()
    }
}
