//! `GET /api/database/admin/tables/{table}/records`

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use busbar_kernel::Error;
use busbar_platform::{Query, Reply};
use busbar_workbench::GridQuery;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;

/// Which records.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(rename_all = "camelCase")]
pub(crate) struct Wanted {
    schema: Option<String>,
    /// 1 to 500, 50 unless given.
    limit: Option<u64>,
    /// How many to pass over.
    offset: Option<u64>,
    /// A text that some column holds.
    search: Option<String>,
    /// `column:desc,other:asc`.
    sort: Option<String>,
    /// A column, together with `filterValue`.
    filter_column: Option<String>,
    filter_value: Option<String>,
}

/// Answers a page; 206 when there is more.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(table): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let filter = match (wanted.filter_column, wanted.filter_value) {
        (Some(column), Some(value)) => Some((column, value)),
        (None, None) => None,
        _ => {
            return Err(Error::invalid("filterColumn", "filterColumn and filterValue come together").into());
        }
    };
    let query = GridQuery {
        limit: wanted.limit.unwrap_or(50),
        offset: wanted.offset.unwrap_or(0),
        search: wanted.search,
        sort: wanted.sort,
        filter,
    };
    let schema = wanted.schema.as_deref().unwrap_or("public");
    let page = services.workbench.grid.page(schema, &table, &query).await?;
    let count = page.rows.len() as u64;
    // For an empty page the contract's header is literally `0--1/0`.
    let last = i128::from(query.offset) + i128::from(count) - 1;
    let range = format!("{}-{last}/{}", query.offset, page.total);
    let status = if count < page.total {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let headers = [
        ("content-range", range),
        ("preference-applied", "count=exact".to_owned()),
    ];
    Ok((status, headers, axum::Json(page.rows)).into_response())
}
