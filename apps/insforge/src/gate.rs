//! Which credential a caller shows, and what it becomes (`insforge.md` 2.1).

use async_trait::async_trait;
use busbar_kernel::{Actor, Error, Result};
use busbar_platform::{Gate, Head, Permission};

use crate::Services;

/// Tells callers by the shape of their credential.
pub struct InsforgeGate;

impl InsforgeGate {
    /// The gate over the app's services.
    pub fn new(_services: &Services) -> Self {
        Self
    }
}

#[async_trait]
impl Gate for InsforgeGate {
    async fn identify(&self, _head: &Head<'_>) -> Result<Actor> {
        Err(Error::unauthenticated(
            "access.no_credential",
            "No token provided",
        ))
    }

    async fn permit(&self, actor: &Actor, permission: &'static Permission) -> Result<()> {
        if permission.is_held_by(actor.holder()) {
            return Ok(());
        }
        Err(match actor {
            Actor::User(_) => Error::forbidden("access.admin_required", "Admin access required"),
            _ => Error::unauthenticated("access.token_invalid", "Invalid token"),
        })
    }
}
