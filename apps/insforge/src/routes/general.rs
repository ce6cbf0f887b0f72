//! Small routes.

use busbar_platform::{Routes, get, public};

use crate::Services;
use crate::handlers::health;

/// The small routes.
pub(crate) fn table() -> Routes<Services> {
    Routes::new().group("health").route(
        get("/api/health", public("names no detail"), health::show::handle)
            .summary("Whether the server runs")
            .answers::<health::show::Health>(200, "It does"),
    )
}
