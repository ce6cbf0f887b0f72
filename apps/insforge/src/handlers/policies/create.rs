//! `POST /api/database/policies`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Error;
use busbar_platform::{Input, Reply};
use busbar_schema::NewPolicy;
use busbar_schema::policies::OBJECTS;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::database::PolicyView;

/// A policy to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PolicyInput {
    table_name: String,
    policy_name: String,
    /// ALL, SELECT, INSERT, UPDATE or DELETE; ALL unless given.
    command: Option<String>,
    /// Permissive policies are joined with OR; restrictive ones must hold besides.
    #[serde(default = "yes")]
    permissive: bool,
    /// anon, authenticated, or public for everybody; public unless given.
    #[serde(default)]
    roles: Vec<String>,
    /// Which rows may be seen or touched, such as `user_id = auth.uid()`.
    using: Option<String>,
    /// Which rows may be written; the same unless given.
    with_check: Option<String>,
}

fn yes() -> bool {
    true
}

/// Makes it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<PolicyInput>,
) -> Reply<(StatusCode, Json<PolicyView>)> {
    let policy = NewPolicy {
        table: input.table_name,
        name: input.policy_name,
        command: input
            .command
            .unwrap_or_else(|| "ALL".to_owned())
            .to_ascii_uppercase(),
        permissive: input.permissive,
        roles: input.roles,
        using: input.using,
        check: input.with_check,
    };
    services.data.policies.create(&policy).await?;
    let (schema, table) = match policy.table.as_str() {
        OBJECTS => ("storage", "objects"),
        table => ("public", table),
    };
    let made = services.data.policies.list(schema).await?;
    let made = made
        .into_iter()
        .find(|made| made.table == table && made.name == policy.name);
    let made = made.ok_or_else(|| Error::internal("a policy that was made is not there"))?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
