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
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyInput {
    name: String,
    /// all, select, insert, update or delete.
    command: String,
    /// anon, authenticated; none means everybody.
    #[serde(default)]
    roles: Vec<String>,
    /// Whether it lets in, which it does unless said; else it must hold besides those that do.
    #[serde(default = "yes")]
    permissive: bool,
    using: Option<String>,
    check: Option<String>,
}

fn yes() -> bool {
    true
}

impl PolicyInput {
    /// As the schema takes it.
    pub(crate) fn of(self, table: String) -> NewPolicy {
        let text = |given: Option<String>| given.filter(|text| !text.trim().is_empty());
        NewPolicy {
            table,
            name: self.name,
            command: self.command.to_ascii_uppercase(),
            permissive: self.permissive,
            roles: self.roles,
            using: text(self.using),
            check: text(self.check),
        }
    }
}

/// Makes it, and answers the table with it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Input(input): Input<PolicyInput>,
) -> Reply<(StatusCode, Json<TableView>)> {
    let policy = input.of(table);
    services.data.policies.create(&policy).await?;
    Ok((StatusCode::CREATED, Json(view(&services, &policy.table).await?)))
}
