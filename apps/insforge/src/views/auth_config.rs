//! The rules for accounts as InsForge shows them (InsForge's contract, 3.4).

use busbar_identity::policy::{MailMethod, Policy};
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a sign-up page must know.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PublicAuthConfig)]
pub(crate) struct PublicConfigView {
    /// Outside providers that are configured.
    o_auth_providers: Vec<String>,
    /// Own OpenID providers that are configured.
    custom_o_auth_providers: Vec<String>,
    #[serde(flatten)]
    rules: RulesView,
}

/// The rules themselves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuthRules)]
struct RulesView {
    require_email_verification: bool,
    password_min_length: u32,
    require_number: bool,
    require_lowercase: bool,
    require_uppercase: bool,
    require_special_char: bool,
    #[schema(value_type = String)]
    verify_email_method: MailMethod,
    #[schema(value_type = String)]
    reset_password_method: MailMethod,
    disable_signup: bool,
}

/// Everything, for administrators.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuthConfig)]
pub(crate) struct ConfigView {
    /// The zero UUID while nothing was ever changed.
    id: Uuid,
    #[serde(flatten)]
    rules: RulesView,
    /// Patterns of addresses that mailed links may lead back to.
    allowed_redirect_urls: Vec<String>,
    /// ISO 8601 with milliseconds.
    created_at: String,
    /// ISO 8601 with milliseconds.
    updated_at: String,
}

impl From<&Policy> for RulesView {
    fn from(policy: &Policy) -> Self {
        Self {
            require_email_verification: policy.require_email_verification,
            password_min_length: policy.password_min_length,
            require_number: policy.require_number,
            require_lowercase: policy.require_lowercase,
            require_uppercase: policy.require_uppercase,
            require_special_char: policy.require_special_char,
            verify_email_method: policy.verify_email_method,
            reset_password_method: policy.reset_password_method,
            disable_signup: policy.disable_signup,
        }
    }
}

impl From<&Policy> for PublicConfigView {
    fn from(policy: &Policy) -> Self {
        Self {
            o_auth_providers: Vec::new(),
            custom_o_auth_providers: Vec::new(),
            rules: policy.into(),
        }
    }
}

impl From<Policy> for ConfigView {
    fn from(policy: Policy) -> Self {
        Self {
            id: policy.id,
            rules: (&policy).into(),
            allowed_redirect_urls: policy.allowed_redirect_urls,
            created_at: iso_millis(policy.created_at),
            updated_at: iso_millis(policy.updated_at),
        }
    }
}
