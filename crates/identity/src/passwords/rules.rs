//! What a password must be like.

use busbar_kernel::{Error, Result, Secret};

use crate::codes;

/// The most bytes of a password, so that nobody sends megabytes to be hashed.
pub(crate) const MAX_BYTES: usize = 1024;

/// The rules of a directory (InsForge's contract, 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// The fewest characters, 4 to 128.
    pub min_length: u32,
    /// At least one digit.
    pub require_number: bool,
    /// At least one lower-case letter.
    pub require_lowercase: bool,
    /// At least one upper-case letter.
    pub require_uppercase: bool,
    /// At least one character that is neither letter nor digit.
    pub require_special_char: bool,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            min_length: 6,
            require_number: false,
            require_lowercase: false,
            require_uppercase: false,
            require_special_char: false,
        }
    }
}

impl PasswordRules {
    /// Checks a new password.
    ///
    /// # Errors
    /// `identity.password_weak` with a message that lists every unmet rule; the field is `password`.
    pub fn check(&self, password: &Secret) -> Result<()> {
        let text = password.expose();
        let lacks = |wanted: bool, found: fn(char) -> bool| wanted && !text.chars().any(found);
        let mut unmet = Vec::new();
        if password.length() < self.min_length as usize {
            unmet.push(format!("be at least {} characters long", self.min_length));
        }
        if text.len() > MAX_BYTES {
            unmet.push(format!("be at most {MAX_BYTES} bytes long"));
        }
        if text.contains('\0') {
            unmet.push("not contain a zero byte".to_owned());
        }
        if lacks(self.require_number, |c| c.is_numeric()) {
            unmet.push("contain at least one number".to_owned());
        }
        if lacks(self.require_lowercase, char::is_lowercase) {
            unmet.push("contain at least one lowercase letter".to_owned());
        }
        if lacks(self.require_uppercase, char::is_uppercase) {
            unmet.push("contain at least one uppercase letter".to_owned());
        }
        if lacks(self.require_special_char, |c| !c.is_alphanumeric()) {
            unmet.push("contain at least one special character".to_owned());
        }
        if unmet.is_empty() {
            return Ok(());
        }
        let message = format!("Password must {}", unmet.join(", "));
        Err(Error::invalid("password", message).code(codes::PASSWORD_WEAK))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unmet_rule_is_listed_at_once() {
        let strict = PasswordRules {
            min_length: 8,
            require_number: true,
            require_lowercase: true,
            require_uppercase: true,
            require_special_char: true,
        };
        let error = strict.check(&Secret::new("abc")).unwrap_err();
        for part in ["8 characters", "number", "uppercase", "special"] {
            assert!(error.message().contains(part), "{} lacks {part}", error.message());
        }
        assert!(!error.message().contains("lowercase"));
        assert!(strict.check(&Secret::new("Abcdef1!")).is_ok());
    }

    #[test]
    fn length_counts_characters_and_has_a_bound() {
        let rules = PasswordRules::default();
        assert!(rules.check(&Secret::new("äöüäöü")).is_ok());
        assert!(rules.check(&Secret::new("äöü")).is_err());
        assert!(rules.check(&Secret::new("x".repeat(MAX_BYTES + 1))).is_err());
        assert!(rules.check(&Secret::new("zero\0byte")).is_err());
    }
}
