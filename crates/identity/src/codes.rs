//! Every stable dotted code this crate gives an error: an app's error table maps them to its own.

/// The access token is malformed, forged, revoked or of another directory (401).
pub const TOKEN_INVALID: &str = "identity.token_invalid";
/// The access token was good and is over (401).
pub const TOKEN_EXPIRED: &str = "identity.token_expired";
/// The API key is not ours (401).
pub const API_KEY_INVALID: &str = "identity.api_key_invalid";
/// The anonymous key is not ours (401).
pub const ANON_KEY_INVALID: &str = "identity.anon_key_invalid";
/// Address or password is wrong; which one is not said (401).
pub const CREDENTIALS_WRONG: &str = "identity.credentials_wrong";
/// The password is right, the address is not verified and must be (403).
pub const EMAIL_UNVERIFIED: &str = "identity.email_unverified";
/// Too many failures for this account (429, with the time to wait).
pub const LOCKED_OUT: &str = "identity.locked_out";
/// More passwords wait to be hashed than the queue holds (503, with the time to wait).
pub const BUSY: &str = "identity.busy";
/// The address is no address (400).
pub const EMAIL_INVALID: &str = "identity.email_invalid";
/// The password breaks the directory's rules; the message lists them (400).
pub const PASSWORD_WEAK: &str = "identity.password_weak";
/// The directory takes no new people (403).
pub const SIGN_UP_DISABLED: &str = "identity.sign_up_disabled";
/// Somebody in the directory has this address (409).
pub const EMAIL_TAKEN: &str = "identity.email_taken";
/// The refresh token is malformed, unknown, revoked or over (401).
pub const REFRESH_INVALID: &str = "identity.refresh_invalid";
/// A refresh token that was already exchanged came again: its whole session is revoked (401).
pub const REFRESH_REUSED: &str = "identity.refresh_reused";
/// The refresh token is good, the CSRF value with it is not (403).
pub const CSRF_INVALID: &str = "identity.csrf_invalid";
/// No such person in the directory (404).
pub const USER_NOT_FOUND: &str = "identity.user_not_found";
/// The act needs a signed-in person of the directory (401).
pub const NOT_A_USER: &str = "identity.not_a_user";
/// Something needs a mail and nobody carries mail (400 for a setting, 503 for an act).
pub const MAIL_NOT_CONFIGURED: &str = "identity.mail_not_configured";
/// Another mail to the same address was asked for too soon (429, with the time to wait).
pub const MAIL_TOO_SOON: &str = "identity.mail_too_soon";
/// The carrier did not take a mail over (503).
pub const MAIL_FAILED: &str = "identity.mail_failed";
/// The code or link is wrong, used up or over (400).
pub const CODE_INVALID: &str = "identity.code_invalid";
/// Stored secrets cannot be opened with the key of this start (start-up error).
pub const WRONG_ENCRYPTION_KEY: &str = "identity.wrong_encryption_key";
