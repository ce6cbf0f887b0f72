//! Which credential a caller of the plain PostgREST root shows, and how it is refused (PostgREST's contract, 10).

use std::sync::Arc;

use async_trait::async_trait;
use busbar_identity::{Credential, Directory, codes};
use busbar_kernel::{Actor, Clock, Error, Kind, Result};
use busbar_platform::{Gate, Head, Permission};
use http::header::AUTHORIZATION;

use crate::Services;
use crate::gate::bearer;

/// A bearer token, or what stands in `apikey`; the bearer wins, as clients send both.
pub struct RestGate {
    people: Directory,
    clock: Arc<dyn Clock>,
}

impl RestGate {
    /// The gate over the app's services.
    pub fn new(services: &Services) -> Self {
        Self {
            people: services.people.clone(),
            clock: services.clock.clone(),
        }
    }
}

#[async_trait]
impl Gate for RestGate {
    async fn identify(&self, head: &Head<'_>) -> Result<Actor> {
        let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let shown = text(AUTHORIZATION.as_str()).and_then(|header| match header.trim() {
            only if only.eq_ignore_ascii_case("bearer") => Some(""),
            header => bearer(header),
        });
        let Some(token) = shown.or_else(|| text("apikey").map(str::trim)) else {
            return Ok(Actor::Nobody);
        };
        let start = self.clock.monotonic();
        let known = self.people.authenticate(Credential::Bearer(token)).await;
        // The first look is the one that lets the request in.
        let _ = head
            .seen
            .credential
            .set(self.clock.monotonic().saturating_sub(start));
        known.map_err(|error| refused(error, token))
    }

    async fn permit(&self, actor: &Actor, permission: &'static Permission) -> Result<()> {
        if permission.is_held_by(actor.holder()) {
            return Ok(());
        }
        Err(match actor {
            Actor::Nobody => Error::unauthenticated("access.no_credential", "Anonymous access is disabled")
                .wire_code("PGRST302"),
            _ => Error::forbidden("access.denied", "permission denied to set role \"project_admin\"")
                .wire_code("42501"),
        })
    }
}

/// A refused credential in PostgREST's words; what is no refusal passes as it is.
fn refused(error: Error, token: &str) -> Error {
    if error.kind() != Kind::Unauthenticated {
        return error;
    }
    let parts = token.split('.').count();
    let message = match error.code_str() {
        codes::TOKEN_EXPIRED => "JWT expired".to_owned(),
        codes::API_KEY_INVALID | codes::ANON_KEY_INVALID => error.message().to_owned(),
        _ if token.is_empty() => "Empty JWT is sent in Authorization header".to_owned(),
        _ if parts != 3 => format!("Expected 3 parts in JWT; got {parts}"),
        _ => "JWSError JWSInvalidSignature".to_owned(),
    };
    Error::new(Kind::Unauthenticated, "access.token_invalid", message)
        .wire_code("PGRST301")
        .source(error)
}
