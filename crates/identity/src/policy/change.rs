//! Changing the policy.

use busbar_kernel::ids::Id;
use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Value, params};

use super::{MailMethod, Policy};
use crate::{Directory, codes};

/// The most patterns for redirects, and the most characters of one.
const MOST_URLS: usize = 100;
const LONGEST_URL: usize = 2_000;

/// What to change; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PolicyChange {
    /// See [`Policy::require_email_verification`].
    pub require_email_verification: Option<bool>,
    /// See [`Policy::password_min_length`].
    pub password_min_length: Option<u32>,
    /// See [`Policy::require_number`].
    pub require_number: Option<bool>,
    /// See [`Policy::require_lowercase`].
    pub require_lowercase: Option<bool>,
    /// See [`Policy::require_uppercase`].
    pub require_uppercase: Option<bool>,
    /// See [`Policy::require_special_char`].
    pub require_special_char: Option<bool>,
    /// See [`Policy::verify_email_method`].
    pub verify_email_method: Option<MailMethod>,
    /// See [`Policy::reset_password_method`].
    pub reset_password_method: Option<MailMethod>,
    /// See [`Policy::allowed_redirect_urls`].
    pub allowed_redirect_urls: Option<Vec<String>>,
    /// See [`Policy::disable_signup`].
    pub disable_signup: Option<bool>,
}

impl Directory {
    /// Changes the policy and answers the whole of it.
    ///
    /// # Errors
    /// `input.invalid` for a value out of range, `identity.mail_not_configured` when verification is asked
    /// for and nobody carries mail.
    pub async fn change_policy(&self, change: PolicyChange) -> Result<Policy> {
        let asks_for_mail = change.require_email_verification == Some(true);
        if asks_for_mail && self.mail().is_none() {
            return Err(Error::invalid(
                "requireEmailVerification",
                "Verification needs an e-mail provider, and none is configured",
            )
            .code(codes::MAIL_NOT_CONFIGURED));
        }
        let policy = change.checked()?.over(self.policy().await?);
        let now = self.clock().now();
        let id = if policy.id.is_nil() {
            Id::new(self.clock()).0
        } else {
            policy.id
        };
        let urls = match self.db().dialect() {
            Dialect::Sqlite => "$10",
            Dialect::Postgres => "ARRAY(SELECT jsonb_array_elements_text($10::jsonb))",
        };
        let sql = format!(
            "INSERT INTO auth.config (id, singleton, require_email_verification, password_min_length, \
             require_number, require_lowercase, require_uppercase, require_special_char, verify_email_method, \
             reset_password_method, allowed_redirect_urls, disable_signup, created_at, updated_at) \
             VALUES ($1, $13, $2, $3, $4, $5, $6, $7, $8, $9, {urls}, $11, $12, $12) \
             ON CONFLICT (singleton) DO UPDATE SET \
             require_email_verification = excluded.require_email_verification, \
             password_min_length = excluded.password_min_length, require_number = excluded.require_number, \
             require_lowercase = excluded.require_lowercase, require_uppercase = excluded.require_uppercase, \
             require_special_char = excluded.require_special_char, \
             verify_email_method = excluded.verify_email_method, \
             reset_password_method = excluded.reset_password_method, \
             allowed_redirect_urls = excluded.allowed_redirect_urls, \
             disable_signup = excluded.disable_signup, updated_at = excluded.updated_at"
        );
        let parameters = params![
            id,
            policy.require_email_verification,
            policy.password_min_length,
            policy.require_number,
            policy.require_lowercase,
            policy.require_uppercase,
            policy.require_special_char,
            word(policy.verify_email_method),
            word(policy.reset_password_method),
            Value::json(&policy.allowed_redirect_urls)?,
            policy.disable_signup,
            now,
            true
        ];
        self.db().execute(&sql, parameters).await?;
        self.policy().await
    }
}

fn word(method: MailMethod) -> &'static str {
    match method {
        MailMethod::Code => "code",
        MailMethod::Link => "link",
    }
}

impl PolicyChange {
    fn checked(self) -> Result<Self> {
        if self
            .password_min_length
            .is_some_and(|length| !(4..=128).contains(&length))
        {
            return Err(Error::invalid(
                "passwordMinLength",
                "The minimum length is from 4 to 128",
            ));
        }
        let by_link = [
            ("verifyEmailMethod", self.verify_email_method),
            ("resetPasswordMethod", self.reset_password_method),
        ];
        if let Some((field, _)) = by_link
            .iter()
            .find(|(_, method)| *method == Some(MailMethod::Link))
        {
            return Err(Error::invalid(
                *field,
                "Only \"code\" is supported: there are no hosted pages yet",
            ));
        }
        let urls = self.allowed_redirect_urls.as_deref().unwrap_or_default();
        if urls.len() > MOST_URLS || urls.iter().any(|url| url.is_empty() || url.len() > LONGEST_URL) {
            let message = format!("At most {MOST_URLS} patterns of 1 to {LONGEST_URL} characters");
            return Err(Error::invalid("allowedRedirectUrls", message));
        }
        Ok(self)
    }

    fn over(self, old: Policy) -> Policy {
        Policy {
            require_email_verification: self
                .require_email_verification
                .unwrap_or(old.require_email_verification),
            password_min_length: self.password_min_length.unwrap_or(old.password_min_length),
            require_number: self.require_number.unwrap_or(old.require_number),
            require_lowercase: self.require_lowercase.unwrap_or(old.require_lowercase),
            require_uppercase: self.require_uppercase.unwrap_or(old.require_uppercase),
            require_special_char: self.require_special_char.unwrap_or(old.require_special_char),
            verify_email_method: self.verify_email_method.unwrap_or(old.verify_email_method),
            reset_password_method: self.reset_password_method.unwrap_or(old.reset_password_method),
            allowed_redirect_urls: self.allowed_redirect_urls.unwrap_or(old.allowed_redirect_urls),
            disable_signup: self.disable_signup.unwrap_or(old.disable_signup),
            ..old
        }
    }
}
