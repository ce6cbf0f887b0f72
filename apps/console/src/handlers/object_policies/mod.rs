//! Policies of files: who may reach which object.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod replace;

use busbar_kernel::Result;
use busbar_schema::ObjectSecurity;
use busbar_schema::policies::object_security;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::policies::PolicyView;

/// The schema of the table that they guard.
const SCHEMA: &str = "storage";

/// The policies of `storage.objects`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectPolicies {
    policies: Vec<PolicyView>,
    /// Whether they count; else people reach what they uploaded.
    in_force: bool,
}

/// The policies as they stand now.
async fn view(services: &Services) -> Result<ObjectPolicies> {
    let policies = services.data.policies.list(SCHEMA).await?;
    let security = object_security(&services.data.schema.library).await?;
    Ok(ObjectPolicies {
        policies: policies
            .into_iter()
            .filter(|policy| policy.table == "objects")
            .map(PolicyView::from)
            .collect(),
        in_force: !matches!(security, ObjectSecurity::None),
    })
}
