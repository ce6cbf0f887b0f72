//! Accounts and sessions of people (InsForge's contract, 3.2, 3.3).

use busbar_platform::{Limit, Routes, get, patch, post, public};

use crate::Services;
use crate::handlers::{auth_config, email, profiles, sessions, users};
use crate::permissions::{PROFILES_OWN, SESSIONS_OWN, USERS_SIGN_UP};
use crate::views::auth_config::PublicConfigView;
use crate::views::session::{DoneView, SessionView, SignedUpView};
use crate::views::user::{CurrentUserView, ProfileView};

/// The most bytes of a body here: a profile and what stands around it.
pub(crate) const BODY_BYTES: usize = 256 * 1024;

/// How often one address may ask for a mail (InsForge's contract, 1.5).
const SEND: Limit = Limit::per_address("insforge-email-send", 5, 15);
/// How often one address may try a code (InsForge's contract, 1.5).
const VERIFY: Limit = Limit::per_address("insforge-email-verify", 10, 15);

/// The routes.
pub(crate) fn table(services: &Services) -> Routes<Services> {
    let sign_up = Limit::per_address("insforge-sign-up", services.budgets.sign_up, 15);
    let sign_in = Limit::per_address("insforge-sign-in", services.budgets.sign_in, 15);
    Routes::new()
        .group("accounts")
        .route(
            post("/api/auth/users", &USERS_SIGN_UP, users::sign_up::handle)
                .summary("Sign up")
                .limit(sign_up)
                .body_limit(BODY_BYTES)
                .body::<users::sign_up::SignUp>()
                .answers::<SignedUpView>(
                    200,
                    "The account, and its session unless the address must be verified",
                ),
        )
        .route(
            post(
                "/api/auth/sessions",
                public("signing in needs no credential"),
                sessions::create::handle,
            )
            .summary("Sign in")
            .limit(sign_in)
            .body_limit(BODY_BYTES)
            .body::<sessions::create::SignIn>()
            .answers::<SessionView>(200, "The session"),
        )
        .route(
            get(
                "/api/auth/sessions/current",
                &SESSIONS_OWN,
                sessions::current::handle,
            )
            .summary("The person who asks")
            .answers::<CurrentUserView>(200, "The person"),
        )
        .route(
            post(
                "/api/auth/refresh",
                public("the refresh token is the credential"),
                sessions::refresh::handle,
            )
            .summary("Exchange a refresh token")
            .body_limit(BODY_BYTES)
            .body::<sessions::refresh::Body>()
            .answers::<SessionView>(200, "The session, carried on")
            .answers_plain(401, "There is no session")
            .answers_plain(403, "The CSRF value is wrong"),
        )
        .route(
            post(
                "/api/auth/logout",
                public("the refresh token is the credential"),
                sessions::end::handle,
            )
            .summary("Sign out")
            .body_limit(BODY_BYTES)
            .answers::<DoneView>(200, "Signed out")
            .answers_plain(403, "The CSRF value is wrong"),
        )
        .route(
            get(
                "/api/auth/profiles/{userId}",
                public("profiles are public"),
                profiles::show::handle,
            )
            .summary("What a person says of themselves")
            .answers::<ProfileView>(200, "The profile"),
        )
        .route(
            patch(
                "/api/auth/profiles/current",
                &PROFILES_OWN,
                profiles::merge::handle,
            )
            .summary("Change one's own profile")
            .body_limit(BODY_BYTES)
            .body::<profiles::merge::Changes>()
            .answers::<ProfileView>(200, "The profile, changed"),
        )
        .route(
            get(
                "/api/auth/public-config",
                public("sign-up pages read it"),
                auth_config::show_public::handle,
            )
            .summary("What a sign-up page must know")
            .answers::<PublicConfigView>(200, "The rules"),
        )
        .route(
            post(
                "/api/auth/email/send-verification",
                public("nobody has a session yet"),
                email::send_verification::handle,
            )
            .summary("Mail another verification code")
            .limit(SEND)
            .body_limit(BODY_BYTES)
            .body::<email::send_verification::Waiting>()
            .answers::<DoneView>(202, "Sent, if the address waits for one"),
        )
        .route(
            post(
                "/api/auth/email/verify",
                public("the code is the credential"),
                email::verify::handle,
            )
            .summary("Verify an address by its code")
            .limit(VERIFY)
            .body_limit(BODY_BYTES)
            .body::<email::verify::Proof>()
            .answers::<SessionView>(200, "The first session"),
        )
}
