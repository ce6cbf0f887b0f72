//! Where data lives: the walls between platform, users' data, apps and tenants.

use std::path::PathBuf;

use busbar_kernel::{Error, Result, Tenant};
use sha2::{Digest, Sha256};

/// The schemas of the data scope beside `public`; their names also qualify system tables everywhere else.
pub const SYSTEM_SCHEMAS: [&str; 8] = [
    "auth",
    "storage",
    "realtime",
    "system",
    "messaging",
    "functions",
    "schedules",
    "ai",
];

/// The length of a PostgreSQL name in bytes.
const NAME_LIMIT: usize = 63;

/// A place for data that no statement of another place can reach.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The platform's own tables.
    Platform,
    /// Users' tables, with the `auth`, `storage`, `realtime` … tables they refer to.
    Data,
    /// An app's tables; the name is checked like a tenant's.
    App(String),
    /// One tenant of an app.
    Tenant {
        /// The app's name, checked like a tenant's.
        app: String,
        /// The tenant.
        tenant: Tenant,
    },
}

impl Scope {
    /// The same scope with its names checked and in lower case.
    ///
    /// # Errors
    /// A name that is not 1 to 63 letters, digits or underscores, or an app's above 59.
    pub(crate) fn checked(self) -> Result<Self> {
        match self {
            Self::Platform | Self::Data => Ok(self),
            Self::App(name) => Ok(Self::App(checked_app(&name)?)),
            Self::Tenant { app, tenant } => Ok(Self::Tenant {
                app: checked_app(&app)?,
                tenant,
            }),
        }
    }

    /// The name for people and logs; it is unique per scope.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Platform => "platform".to_owned(),
            Self::Data => "data".to_owned(),
            Self::App(name) => format!("app {name}"),
            Self::Tenant { app, tenant } => format!("tenant {app}/{tenant}"),
        }
    }

    /// Its SQLite file below the store's folder.
    pub(crate) fn file(&self) -> PathBuf {
        match self {
            Self::Platform => PathBuf::from("platform.db"),
            Self::Data => PathBuf::from("data.db"),
            Self::App(name) => PathBuf::from(format!("app_{name}.db")),
            Self::Tenant { app, tenant } => ["tenants", app, &format!("{tenant}.db")].iter().collect(),
        }
    }

    /// Its PostgreSQL schema; a tenant's key too long for one name is shortened and marked by its digest.
    pub(crate) fn schema(&self) -> String {
        match self {
            Self::Platform => "busbar".to_owned(),
            Self::Data => "public".to_owned(),
            Self::App(name) => format!("app_{name}"),
            Self::Tenant { tenant, .. } => {
                let whole = format!("tenant_{tenant}");
                if whole.len() <= NAME_LIMIT {
                    return whole;
                }
                let digest = hex::encode(Sha256::digest(tenant.as_str()));
                format!("{}_{}", &whole[..47], &digest[..15])
            }
        }
    }

    /// Whether `auth.users` is a table in a schema of its own here, rather than one quoted name.
    pub(crate) fn has_schemas(&self) -> bool {
        matches!(self, Self::Data)
    }
}

fn checked_app(name: &str) -> Result<String> {
    let name: Tenant = name.parse().map_err(|_| refused())?;
    if "app_".len() + name.as_str().len() > NAME_LIMIT {
        return Err(refused());
    }
    Ok(name.to_string())
}

fn refused() -> Error {
    Error::invalid("app", "An app's name is 1 to 59 letters, digits or underscores")
        .code("store.name_invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(key: &str) -> Scope {
        Scope::Tenant {
            app: "school".to_owned(),
            tenant: key.parse().unwrap(),
        }
    }

    #[test]
    fn names_that_could_leave_their_place_are_refused() {
        for bad in [
            "",
            "a-b",
            "../x",
            "a\"b",
            "a.b",
            "x;drop schema y",
            &"a".repeat(60),
        ] {
            let error = Scope::App(bad.to_owned()).checked().unwrap_err();
            assert_eq!(error.code_str(), "store.name_invalid", "{bad:?}");
        }
        assert_eq!(
            Scope::App("Cold_Chain".to_owned()).checked().unwrap(),
            Scope::App("cold_chain".to_owned())
        );
    }

    #[test]
    fn long_keys_keep_their_own_schema_within_a_name() {
        let (one, two) = (
            tenant(&format!("{}1", "a".repeat(62))),
            tenant(&format!("{}2", "a".repeat(62))),
        );
        assert_eq!(one.schema().len(), NAME_LIMIT);
        assert_ne!(one.schema(), two.schema());
        assert_eq!(tenant("nord").schema(), "tenant_nord");
    }
}
