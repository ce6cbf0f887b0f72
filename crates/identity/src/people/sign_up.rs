//! Signing up.

use busbar_kernel::{Error, Result, Secret};
use busbar_store::{Step, StepRows, Value as Column, params};
use serde_json::{Map, Value};

use super::profile::bounded;
use super::{PROVIDER_EMAIL, User, UserId};
use crate::email::Email;
use crate::sessions::Tokens;
use crate::{Directory, codes};

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// Somebody who wants in.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address, in any spelling.
    pub email: String,
    /// The password they chose.
    pub password: Secret,
    /// What they are called; it becomes `profile.name`.
    pub name: Option<String>,
    /// Whether an administrator makes the account: sign-up may then be off.
    pub by_administrator: bool,
    /// Whether the address counts as verified; only an administrator's word for it counts.
    pub auto_confirm: bool,
}

/// What became of a sign-up.
#[derive(Clone, Debug)]
pub enum SignedUp {
    /// The account stands and its first session with it.
    In(Box<User>, Tokens),
    /// A mail is on its way; said alike whether the address was known or not.
    VerificationSent,
}

impl Directory {
    /// Makes an account: one hash, one durable write. With verification on, no session starts and an address
    /// that is taken is not given away: its owner gets a mail that says so.
    ///
    /// # Errors
    /// `identity.email_invalid`, `identity.password_weak`, `identity.sign_up_disabled`, and, with
    /// verification off, `identity.email_taken`; `identity.busy` when too many wait.
    pub async fn sign_up(&self, new: NewUser) -> Result<SignedUp> {
        let email: Email = new.email.parse()?;
        let policy = self.policy().await?;
        if policy.disable_signup && !new.by_administrator {
            return Err(Error::forbidden(codes::SIGN_UP_DISABLED, "Sign-up is disabled"));
        }
        policy.password_rules().check(&new.password)?;
        let profile = profile_of(new.name.as_deref())?;
        let hash = self.passwords().hash(&new.password).await?;
        let confirmed = new.by_administrator && new.auto_confirm;
        let insert = self.insert_step(&email, &hash, confirmed, &profile)?;
        if policy.require_email_verification && !confirmed {
            let made = self.db().batch(vec![insert.1]).await;
            let taken = match made {
                Ok(_) => false,
                Err(error) if error.code_str() == codes::EMAIL_TAKEN => true,
                Err(error) => return Err(error),
            };
            self.send_verification(&email, taken, &hash).await?;
            return Ok(SignedUp::VerificationSent);
        }
        let now = self.clock().now();
        let user = User {
            id: insert.0,
            email: email.to_string(),
            email_verified: confirmed,
            created_at: now,
            updated_at: now,
            profile,
            metadata: Map::new(),
            providers: vec![PROVIDER_EMAIL.to_owned()],
        };
        let signed_in = self.start_session(user, vec![insert.1]).await?;
        Ok(SignedUp::In(Box::new(signed_in.user), signed_in.tokens))
    }

    fn insert_step(
        &self,
        email: &Email,
        hash: &str,
        verified: bool,
        profile: &Map<String, Value>,
    ) -> Result<(UserId, Step)> {
        let id = UserId::new(self.clock());
        let step = Step::new(
            "INSERT INTO auth.users (id, email, password, email_verified, created_at, updated_at, profile, \
             metadata, is_project_admin, is_anonymous) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $8) \
             ON CONFLICT (email) DO NOTHING",
            params![
                id.0.0,
                email.as_str(),
                hash,
                verified,
                self.clock().now(),
                Column::Json(bounded(profile)?),
                Column::Json("{}".to_owned()),
                false
            ],
        );
        Ok((id, step.check(refuse_taken)))
    }
}

/// The conflict is found where the row is written, so that of two who sign up at once one is told.
fn refuse_taken(done: &StepRows) -> Result<()> {
    match done.affected {
        0 => Err(Error::conflict(codes::EMAIL_TAKEN, "User already exists").field("email")),
        _ => Ok(()),
    }
}

fn profile_of(name: Option<&str>) -> Result<Map<String, Value>> {
    let mut profile = Map::new();
    if let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) {
        if name.chars().count() > LONGEST_NAME {
            let message = format!("The name has at most {LONGEST_NAME} characters");
            return Err(Error::invalid("name", message));
        }
        profile.insert("name".to_owned(), Value::from(name));
    }
    Ok(profile)
}
