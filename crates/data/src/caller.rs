//! Who asks for records, and in which profile.

use serde_json::{Map, Value};

/// The database's roles that requests run as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nobody in particular.
    Anon,
    /// A signed-in person.
    Authenticated,
    /// Full rights over the project's data; policies do not apply.
    ProjectAdmin,
}

impl Role {
    /// The role's name in both databases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anon => "anon",
            Self::Authenticated => "authenticated",
            Self::ProjectAdmin => "project_admin",
        }
    }
}

/// The caller of a request: a role, and the claims that policies may read.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// The role.
    pub role: Role,
    /// `sub`, `email` and others; `role` is added by [`Caller::new`].
    pub claims: Map<String, Value>,
}

impl Caller {
    /// A caller; the claim `role` becomes the role's name, whatever it was.
    pub fn new(role: Role, mut claims: Map<String, Value>) -> Self {
        claims.insert("role".to_owned(), Value::from(role.name()));
        Self { role, claims }
    }

    /// Nobody in particular.
    pub fn anon() -> Self {
        Self::new(Role::Anon, Map::new())
    }

    /// The project's administrator.
    pub fn project_admin() -> Self {
        Self::new(Role::ProjectAdmin, Map::new())
    }
}

/// Which server the records behave like, where the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// InsForge's gateway: `?schema=`, empty texts left out of writes, `[]` for an empty answer.
    Insforge,
    /// PostgREST itself.
    Postgrest,
}
