//! How an app tells who calls, and how it refuses.

use async_trait::async_trait;
use busbar_kernel::{Actor, Error, Result};
use http::{HeaderMap, Method, Uri};

use crate::{Permission, Seen};

/// The head of a request, as a gate may read it.
pub struct Head<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path and query as sent.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The request's id and the client's address.
    pub seen: &'a Seen,
}

/// The gate of an app: one for all of its routes, or one per group.
#[async_trait]
pub trait Gate: Send + Sync + 'static {
    /// Who calls. A credential that is shown and not accepted is an error and never counts as nobody.
    ///
    /// # Errors
    /// `Unauthenticated` for a credential that is not accepted.
    async fn identify(&self, head: &Head<'_>) -> Result<Actor>;

    /// Whether the actor may pass a route that asks for `permission`.
    ///
    /// # Errors
    /// `Unauthenticated` for nobody, `Forbidden` for a known actor without the permission.
    async fn permit(&self, actor: &Actor, permission: &'static Permission) -> Result<()> {
        if permission.is_held_by(actor.holder()) {
            return Ok(());
        }
        Err(match actor {
            Actor::Nobody => Error::unauthenticated("access.no_credential", "Sign in first"),
            _ => Error::forbidden("access.denied", "This account may not do that"),
        })
    }

    /// A finer check before any handler of the app runs, such as a header against cross-site requests.
    ///
    /// # Errors
    /// Whatever refuses the request.
    fn screen(&self, _head: &Head<'_>) -> Result<()> {
        Ok(())
    }
}

/// The gate of an app whose routes are all public.
pub struct Open;

#[async_trait]
impl Gate for Open {
    async fn identify(&self, _head: &Head<'_>) -> Result<Actor> {
        Ok(Actor::Nobody)
    }
}
