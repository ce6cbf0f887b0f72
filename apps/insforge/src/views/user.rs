//! People as InsForge shows them (InsForge's contract, 3.1).

use busbar_identity::people::{People, User, UserId};
use busbar_kernel::clock::iso_millis;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub(crate) struct UserView {
    #[schema(value_type = String, format = Uuid)]
    id: UserId,
    email: String,
    email_verified: bool,
    /// ISO 8601 with milliseconds.
    created_at: String,
    /// ISO 8601 with milliseconds.
    updated_at: String,
    /// How they can sign in: `email` and outside providers.
    providers: Vec<String>,
    /// What they say of themselves.
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
    /// What the application notes about them.
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
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

/// What anybody may read of a person.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
pub(crate) struct ProfileView {
    #[schema(value_type = String, format = Uuid)]
    id: UserId,
    #[schema(value_type = Object)]
    profile: Map<String, Value>,
}

impl From<User> for ProfileView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            profile: user.profile,
        }
    }
}

/// The person who asks.
#[derive(Serialize, ToSchema)]
#[schema(as = CurrentUser)]
pub(crate) struct CurrentUserView {
    pub(crate) user: UserView,
}

/// One page of people.
#[derive(Serialize, ToSchema)]
#[schema(as = UserPage)]
pub(crate) struct UserPageView {
    data: Vec<UserView>,
    pagination: PaginationView,
}

/// Which page it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Pagination)]
struct PaginationView {
    offset: u32,
    limit: u32,
    total: u64,
}

impl UserPageView {
    pub(crate) fn of(people: People, limit: u32, offset: u32) -> Self {
        Self {
            data: people.users.into_iter().map(UserView::from).collect(),
            pagination: PaginationView {
                offset,
                limit,
                total: people.total,
            },
        }
    }
}
