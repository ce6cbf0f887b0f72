//! The operator's session.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod show;

use serde::Serialize;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    admin: Admin,
}

/// The operator.
#[derive(Serialize, ToSchema)]
pub(crate) struct Admin {
    /// The name signed in with.
    email: String,
}

impl SessionView {
    pub(crate) fn of(name: impl Into<String>) -> Self {
        Self {
            admin: Admin { email: name.into() },
        }
    }
}
