//! Signing in with address and password.

use busbar_kernel::{Error, Result, Secret};
use busbar_store::{Step, params};

use super::{User, UserRow};
use crate::email::Email;
use crate::sessions::{Owner, Tokens};
use crate::{Directory, codes};

/// A person who came in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who they are.
    pub user: User,
    /// What they take home.
    pub tokens: Tokens,
}

impl Directory {
    /// Signs a person in: one hash, one durable write. An unknown address costs the same hash and reads the
    /// same error.
    ///
    /// # Errors
    /// `identity.email_invalid`, `identity.credentials_wrong`, `identity.email_unverified`,
    /// `identity.locked_out` after too many failures, `identity.busy` when too many wait.
    pub async fn sign_in(&self, email: &str, password: &Secret) -> Result<SignedIn> {
        let email: Email = email.parse()?;
        self.lock_out().admit(email.as_str()).await?;
        let sql = format!(
            "SELECT {}, u.password FROM auth.users u WHERE u.email = $1",
            UserRow::COLUMNS
        );
        let found: Option<UserRow> = self.db().optional(&sql, params![email.as_str()]).await?;
        let stored = found.as_ref().and_then(|row| row.password.clone());
        let verdict = self.passwords().check(password, stored.as_deref()).await?;
        let Some(row) = found.filter(|_| verdict.matches) else {
            self.lock_out().failed(email.as_str()).await?;
            return Err(wrong());
        };
        // Guesses made at the same moment may have locked the account while this one was computed.
        self.lock_out().admit(email.as_str()).await?;
        self.lock_out().succeeded(email.as_str()).await?;
        let user = User::from(row);
        if !user.email_verified && self.policy().await?.require_email_verification {
            return Err(Error::forbidden(
                codes::EMAIL_UNVERIFIED,
                "Email verification required",
            ));
        }
        let mut steps = Vec::new();
        if verdict.outdated {
            steps.push(Step::new(
                "UPDATE auth.users SET password = $2 WHERE id = $1 AND password = $3",
                params![user.id.0.0, self.passwords().hash(password).await?, stored],
            ));
        }
        self.start_session(user, steps).await
    }

    /// Starts a person's session in one batch with whatever must hold with it.
    pub(super) async fn start_session(&self, user: User, mut steps: Vec<Step>) -> Result<SignedIn> {
        let (session, tokens) = self.session_steps(&Owner::User(user.id, &user.email))?;
        steps.extend(session);
        self.db().batch(steps).await?;
        Ok(SignedIn { user, tokens })
    }
}

fn wrong() -> Error {
    Error::unauthenticated(codes::CREDENTIALS_WRONG, "Invalid credentials")
}
