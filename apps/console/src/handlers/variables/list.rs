//! `GET /api/variables`

use axum::Json;
use axum::extract::State;
use busbar_kernel::variables::Setting;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// The table.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed {
    variables: Vec<VariableView>,
}

/// One variable in force.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VariableView {
    name: &'static str,
    aliases: &'static [&'static str],
    group: &'static str,
    help: &'static str,
    secret: bool,
    default: Option<&'static str>,
    /// Masked where it is secret.
    value: Option<String>,
    source: Option<&'static str>,
    turns_on: Option<&'static str>,
}

/// Every variable.
pub(crate) async fn handle(State(services): State<Services>) -> Json<Listed> {
    Json(Listed {
        variables: services.settings.all().iter().map(VariableView::from).collect(),
    })
}

impl From<&Setting> for VariableView {
    fn from(setting: &Setting) -> Self {
        Self {
            name: setting.entry.name,
            aliases: setting.entry.aliases,
            group: setting.entry.group,
            help: setting.entry.help,
            secret: setting.entry.secret,
            default: setting.entry.default,
            value: setting.shown(),
            source: setting.origin.map(|origin| origin.name()),
            turns_on: setting.entry.turns_on,
        }
    }
}
