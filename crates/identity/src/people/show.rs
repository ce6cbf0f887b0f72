//! Showing one person.

use busbar_kernel::actor::Actor;
use busbar_kernel::{Error, Kind, Result};
use busbar_store::params;

use super::{User, UserId, UserRow};
use crate::{Directory, codes};

impl Directory {
    /// The person with this id.
    ///
    /// # Errors
    /// `identity.user_not_found`.
    pub async fn user(&self, id: UserId) -> Result<User> {
        let sql = format!("SELECT {} FROM auth.users u WHERE u.id = $1", UserRow::COLUMNS);
        let row: Option<UserRow> = self.db().optional(&sql, params![id.0.0]).await?;
        row.map(User::from).ok_or_else(unknown)
    }

    /// The person behind a request: only a signed-in person of this directory.
    ///
    /// # Errors
    /// `identity.not_a_user` for everybody else, outside subjects that are no id of ours included.
    pub async fn current_user(&self, actor: &Actor) -> Result<User> {
        let id = self.current_user_id(actor)?;
        self.user(id).await.map_err(|error| match error.kind() {
            Kind::NotFound => not_a_user(),
            _ => error,
        })
    }

    pub(crate) fn current_user_id(&self, actor: &Actor) -> Result<UserId> {
        actor
            .user()
            .filter(|user| user.directory == self.name())
            .and_then(|user| user.subject.parse().ok())
            .ok_or_else(not_a_user)
    }
}

pub(super) fn unknown() -> Error {
    Error::new(Kind::NotFound, codes::USER_NOT_FOUND, "User not found")
}

fn not_a_user() -> Error {
    Error::unauthenticated(codes::NOT_A_USER, "User not authenticated")
}
