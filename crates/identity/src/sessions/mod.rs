//! Sessions: what a sign-in starts, a refresh carries on and a sign-out ends.

mod end;
mod refresh;
mod revoked;
mod start;

use busbar_kernel::{Secret, Timestamp};

pub(crate) use end::Ended;
pub use refresh::{Csrf, Refreshed};
pub(crate) use revoked::Revoked;
pub use start::Tokens;

busbar_kernel::typed_id!(
    /// The identifier of a session, in its access tokens as `sid`.
    SessionId,
    "session"
);

/// For how long the token that was just exchanged still answers, so that two tabs can refresh at once.
pub const REFRESH_GRACE: std::time::Duration = std::time::Duration::from_secs(10);

/// Whose session it is; a token of one kind is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// A person of the directory.
    User,
    /// The operator.
    Admin,
}

impl SessionKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::User => 1,
            Self::Admin => 2,
        }
    }

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::User),
            2 => Some(Self::Admin),
            _ => None,
        }
    }
}

/// What a session is issued to: exactly what its access tokens say.
#[derive(Clone, Debug)]
pub(crate) enum Owner<'o> {
    /// A person: their id and address.
    User(crate::people::UserId, &'o str),
    /// The operator: the name.
    Operator(&'o str),
}

impl Owner<'_> {
    pub(crate) fn kind(&self) -> SessionKind {
        match self {
            Self::User(..) => SessionKind::User,
            Self::Operator(_) => SessionKind::Admin,
        }
    }
}

/// The texts a caller takes home from a sign-in or a refresh.
pub(crate) fn tokens(
    access: (String, Timestamp),
    refresh: Secret,
    csrf: String,
    session: SessionId,
) -> Tokens {
    let (access, expires) = access;
    Tokens {
        access: Secret::new(access),
        access_expires: expires,
        refresh,
        csrf,
        session,
    }
}
