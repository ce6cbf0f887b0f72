//! Signing in as the operator.

use busbar_kernel::{Error, Result, Secret};
use busbar_store::params;
use serde::Deserialize;

use super::normalised;
use crate::sessions::{Owner, Tokens};
use crate::{Directory, codes};

/// The operator, come in.
#[derive(Clone, Debug)]
pub struct OperatorSignedIn {
    /// The name, as stored.
    pub name: String,
    /// What they take home.
    pub tokens: Tokens,
}

#[derive(Deserialize)]
struct Stored {
    password: String,
}

impl Directory {
    /// Signs the operator in: as for people, one hash whether the name is known or not, and the same lock-out.
    ///
    /// # Errors
    /// `identity.credentials_wrong`, `identity.locked_out`, `identity.busy`.
    pub async fn sign_in_operator(&self, name: &str, password: &Secret) -> Result<OperatorSignedIn> {
        self.settle_operator().await?;
        let name = normalised(name);
        let account = format!("operator/{}", &name.chars().take(320).collect::<String>());
        self.lock_out().admit(&account).await?;
        let stored: Option<Stored> = self
            .db()
            .optional(
                "SELECT password FROM auth.operators WHERE username = $1",
                params![name.as_str()],
            )
            .await?;
        let hash = stored.as_ref().map(|stored| stored.password.as_str());
        if !self.passwords().check(password, hash).await?.matches {
            self.lock_out().failed(&account).await?;
            return Err(Error::unauthenticated(
                codes::CREDENTIALS_WRONG,
                "Invalid credentials",
            ));
        }
        self.lock_out().admit(&account).await?;
        self.lock_out().succeeded(&account).await?;
        let (steps, tokens) = self.session_steps(&Owner::Operator(&name))?;
        self.db().batch(steps).await?;
        Ok(OperatorSignedIn { name, tokens })
    }
}
