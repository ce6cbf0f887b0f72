//! What stands before a route.

use crate::Permission;

/// What a caller must have; a route cannot be made without one.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// A permission, checked against the actor that the app's gate finds.
    Permission(&'static Permission),
    /// Nothing; the text says why that is right.
    Public(&'static str),
    /// The internal key, or an address of the allow-list.
    Internal,
    /// A vendor's signature, checked by the handler on the raw bytes before anything is parsed.
    SignedWebhook(&'static str),
}

/// Open to everybody; `why` is printed in the route list.
pub const fn public(why: &'static str) -> Access {
    Access::Public(why)
}

/// Open to the internal key or an allow-listed address.
pub const fn internal() -> Access {
    Access::Internal
}

/// Open to `vendor`, who signs.
pub const fn signed_webhook(vendor: &'static str) -> Access {
    Access::SignedWebhook(vendor)
}

impl From<&'static Permission> for Access {
    fn from(permission: &'static Permission) -> Self {
        Self::Permission(permission)
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Permission(permission) => out.write_str(permission.key),
            Self::Public(why) => write!(out, "public: {why}"),
            Self::Internal => out.write_str("internal"),
            Self::SignedWebhook(vendor) => write!(out, "signed by {vendor}"),
        }
    }
}
