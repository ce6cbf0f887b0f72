//! The operator's session cookie, and the header against cross-site requests.

use async_trait::async_trait;
use busbar_identity::{Credential, Directory};
use busbar_kernel::{Actor, Error, Result};
use busbar_platform::{Gate, Head};
use http::Method;

use crate::{Services, cookies};

/// Lets the operator in, and nobody by any other credential.
pub(crate) struct ConsoleGate {
    operators: Directory,
}

impl ConsoleGate {
    pub(crate) fn new(services: &Services) -> Self {
        Self {
            operators: services.operators.clone(),
        }
    }
}

#[async_trait]
impl Gate for ConsoleGate {
    async fn identify(&self, head: &Head<'_>) -> Result<Actor> {
        let Some(token) = cookies::session(head.headers) else {
            return Ok(Actor::Nobody);
        };
        let ended =
            || Error::unauthenticated("console.session_ended", "The session has ended: sign in again");
        match self.operators.authenticate(Credential::Bearer(token)).await {
            Ok(actor @ Actor::Operator { .. }) => Ok(actor),
            Ok(_) => Err(ended()),
            Err(error) => Err(ended().source(error)),
        }
    }

    fn screen(&self, head: &Head<'_>) -> Result<()> {
        let changes = !matches!(*head.method, Method::GET | Method::HEAD);
        if changes
            && head
                .headers
                .get("x-busbar-console")
                .is_none_or(|value| value != "1")
        {
            return Err(Error::forbidden(
                "console.header_missing",
                "The header x-busbar-console: 1 is missing",
            ));
        }
        Ok(())
    }
}
