//! `POST /api/migrations/dry-run`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_workbench::{Rehearsal, Risk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Services;

/// Statements to be tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rehearsed {
    sql: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RehearsalView {
    /// safe, warning or danger: the worst of the risks.
    level: String,
    statements: Vec<String>,
    risks: Vec<RiskView>,
    /// Why they would fail.
    error: Option<String>,
    /// Where that lies in the text, from 1.
    line: Option<usize>,
    column: Option<usize>,
}

/// What a statement could lose.
#[derive(Serialize, ToSchema)]
struct RiskView {
    /// safe, warning or danger.
    level: String,
    description: &'static str,
    statement: String,
}

/// Runs them, undoes them, and says what they could lose.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<Rehearsed>,
) -> Reply<Json<RehearsalView>> {
    let told = services.workbench.migrations.rehearse(&input.sql).await?;
    Ok(Json(told.into()))
}

impl From<Rehearsal> for RehearsalView {
    fn from(told: Rehearsal) -> Self {
        Self {
            level: told.level().word().to_ascii_lowercase(),
            risks: told.risks.into_iter().map(RiskView::from).collect(),
            statements: told.statements,
            error: told.error,
            line: told.place.map(|place| place.line),
            column: told.place.map(|place| place.column),
        }
    }
}

impl From<Risk> for RiskView {
    fn from(risk: Risk) -> Self {
        Self {
            level: risk.level.word().to_ascii_lowercase(),
            description: risk.description,
            statement: risk.statement,
        }
    }
}
