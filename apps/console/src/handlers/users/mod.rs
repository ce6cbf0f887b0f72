//! People.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use busbar_identity::people::User;
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView {
    id: String,
    email: String,
    email_verified: bool,
    created_at: String,
    updated_at: String,
    providers: Vec<String>,
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email,
            email_verified: user.email_verified,
            created_at: iso_millis(user.created_at),
            updated_at: iso_millis(user.updated_at),
            providers: user.providers,
            profile: user.profile,
            metadata: user.metadata,
        }
    }
}
