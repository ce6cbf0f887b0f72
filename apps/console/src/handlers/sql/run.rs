//! `POST /api/sql`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Error;
use busbar_platform::{Ctx, Input, Reply};
use busbar_workbench::{SqlAnswer, SqlRequest};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Services;

/// So many rows one answer shows; how many there are is told beside them.
const SHOWN: usize = 1000;

/// A text of SQL.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlText {
    query: String,
    /// The plan instead of the rows; a single SELECT.
    #[serde(default)]
    explain: bool,
    /// With the owner's rights, where that is allowed.
    #[serde(default)]
    relaxed: bool,
}

/// What it answered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SqlResult {
    /// The columns; none for several statements.
    fields: Option<Vec<SqlField>>,
    /// The first 1,000 rows, each in the columns' order.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<Value>>,
    /// How many rows were answered or changed; none for a change of the schema and for several statements.
    row_count: Option<u64>,
    /// How long the database took.
    milliseconds: u64,
}

/// A column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SqlField {
    name: String,
    /// PostgreSQL's number of its type.
    type_id: u32,
}

/// Runs it: everything of it, or nothing.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Input(input): Input<SqlText>,
) -> Reply<Json<SqlResult>> {
    if input.relaxed && !services.unrestricted_sql {
        let refusal = Error::forbidden("workbench.sql_restricted", "SQL with the owner's rights is off");
        let hint = "Set INSFORGE_COMPAT_UNRESTRICTED_SQL=original to allow it";
        return Err(refusal.hint(hint).into());
    }
    let request = SqlRequest {
        query: input.query,
        params: Vec::new(),
        explain: input.explain,
        unrestricted: input.relaxed,
    };
    let started = services.clock.now();
    let answered = services.workbench.sql.run(&request).await;
    let milliseconds = u64::try_from((services.clock.now() - started).num_milliseconds()).unwrap_or(0);
    tracing::info!(
        operator = ctx.actor().log_name(),
        bytes = request.query.len(),
        relaxed = input.relaxed,
        refused = answered.is_err(),
        milliseconds,
        "raw SQL"
    );
    let answer = answered.map_err(|error| super::placed("query", error))?;
    Ok(Json(SqlResult::of(answer, milliseconds)))
}

impl SqlResult {
    fn of(answer: SqlAnswer, milliseconds: u64) -> Self {
        let names: Vec<&str> = answer
            .fields
            .iter()
            .flatten()
            .map(|field| field.name.as_str())
            .collect();
        let value = |row: &serde_json::Map<String, Value>, name: &&str| row.get(*name).cloned();
        let rows = answer.rows.iter().take(SHOWN).map(|row| {
            let values = names.iter().map(|name| value(row, name).unwrap_or_default());
            values.collect()
        });
        Self {
            rows: rows.collect(),
            row_count: answer.count,
            milliseconds,
            fields: answer.fields.map(|fields| {
                let field = |field: busbar_workbench::Field| SqlField {
                    name: field.name,
                    type_id: field.type_id,
                };
                fields.into_iter().map(field).collect()
            }),
        }
    }
}
