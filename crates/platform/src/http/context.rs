//! What a handler knows of its request: who calls, from where, under which id.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use busbar_kernel::{Actor, Error, Result};
use http::request::Parts;

use crate::{Failure, Gate, Head, Seen};

/// The context of a request.
#[derive(Clone)]
pub struct Ctx {
    pub(crate) seen: Arc<Seen>,
    pub(crate) actor: Arc<Actor>,
    pub(crate) gate: Arc<dyn Gate>,
}

impl Ctx {
    /// Who calls; nobody on a public route.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The request's id and the client's address.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Who calls a public route, for handlers that give more to those who show a credential.
    ///
    /// # Errors
    /// `Unauthenticated` for a credential that is shown and not accepted.
    pub async fn identify(&self, parts: &Parts) -> Result<Actor> {
        let head = Head {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            seen: &self.seen,
        };
        self.gate.identify(&head).await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> std::result::Result<Self, Failure> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Error::internal("a handler ran without its guard").into())
    }
}
