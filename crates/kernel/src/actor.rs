//! Who acts.

use serde_json::{Map, Value};

/// Who sends a request or runs a job, as established from a credential.
#[derive(Clone, Debug, PartialEq)]
pub enum Actor {
    /// Nobody: no credential was shown.
    Nobody,
    /// The application itself, by its public key: anonymous people of one product.
    Anonymous,
    /// A signed-in person.
    User(User),
    /// A machine with a key of full rights.
    Service {
        /// What the audit log calls it (`api-key`).
        name: String,
    },
    /// The operator of this installation.
    Operator {
        /// The name signed in with.
        name: String,
    },
}

/// A signed-in person.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// The subject: a UUID for our own people, any text for outside tokens.
    pub subject: String,
    /// The address, where the token carries one.
    pub email: Option<String>,
    /// The directory the token belongs to; it is good nowhere else.
    pub directory: String,
    /// Further claims that policies may read.
    pub claims: Map<String, Value>,
}

/// The sorts of actors that a permission can be held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// The application by its public key.
    Anonymous,
    /// A signed-in person.
    User,
    /// A machine with a key of full rights.
    Service,
    /// The operator.
    Operator,
}

impl Holder {
    /// Every sort, in the order of the permission matrix.
    pub const ALL: [Self; 4] = [Self::Anonymous, Self::User, Self::Service, Self::Operator];

    /// The word used in references and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User => "user",
            Self::Service => "service",
            Self::Operator => "operator",
        }
    }
}

impl Actor {
    /// The sort of this actor; nobody holds nothing.
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Nobody => None,
            Self::Anonymous => Some(Holder::Anonymous),
            Self::User(_) => Some(Holder::User),
            Self::Service { .. } => Some(Holder::Service),
            Self::Operator { .. } => Some(Holder::Operator),
        }
    }

    /// The user, when it is one.
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            _ => None,
        }
    }

    /// Whether it has full rights over the project's data: a service or the operator.
    pub fn is_administrator(&self) -> bool {
        matches!(self, Self::Service { .. } | Self::Operator { .. })
    }

    /// The name in logs: never an address or a secret.
    pub fn log_name(&self) -> &str {
        match self {
            Self::Nobody => "nobody",
            Self::Anonymous => "anonymous",
            Self::User(user) => &user.subject,
            Self::Service { name } | Self::Operator { name } => name,
        }
    }
}
