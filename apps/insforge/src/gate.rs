//! Which credential a caller shows, and what it becomes (InsForge's contract, 2.1).

use async_trait::async_trait;
use busbar_identity::{Credential, Directory};
use busbar_kernel::{Actor, Error, Holder, Result};
use busbar_platform::{Gate, Head, Permission};
use http::header::AUTHORIZATION;

use crate::Services;

/// Tells callers by the shape of their credential.
pub struct InsforgeGate(Directory);

impl InsforgeGate {
    /// The gate over the app's services.
    pub fn new(services: &Services) -> Self {
        Self(services.people.clone())
    }
}

#[async_trait]
impl Gate for InsforgeGate {
    async fn identify(&self, head: &Head<'_>) -> Result<Actor> {
        if let Some(key) = head.headers.get("x-api-key") {
            let key = key.to_str().unwrap_or_default();
            return self.0.authenticate(Credential::ApiKey(key)).await;
        }
        let Some(shown) = head.headers.get(AUTHORIZATION) else {
            return Ok(Actor::Nobody);
        };
        let bearer = shown.to_str().ok().and_then(bearer).unwrap_or_default();
        self.0.authenticate(Credential::Bearer(bearer)).await
    }

    async fn permit(&self, actor: &Actor, permission: &'static Permission) -> Result<()> {
        if permission.is_held_by(actor.holder()) {
            return Ok(());
        }
        let for_administrators = permission
            .holders
            .iter()
            .all(|holder| matches!(holder, Holder::Service | Holder::Operator));
        Err(match actor {
            Actor::Nobody if for_administrators => {
                Error::unauthenticated("access.no_credential", "No admin token provided")
            }
            Actor::Nobody => Error::unauthenticated("access.no_credential", "No token provided"),
            Actor::User(_) if for_administrators => {
                Error::forbidden("access.admin_required", "Admin access required")
            }
            _ => Error::unauthenticated("access.token_invalid", "Invalid token"),
        })
    }
}

/// The token of an `Authorization` header of the scheme Bearer.
pub(crate) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
