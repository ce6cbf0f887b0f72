//! `POST /api/database/advance/import`

use axum::Json;
use axum::extract::State;
use busbar_kernel::Error;
use busbar_platform::{Form, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// What an import did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportView {
    success: bool,
    message: &'static str,
    filename: String,
    tables: Vec<String>,
    rows_imported: u64,
    /// In bytes.
    file_size: usize,
}

/// Runs a file of SQL: all of it, or nothing.
pub(crate) async fn handle(State(services): State<Services>, form: Form) -> Reply<Json<ImportView>> {
    let filename = form.file_name.clone().unwrap_or_default();
    let lower = filename.to_ascii_lowercase();
    if !lower.ends_with(".sql") && !lower.ends_with(".txt") {
        return Err(Error::invalid("file", "Only .sql and .txt files are imported").into());
    }
    let truncate = match form.field("truncate") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Error::invalid("truncate", "It is true or false").into()),
    };
    let done = services.workbench.transfer.import(&form.file, truncate).await?;
    Ok(Json(ImportView {
        success: true,
        message: "SQL file imported successfully",
        filename,
        tables: done.tables,
        rows_imported: done.rows,
        file_size: form.file.len(),
    }))
}
