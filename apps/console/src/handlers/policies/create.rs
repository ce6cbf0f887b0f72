//! `POST /api/tables/{table}/policies`

use axum::Json;
use axum::extract::{Path, State};
use busbar_platform::{Input, Reply};
use busbar_schema::NewPolicy;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::handlers::tables::{TableView, view};

/// A policy to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PolicyInput {
    name: String,
    /// all, select, insert, update or delete.
    command: String,
    /// anon, authenticated; none means everybody.
    #[serde(default)]
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

/// Makes it, and answers the table with it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Input(input): Input<PolicyInput>,
) -> Reply<(StatusCode, Json<TableView>)> {
    let text = |given: Option<String>| given.filter(|text| !text.trim().is_empty());
    let policy = NewPolicy {
        table,
        name: input.name,
        command: input.command.to_ascii_uppercase(),
        permissive: true,
        roles: input.roles,
        using: text(input.using),
        check: text(input.check),
    };
    services.data.policies.create(&policy).await?;
    Ok((StatusCode::CREATED, Json(view(&services, &policy.table).await?)))
}
