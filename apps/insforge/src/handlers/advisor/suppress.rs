//! `POST /api/advisor/suppressions`

use axum::Json;
use axum::extract::State;
use busbar_platform::{Input, Reply};
use busbar_workbench::NewSuppression;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Services;
use crate::views::advisor::SuppressionView;

/// What is to be silent.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuppressionInput {
    rule_id: String,
    /// Where alone; without it the whole rule is silent.
    affected_object: Option<String>,
    /// false_positive, accepted_risk, wont_fix, other.
    reason: String,
    note: Option<String>,
}

/// Silences it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<SuppressionInput>,
) -> Reply<(StatusCode, Json<SuppressionView>)> {
    let new = NewSuppression {
        rule_id: input.rule_id,
        affected_object: input.affected_object,
        reason: input.reason,
        note: input.note,
    };
    let made = services.workbench.advisor.suppress(&new).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
