//! The operator's session cookie, and the header against cross-site requests.

use async_trait::async_trait;
use busbar_kernel::{Actor, Error, Result};
use busbar_platform::{Gate, Head};
use http::Method;

use crate::Services;

/// Lets the operator in.
pub(crate) struct ConsoleGate;

impl ConsoleGate {
    pub(crate) fn new(_services: &Services) -> Self {
        Self
    }
}

#[async_trait]
impl Gate for ConsoleGate {
    async fn identify(&self, _head: &Head<'_>) -> Result<Actor> {
        Ok(Actor::Nobody)
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
