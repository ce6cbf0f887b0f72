//! All rows of one table, in constant memory.

use axum::body::Bytes;
use busbar_data::{Caller, Method, Profile, RecordBody, RecordHeaders, RecordOptions, RecordRequest};
use busbar_kernel::Result;
use busbar_schema::catalogue::Table;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, empty, once};

use crate::Services;
use crate::handlers::tables::SCHEMA;

/// Every row by its primary key, as `text/csv` or `application/json`; no cap of lists that clients read applies.
pub(crate) async fn of(
    services: &Services,
    table: &str,
    accept: &'static str,
) -> Result<BoxStream<'static, Result<Bytes>>> {
    let catalogue = services.data.schema.library.current();
    let query = ordered(catalogue.table(SCHEMA, table)?);
    let request = RecordRequest {
        method: Method::Get,
        table,
        query: &query,
        headers: RecordHeaders {
            prefer: "",
            accept,
            range: None,
            range_unit: None,
            content_type: None,
            accept_profile: None,
            content_profile: None,
            shown: &[],
            cookies: &[],
        },
        body: Bytes::new(),
    };
    let records = services
        .data
        .records
        .clone()
        .with_options(RecordOptions::default());
    let answer = records
        .answer(Profile::Postgrest, &request, &Caller::project_admin())
        .await?;
    Ok(match answer.body {
        RecordBody::Empty => empty().boxed(),
        RecordBody::Whole(bytes) => once(async { Ok(bytes) }).boxed(),
        RecordBody::Stream(stream) => stream,
    })
}

/// The record grammar's words for it; keys that would need its quotation marks leave the order to the database.
fn ordered(table: &Table) -> String {
    let keys: Vec<&str> = table
        .primary_key
        .iter()
        .filter_map(|at| table.columns.get(*at))
        .map(|column| column.name.as_str())
        .collect();
    let plain = |key: &&str| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match !keys.is_empty() && keys.iter().all(plain) {
        true => format!("select=*&order={}", keys.join(",")),
        false => "select=*".to_owned(),
    }
}
