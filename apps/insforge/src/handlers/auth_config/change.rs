//! `PUT /api/auth/config`

use axum::extract::State;
use busbar_identity::policy::{MailMethod, PolicyChange};
use busbar_platform::{Input, Reply};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::Answer;
use crate::views::auth_config::ConfigView;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuthConfigRequest)]
pub(crate) struct Changes {
    require_email_verification: Option<bool>,
    /// 4 to 128.
    password_min_length: Option<u32>,
    require_number: Option<bool>,
    require_lowercase: Option<bool>,
    require_uppercase: Option<bool>,
    require_special_char: Option<bool>,
    /// `code`; `link` is not offered yet.
    #[schema(value_type = Option<String>)]
    verify_email_method: Option<MailMethod>,
    /// `code`; `link` is not offered yet.
    #[schema(value_type = Option<String>)]
    reset_password_method: Option<MailMethod>,
    allowed_redirect_urls: Option<Vec<String>>,
    disable_signup: Option<bool>,
}

/// Changes the rules for accounts.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(changes): Input<Changes>,
) -> Reply<Answer<ConfigView>> {
    let change = PolicyChange {
        require_email_verification: changes.require_email_verification,
        password_min_length: changes.password_min_length,
        require_number: changes.require_number,
        require_lowercase: changes.require_lowercase,
        require_uppercase: changes.require_uppercase,
        require_special_char: changes.require_special_char,
        verify_email_method: changes.verify_email_method,
        reset_password_method: changes.reset_password_method,
        allowed_redirect_urls: changes.allowed_redirect_urls,
        disable_signup: changes.disable_signup,
    };
    Ok(Answer(services.people.change_policy(change).await?.into()))
}
