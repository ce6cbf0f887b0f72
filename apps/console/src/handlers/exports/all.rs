//! `GET /api/export`

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use busbar_kernel::clock::iso_millis;
use busbar_kernel::{Error, Result};
use busbar_platform::{Ctx, Query, Reply};
use futures_util::TryStreamExt;
use futures_util::stream::{BoxStream, StreamExt, iter, once};
use serde_json::Value;

use super::{Format, Wanted, attachment, rows, sql, zipped};
use crate::Services;
use crate::handlers::tables::SCHEMA;

/// Every table in one file: a text of SQL, an object of arrays, or a ZIP of CSV files.
pub(crate) async fn handle(
    State(services): State<Services>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let format = wanted.format()?;
    tracing::info!(
        operator = ctx.actor().log_name(),
        format = wanted.format,
        "export of all tables"
    );
    let day = iso_millis(services.clock.now());
    let name = format!("tables-{}", day.get(..10).unwrap_or_default());
    Ok(match format {
        Format::Csv => {
            let body = zipped::of(&services)?;
            attachment(&format!("{name}.zip"), "application/zip", body)
        }
        Format::Json => {
            let body = objects(&services)?;
            attachment(&format!("{name}.json"), "application/json; charset=utf-8", body)
        }
        Format::Sql => {
            let body = sql::of(&services, None).await?;
            attachment(&format!("{name}.sql"), "application/sql; charset=utf-8", body)
        }
    })
}

/// `{"posts":[…],"tags":[…]}`, table after table.
fn objects(services: &Services) -> Result<BoxStream<'static, Result<Bytes>>> {
    let names = services.data.tables.list(SCHEMA)?;
    let services = services.clone();
    let parts = iter(names.into_iter().enumerate()).then(move |(at, name)| {
        let services = services.clone();
        async move {
            let comma = if at == 0 { "{" } else { "," };
            let head = Bytes::from(format!("{comma}\n{}:", Value::from(name.as_str())));
            let body = rows::of(&services, &name, "application/json").await?;
            Ok::<_, Error>(once(async { Ok(head) }).chain(body))
        }
    });
    let end = once(async { Ok(Bytes::from_static(b"\n}\n")) });
    Ok(parts.try_flatten().chain(end).boxed())
}
