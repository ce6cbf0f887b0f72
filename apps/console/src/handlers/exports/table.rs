//! `GET /api/tables/{table}/export`

use axum::extract::{Path, State};
use axum::response::Response;
use busbar_platform::{Ctx, Query, Reply};

use super::{Format, Wanted, attachment, rows, sql};
use crate::Services;

/// One table as a file.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Path(table): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let format = wanted.format()?;
    tracing::info!(
        operator = ctx.actor().log_name(),
        table,
        format = wanted.format,
        "export"
    );
    let file = format!("{table}.{}", wanted.format);
    Ok(match format {
        Format::Csv => {
            let body = rows::of(&services, &table, "text/csv").await?;
            attachment(&file, "text/csv; charset=utf-8", body)
        }
        Format::Json => {
            let body = rows::of(&services, &table, "application/json").await?;
            attachment(&file, "application/json; charset=utf-8", body)
        }
        Format::Sql => {
            let body = sql::of(&services, Some(vec![table])).await?;
            attachment(&file, "application/sql; charset=utf-8", body)
        }
    })
}
