//! Policies of a table.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod replace;

use busbar_schema::PolicyDescription;
use serde::Serialize;
use utoipa::ToSchema;

/// A policy as it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyView {
    name: String,
    command: String,
    roles: Vec<String>,
    /// Whether it lets in; else it must hold besides those that do.
    permissive: bool,
    using: Option<String>,
    check: Option<String>,
}

impl From<PolicyDescription> for PolicyView {
    fn from(policy: PolicyDescription) -> Self {
        Self {
            name: policy.name,
            command: policy.command.to_ascii_lowercase(),
            roles: policy.roles,
            permissive: policy.permissive,
            using: policy.using,
            check: policy.check,
        }
    }
}
