//! The policy of a directory: what a sign-up must satisfy, and who may sign up.

mod change;
mod read;

use busbar_kernel::Timestamp;
use uuid::Uuid;

pub use change::PolicyChange;

use crate::passwords::PasswordRules;

/// How a person proves something by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailMethod {
    /// By typing six digits.
    Code,
    /// By following a link.
    Link,
}

/// The policy in force (InsForge's contract, 3.4).
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The row's id; the zero UUID while the defaults are in force.
    pub id: Uuid,
    /// Whether an address must be verified before its first session.
    pub require_email_verification: bool,
    /// The fewest characters of a password, 4 to 128.
    pub password_min_length: u32,
    /// Whether a password needs a digit.
    pub require_number: bool,
    /// Whether a password needs a lower-case letter.
    pub require_lowercase: bool,
    /// Whether a password needs an upper-case letter.
    pub require_uppercase: bool,
    /// Whether a password needs a character that is neither letter nor digit.
    pub require_special_char: bool,
    /// How an address is verified.
    pub verify_email_method: MailMethod,
    /// How a password is reset.
    pub reset_password_method: MailMethod,
    /// Where mailed links may lead back to, as patterns.
    pub allowed_redirect_urls: Vec<String>,
    /// Whether only an administrator can add people.
    pub disable_signup: bool,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Policy {
    /// The policy of a directory that nobody has configured.
    pub fn unconfigured(now: Timestamp) -> Self {
        let rules = PasswordRules::default();
        Self {
            id: Uuid::nil(),
            require_email_verification: false,
            password_min_length: rules.min_length,
            require_number: rules.require_number,
            require_lowercase: rules.require_lowercase,
            require_uppercase: rules.require_uppercase,
            require_special_char: rules.require_special_char,
            verify_email_method: MailMethod::Code,
            reset_password_method: MailMethod::Code,
            allowed_redirect_urls: Vec::new(),
            disable_signup: false,
            created_at: now,
            updated_at: now,
        }
    }

    /// The part about passwords.
    pub fn password_rules(&self) -> PasswordRules {
        PasswordRules {
            min_length: self.password_min_length,
            require_number: self.require_number,
            require_lowercase: self.require_lowercase,
            require_uppercase: self.require_uppercase,
            require_special_char: self.require_special_char,
        }
    }
}
