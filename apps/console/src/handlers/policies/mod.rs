//! Policies of a table.

pub(crate) mod create;
pub(crate) mod delete;

use busbar_schema::PolicyDescription;
use serde::Serialize;
use utoipa::ToSchema;

/// A policy as it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyView {
    name: String,
    command: String,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

impl From<PolicyDescription> for PolicyView {
    fn from(policy: PolicyDescription) -> Self {
        Self {
            name: policy.name,
            command: policy.command.to_ascii_lowercase(),
            roles: policy.roles,
            using: policy.using,
            check: policy.check,
        }
    }
}
