//! The operator's sessions, and what administrators do with people and rules (InsForge's contract, 3.2, 3.4, 3.6).

use busbar_platform::{Limit, Routes, delete, get, post, public, put};

use super::accounts::BODY_BYTES;
use crate::Services;
use crate::handlers::{admin_sessions, auth_config, keys, users};
use crate::permissions::{ADMIN_SESSIONS_OWN, AUTH_CONFIG_MANAGE, KEYS_READ, USERS_DELETE, USERS_READ};
use crate::views::auth_config::ConfigView;
use crate::views::session::{AdminSessionView, CurrentAdminView, DoneView};
use crate::views::user::{UserPageView, UserView};

/// The routes.
pub(crate) fn table(services: &Services) -> Routes<Services> {
    let sign_in = Limit::per_address("insforge-admin-sign-in", services.budgets.sign_in, 15);
    Routes::new()
        .group("administration")
        .route(
            get("/api/auth/users", &USERS_READ, users::list::handle)
                .summary("List people, newest first")
                .params::<users::list::Page>()
                .answers::<UserPageView>(200, "One page"),
        )
        .route(
            get("/api/auth/users/{userId}", &USERS_READ, users::show::handle)
                .summary("Show a person")
                .answers::<UserView>(200, "The person"),
        )
        .route(
            delete("/api/auth/users", &USERS_DELETE, users::delete::handle)
                .summary("Delete people")
                .body_limit(BODY_BYTES)
                .body::<users::delete::Chosen>()
                .answers::<users::delete::Deleted>(200, "How many there were"),
        )
        .route(
            get("/api/auth/config", &AUTH_CONFIG_MANAGE, auth_config::show::handle)
                .summary("The rules for accounts")
                .answers::<ConfigView>(200, "The rules"),
        )
        .route(
            put(
                "/api/auth/config",
                &AUTH_CONFIG_MANAGE,
                auth_config::change::handle,
            )
            .summary("Change the rules for accounts")
            .body_limit(BODY_BYTES)
            .body::<auth_config::change::Changes>()
            .answers::<ConfigView>(200, "The rules, changed"),
        )
        .route(
            post("/api/auth/tokens/anon", &KEYS_READ, keys::show_anon::handle)
                .summary("The public key of anonymous callers")
                .answers::<keys::show_anon::Told>(200, "The key"),
        )
        .route(
            post(
                "/api/auth/admin/sessions",
                public("signing in needs no credential"),
                admin_sessions::create::handle,
            )
            .summary("Sign the operator in")
            .limit(sign_in)
            .body_limit(BODY_BYTES)
            .body::<admin_sessions::create::SignIn>()
            .answers::<AdminSessionView>(200, "The session")
            .answers_plain(401, "Name or password is wrong"),
        )
        .route(
            get(
                "/api/auth/admin/sessions/current",
                &ADMIN_SESSIONS_OWN,
                admin_sessions::current::handle,
            )
            .summary("The operator who asks")
            .answers::<CurrentAdminView>(200, "The operator"),
        )
        .route(
            post(
                "/api/auth/admin/refresh",
                public("the refresh token is the credential"),
                admin_sessions::refresh::handle,
            )
            .summary("Exchange the operator's refresh token")
            .answers::<AdminSessionView>(200, "The session, carried on")
            .answers_plain(401, "There is no session")
            .answers_plain(403, "The CSRF value is wrong"),
        )
        .route(
            post(
                "/api/auth/admin/logout",
                public("the refresh token is the credential"),
                admin_sessions::end::handle,
            )
            .summary("Sign the operator out")
            .answers::<DoneView>(200, "Signed out")
            .answers_plain(403, "The CSRF value is wrong"),
        )
        .route(
            get(
                "/.well-known/jwks.json",
                public("public keys"),
                keys::show_published::handle,
            )
            .summary("The public keys of access tokens")
            .answers_plain(200, "A JSON Web Key Set"),
        )
        .route(
            get(
                "/api/.well-known/jwks.json",
                public("public keys"),
                keys::show_published::handle,
            )
            .summary("The public keys of access tokens")
            .answers_plain(200, "A JSON Web Key Set"),
        )
}
