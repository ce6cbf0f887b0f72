//! The session, the overview, keys, logs and variables.

use busbar_platform::{Limit, Routes, delete, get, post, public};

use crate::Services;
use crate::handlers::{keys, logs, overview, session, variables};
use crate::permissions::{KEYS_READ, KEYS_REVEAL, LOGS_READ, OVERVIEW_READ, SESSION_READ, VARIABLES_READ};

const SIGN_IN: Limit = Limit::per_address("console-sign-in", 20, 15);

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    Routes::new()
        .group("console operation")
        .route(
            post("/api/session", public("signing in"), session::create::handle)
                .summary("Sign in")
                .limit(SIGN_IN)
                .body_limit(16 * 1024)
                .body::<session::create::SignIn>()
                .answers::<session::SessionView>(200, "Signed in")
                .answers_plain(401, "Name or password is wrong")
                .answers_plain(403, "The request comes from another site"),
        )
        .route(
            get("/api/session", &SESSION_READ, session::show::handle)
                .summary("Who is signed in")
                .answers::<session::SessionView>(200, "The operator"),
        )
        .route(
            delete(
                "/api/session",
                public("signing out needs no session"),
                session::delete::handle,
            )
            .summary("Sign out")
            .answers_plain(204, "Signed out")
            .answers_plain(403, "The request comes from another site"),
        )
        .route(
            get("/api/overview", &OVERVIEW_READ, overview::show::handle)
                .summary("What is embedded, what is real, and how it is")
                .answers::<overview::show::Overview>(200, "The overview"),
        )
        .route(
            get("/api/keys", &KEYS_READ, keys::show::handle)
                .summary("The public key, and a hint of the API key")
                .answers::<keys::show::Keys>(200, "The keys"),
        )
        .route(
            post("/api/keys/api-key/reveal", &KEYS_REVEAL, keys::reveal::handle)
                .summary("The API key")
                .answers::<keys::reveal::ApiKey>(200, "The key"),
        )
        .route(
            get("/api/logs", &LOGS_READ, logs::list::handle)
                .summary("The log, newest first")
                .params::<logs::list::LogQuery>()
                .answers::<logs::list::Page>(200, "A page"),
        )
        .route(
            get("/api/variables", &VARIABLES_READ, variables::list::handle)
                .summary("Every variable in force")
                .answers::<variables::list::Listed>(200, "The table"),
        )
}
