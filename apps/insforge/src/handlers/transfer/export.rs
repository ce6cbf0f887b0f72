//! `POST /api/database/advance/export`

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use busbar_kernel::clock::iso_millis;
use busbar_kernel::{Error, Result};
use busbar_platform::{Input, Reply};
use busbar_workbench::{ExportPiece, ExportRequest, ExportStream, SequenceDescription, ViewDescription};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, unfold};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Services;
use crate::views::metadata::TableView;
use crate::views::workbench::FunctionsView;

/// What is to be exported.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportInput {
    /// All tables of `public` without it.
    tables: Option<Vec<String>>,
    /// sql (unless given) or json.
    format: Option<String>,
    include_data: Option<bool>,
    #[serde(default)]
    include_functions: bool,
    #[serde(default)]
    include_sequences: bool,
    #[serde(default)]
    include_views: bool,
    /// Rows of each table, 1 to 10,000; 1,000 unless given.
    row_limit: Option<u64>,
}

/// An export.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportView {
    format: String,
    /// A text of SQL, or an object with the tables.
    data: Value,
    timestamp: String,
    /// Tables with more rows than `rowLimit`, when there are any.
    truncated_tables: Option<Vec<String>>,
    row_limit: Option<u64>,
}

/// Exports.
pub(crate) async fn handle(
    State(services): State<Services>,
    Input(input): Input<ExportInput>,
) -> Reply<Response> {
    let row_limit = input.row_limit.unwrap_or(1000);
    let request = ExportRequest {
        tables: input.tables,
        data: input.include_data.unwrap_or(true),
        functions: input.include_functions,
        sequences: input.include_sequences,
        views: input.include_views,
        row_limit: Some(row_limit),
    };
    let timestamp = iso_millis(services.clock.now());
    let body = match input.format.as_deref() {
        None | Some("sql") => {
            let pieces = services.workbench.transfer.sql(&request).await?;
            let head = format!("{{\"format\":\"sql\",\"timestamp\":\"{timestamp}\",\"data\":\"");
            Writing::new(head, "\"", Vec::new(), row_limit).over(pieces)
        }
        Some("json") => {
            let mut tables = Vec::new();
            for name in services.workbench.transfer.exported(&request)? {
                let view = TableView::read(&services, &name).await?;
                tables.push((name, json!(view)));
            }
            let beside = beside(&services, &request).await?;
            let pieces = services.workbench.transfer.rows(&request).await?;
            let head = format!(
                "{{\"format\":\"json\",\"timestamp\":\"{timestamp}\",\"data\":{{\"timestamp\":\"{timestamp}\",\
                 {beside},\"tables\":{{"
            );
            Writing::new(head, "}}", tables, row_limit).over(pieces)
        }
        Some(_) => return Err(Error::invalid("format", "The format is sql or json").into()),
    };
    let mut response = Response::new(Body::from_stream(body));
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// What is not a table's, as fields of an object.
async fn beside(services: &Services, request: &ExportRequest) -> Result<String> {
    let listing = &services.workbench.listing;
    let functions = match request.functions {
        true => FunctionsView::from(listing.functions("public").await?),
        false => FunctionsView::from(Vec::new()),
    };
    let sequences: Vec<Value> = match request.sequences {
        true => listing.sequences().await?.into_iter().map(sequence).collect(),
        false => Vec::new(),
    };
    let views: Vec<Value> = match request.views {
        true => listing.views().await?.into_iter().map(view).collect(),
        false => Vec::new(),
    };
    let functions = &json!(functions)["functions"];
    let (sequences, views) = (Value::from(sequences), Value::from(views));
    Ok(format!(
        "\"functions\":{functions},\"sequences\":{sequences},\"views\":{views}"
    ))
}

fn sequence(one: SequenceDescription) -> Value {
    json!({
        "sequenceName": one.name, "startValue": one.start, "increment": one.increment, "minValue": one.least,
        "maxValue": one.greatest, "cycle": if one.cycles { "YES" } else { "NO" },
    })
}

fn view(one: ViewDescription) -> Value {
    json!({ "viewName": one.name, "definition": one.definition })
}

/// The JSON of an export as far as it is written.
struct Writing {
    head: Option<String>,
    /// What ends `data`.
    tail: Option<&'static str>,
    /// What each table is, until its rows are written.
    tables: Vec<(String, Value)>,
    begun: bool,
    open: bool,
    rows: u64,
    truncated: Vec<String>,
    row_limit: u64,
}

impl Writing {
    fn new(head: String, tail: &'static str, tables: Vec<(String, Value)>, row_limit: u64) -> Self {
        Self {
            head: Some(head),
            tail: Some(tail),
            tables,
            begun: false,
            open: false,
            rows: 0,
            truncated: Vec::new(),
            row_limit,
        }
    }

    fn over(self, pieces: ExportStream) -> BoxStream<'static, Result<Bytes>> {
        unfold((self, pieces), |(mut writing, mut pieces)| async move {
            if let Some(head) = writing.head.take() {
                return Some((Ok(Bytes::from(head)), (writing, pieces)));
            }
            match pieces.next().await {
                Some(piece) => {
                    let text = piece.map(|piece| Bytes::from(writing.written(piece)));
                    Some((text, (writing, pieces)))
                }
                None => {
                    let tail = writing.tail.take()?;
                    let text = writing.ending(tail);
                    Some((Ok(Bytes::from(text)), (writing, pieces)))
                }
            }
        })
        // Whoever compresses it asks once more after its end.
        .fuse()
        .boxed()
    }

    fn written(&mut self, piece: ExportPiece) -> String {
        match piece {
            ExportPiece::Sql(sql) => {
                let quoted = Value::from(sql).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            ExportPiece::Table(name) => self.table(&name),
            ExportPiece::Rows(rows) => {
                let mut text = String::new();
                for row in rows {
                    text.push_str(if self.rows == 0 { "" } else { "," });
                    text.push_str(&Value::Object(row).to_string());
                    self.rows += 1;
                }
                text
            }
            ExportPiece::Truncated(table) => {
                self.truncated.push(table);
                String::new()
            }
        }
    }

    /// `"posts":{…,"rows":[`, after the end of the table before it.
    fn table(&mut self, name: &str) -> String {
        let mut text = self.closed();
        let at = self.tables.iter().position(|(known, _)| known == name);
        let view = at.map_or_else(|| json!({}), |at| self.tables.remove(at).1);
        let view = view.to_string();
        let comma = if std::mem::replace(&mut self.begun, true) {
            ","
        } else {
            ""
        };
        let fields = &view[1..view.len() - 1];
        let after = if fields.is_empty() { "" } else { "," };
        text.push_str(&format!(
            "{comma}{}:{{{fields}{after}\"rows\":[",
            Value::from(name)
        ));
        self.open = true;
        self.rows = 0;
        text
    }

    fn closed(&mut self) -> String {
        let open = std::mem::replace(&mut self.open, false);
        if open { "]}".to_owned() } else { String::new() }
    }

    fn ending(&mut self, tail: &str) -> String {
        let mut text = self.closed();
        // Without rows, each table is told without them.
        for (name, _) in self.tables.clone() {
            text.push_str(&self.table(&name));
            text.push_str(&self.closed());
        }
        text.push_str(tail);
        if !self.truncated.is_empty() {
            let tables = json!(self.truncated);
            text.push_str(&format!(
                ",\"truncatedTables\":{tables},\"rowLimit\":{}",
                self.row_limit
            ));
        }
        text.push('}');
        text
    }
}
