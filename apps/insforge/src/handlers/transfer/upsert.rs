//! `POST /api/database/advance/bulk-upsert`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Error;
use busbar_platform::{Form, Reply};
use busbar_workbench::Upsert;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// What became of a file's rows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpsertView {
    success: bool,
    message: String,
    table: String,
    rows_affected: u64,
    total_records: u64,
    filename: String,
}

/// Puts the rows of a CSV or JSON file into a table: all of them, or none.
pub(crate) async fn handle(State(services): State<Services>, form: Form) -> Reply<Json<UpsertView>> {
    let filename = form.file_name.clone().unwrap_or_default();
    let lower = filename.to_ascii_lowercase();
    let is_csv = lower.ends_with(".csv");
    if !is_csv && !lower.ends_with(".json") {
        return Err(Error::invalid("file", "Only .csv and .json files are taken").into());
    }
    let table = form
        .field("table")
        .ok_or_else(|| Error::invalid("table", "The form names the table"))?;
    let into = Upsert {
        schema: form.field("schema").unwrap_or("public").to_owned(),
        table: table.to_owned(),
        key: form.field("upsertKey").map(str::to_owned),
        is_csv,
    };
    let done = services.workbench.transfer.upsert(&into, &form.file).await?;
    Ok(Json(UpsertView {
        success: true,
        message: format!("{} of {} records written", done.affected, done.total),
        table: into.table,
        rows_affected: done.affected,
        total_records: done.total,
        filename,
    }))
}
