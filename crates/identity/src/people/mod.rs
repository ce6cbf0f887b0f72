//! The people of a directory.

mod delete;
mod list;
mod profile;
mod show;
mod sign_in;
mod sign_up;
mod verify;

use busbar_kernel::Timestamp;
use busbar_store::Json;
use serde::Deserialize;
use serde_json::{Map, Value};

pub use list::{MOST_LISTED, People, UserQuery};
pub use profile::MAX_PROFILE_BYTES;
pub use sign_in::SignedIn;
pub use sign_up::{NewUser, SignedUp};

busbar_kernel::typed_id!(
    /// The identifier of a person.
    UserId,
    "user"
);

/// The provider that stands for a password of our own.
pub const PROVIDER_EMAIL: &str = "email";

/// A person, without anything secret.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// The identifier, the subject of their tokens.
    pub id: UserId,
    /// The normalised address, unique in the directory.
    pub email: String,
    /// Whether the address was proven to be theirs.
    pub email_verified: bool,
    /// When they came.
    pub created_at: Timestamp,
    /// When their row last changed.
    pub updated_at: Timestamp,
    /// What they say of themselves; free-form, readable by others.
    pub profile: Map<String, Value>,
    /// What the application notes about them; free-form.
    pub metadata: Map<String, Value>,
    /// How they can sign in: `email`, then the outside providers by name.
    pub providers: Vec<String>,
}

/// A person as the database gives them.
#[derive(Deserialize)]
pub(crate) struct UserRow {
    id: UserId,
    email: String,
    has_password: bool,
    email_verified: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    profile: Option<Json<Map<String, Value>>>,
    metadata: Option<Json<Map<String, Value>>>,
    providers: Option<String>,
    /// The hash, selected by sign-in alone.
    #[serde(default)]
    pub(crate) password: Option<String>,
}

impl UserRow {
    /// What to select from `auth.users u`.
    pub(crate) const COLUMNS: &str = "u.id, u.email, u.password IS NOT NULL AS has_password, u.email_verified, \
         u.created_at, u.updated_at, u.profile, u.metadata, \
         (SELECT string_agg(p.provider, ',') FROM auth.user_providers p WHERE p.user_id = u.id) AS providers";
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let mut outside: Vec<String> = row
            .providers
            .iter()
            .flat_map(|names| names.split(','))
            .filter(|name| *name != PROVIDER_EMAIL)
            .map(str::to_owned)
            .collect();
        outside.sort_unstable();
        outside.dedup();
        let own = row.has_password.then(|| PROVIDER_EMAIL.to_owned());
        Self {
            id: row.id,
            email: row.email,
            email_verified: row.email_verified,
            created_at: row.created_at,
            updated_at: row.updated_at,
            profile: row.profile.map(|json| json.0).unwrap_or_default(),
            metadata: row.metadata.map(|json| json.0).unwrap_or_default(),
            providers: own.into_iter().chain(outside).collect(),
        }
    }
}
