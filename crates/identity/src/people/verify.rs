//! Proving by six mailed digits that an address is one's own.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use busbar_kernel::ids::Id;
use busbar_kernel::{Error, Kind, Result, random};
use busbar_ports::mail::{Address, Mail};
use busbar_store::{Step, params};
use serde::Deserialize;

use super::{SignedIn, User, UserRow};
use crate::email::Email;
use crate::{Directory, codes};

/// How long a code counts (InsForge's contract, 3.3).
const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How often a code may be guessed.
const ATTEMPTS: i64 = 3;
/// How soon another mail may be asked for.
const COOL_DOWN: Duration = Duration::from_secs(60);
const PURPOSE: &str = "VERIFY_EMAIL";

#[derive(Deserialize)]
struct Standing {
    email_verified: bool,
}

#[derive(Deserialize)]
struct Guessed {
    otp_hash: String,
}

impl Directory {
    /// Mails another code to an address that is not verified yet. The answer is the same for every address.
    ///
    /// # Errors
    /// `identity.email_invalid`, `identity.mail_not_configured`, `identity.mail_too_soon` within 60 seconds.
    pub async fn resend_verification(&self, email: &str) -> Result<()> {
        let email: Email = email.parse()?;
        if self.mail().is_none() {
            return Err(Error::unavailable(
                codes::MAIL_NOT_CONFIGURED,
                "No e-mail provider is configured",
            ));
        }
        let key = format!("identity:{}:mail:{email}", self.name());
        let asked = self.cache().increment(&key, COOL_DOWN).await?;
        if asked.count > 1 {
            let message = "Another e-mail was sent moments ago; wait a minute";
            return Err(
                Error::new(Kind::RateLimited, codes::MAIL_TOO_SOON, message).retry_after(asked.resets_in)
            );
        }
        match self.standing(&email).await? {
            Some(standing) if !standing.email_verified => self.mail_code(&email).await,
            _ => Ok(()),
        }
    }

    /// Takes a code, verifies the address and starts a session.
    ///
    /// # Errors
    /// `identity.code_invalid` for a wrong, used or expired code, and after three guesses.
    pub async fn verify_email(&self, email: &str, code: &str) -> Result<SignedIn> {
        let email: Email = email.parse()?;
        let now = self.clock().now();
        let guessed: Vec<Guessed> = self
            .db()
            .returning(
                "UPDATE auth.email_otps SET attempts_count = attempts_count + 1, updated_at = $3 \
                 WHERE email = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3 \
                 AND attempts_count < $4 RETURNING otp_hash",
                params![email.as_str(), PURPOSE, now, ATTEMPTS],
            )
            .await?;
        let shown = self.code_hash(&email, code.trim());
        let good = guessed
            .first()
            .is_some_and(|row| verify_slices_are_equal(row.otp_hash.as_bytes(), shown.as_bytes()).is_ok());
        if !good {
            return Err(wrong_code());
        }
        let once = Step::new(
            "UPDATE auth.email_otps SET consumed_at = $3, updated_at = $3 \
             WHERE email = $1 AND purpose = $2 AND consumed_at IS NULL",
            params![email.as_str(), PURPOSE, now],
        )
        .check(|done| {
            if done.affected == 1 {
                Ok(())
            } else {
                Err(wrong_code())
            }
        });
        let verified = Step::new(
            "UPDATE auth.users SET email_verified = $2, updated_at = $3 WHERE email = $1",
            params![email.as_str(), true, now],
        )
        .check(|done| {
            if done.affected == 1 {
                Ok(())
            } else {
                Err(wrong_code())
            }
        });
        let sql = format!("SELECT {} FROM auth.users u WHERE u.email = $1", UserRow::COLUMNS);
        let row: Option<UserRow> = self.db().optional(&sql, params![email.as_str()]).await?;
        let user = User {
            email_verified: true,
            updated_at: now,
            ..row.map(User::from).ok_or_else(wrong_code)?
        };
        self.start_session(user, vec![once, verified]).await
    }

    /// What follows a sign-up that must be verified: a code, or, to whoever has the account, word of it.
    ///
    /// A second sign-up before the address is verified replaces the password of the first: whoever types the
    /// code last mailed gets in with the password that belongs to it, not with one that a stranger chose.
    pub(super) async fn send_verification(&self, email: &Email, taken: bool, hash: &str) -> Result<()> {
        if !taken {
            return self.mail_code(email).await;
        }
        let replaced = self
            .db()
            .execute(
                "UPDATE auth.users SET password = $2, updated_at = $3 WHERE email = $1 AND email_verified = $4",
                params![email.as_str(), hash, self.clock().now(), false],
            )
            .await?;
        if replaced > 0 {
            return self.mail_code(email).await;
        }
        self.post(Mail {
            to: vec![Address::bare(email.as_str())],
            subject: "You already have an account".to_owned(),
            text: Some(
                "Somebody, perhaps you, tried to sign up with this address. You have an account already: \
                 sign in instead. If it was not you, nothing needs to be done.\n"
                    .to_owned(),
            ),
            category: "sign-up-known-address".to_owned(),
            ..Mail::default()
        })
        .await
    }

    async fn standing(&self, email: &Email) -> Result<Option<Standing>> {
        self.db()
            .optional(
                "SELECT u.email_verified FROM auth.users u WHERE u.email = $1",
                params![email.as_str()],
            )
            .await
    }

    async fn mail_code(&self, email: &Email) -> Result<()> {
        let code = format!("{:06}", random::below(1_000_000));
        let now = self.clock().now();
        self.db()
            .execute(
                "INSERT INTO auth.email_otps (id, email, purpose, otp_hash, otp_type, expires_at, \
                 attempts_count, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
                 ON CONFLICT (email, purpose) DO UPDATE SET otp_hash = excluded.otp_hash, \
                 otp_type = excluded.otp_type, expires_at = excluded.expires_at, consumed_at = NULL, \
                 attempts_count = excluded.attempts_count, updated_at = excluded.updated_at",
                params![
                    Id::new(self.clock()).0,
                    email.as_str(),
                    PURPOSE,
                    self.code_hash(email, &code),
                    "NUMERIC_CODE",
                    now + LIFETIME,
                    0i64,
                    now
                ],
            )
            .await?;
        self.post(Mail {
            to: vec![Address::bare(email.as_str())],
            subject: format!("{code} is your verification code"),
            text: Some(format!(
                "Your verification code is {code}. It counts for 15 minutes.\n\
                 If you did not sign up, nothing needs to be done.\n"
            )),
            category: "email-verification-code".to_owned(),
            ..Mail::default()
        })
        .await
    }

    async fn post(&self, mail: Mail) -> Result<()> {
        let Some(carrier) = self.mail() else {
            return Err(Error::unavailable(
                codes::MAIL_NOT_CONFIGURED,
                "No e-mail provider is configured",
            ));
        };
        carrier.send(mail).await.map(|_| ()).map_err(|error| {
            Error::unavailable(codes::MAIL_FAILED, "The e-mail could not be sent").source(error)
        })
    }
}

fn wrong_code() -> Error {
    Error::new(
        Kind::Invalid,
        codes::CODE_INVALID,
        "Invalid or expired verification code",
    )
}
