//! A media type of a table's own, made of its rows by an aggregate of the database (PostgREST's contract, M7).

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_schema::catalogue::{Catalogue, Handler, Table};
use busbar_schema::quote::quoted;
use busbar_store::{Row, Step, Value};
use bytes::Bytes;

use super::own;
use super::request::{RecordAnswer, RecordBody};
use super::run::Run;
use crate::grammar::{Answer, Count, Offers, negotiate, takes};
use crate::render::{Inputs, ReadPlan};
use crate::rpc::{ANY, content_type};

/// The aggregate whose media type the client names, or takes because nothing else of what it takes is there.
pub(super) fn chosen(
    catalogue: &Catalogue,
    table: &Table,
    header: &str,
    accept: &mut Result<Answer>,
) -> Option<Arc<Handler>> {
    let named = |handler: &&Arc<Handler>| match handler.media.as_str() {
        ANY => accept.is_err(),
        media => takes(header, media, false),
    };
    let found = catalogue.handlers(table).find(named).cloned();
    if found.is_some() {
        *accept = negotiate(ANY, Offers::default());
    }
    found
}

impl Run<'_> {
    /// Answers a read with the very bytes that an aggregate makes of the rows.
    pub(super) async fn own_media(
        &self,
        handler: &Handler,
        plan: &ReadPlan,
        inputs: &Inputs<'_>,
        estimate: Option<u64>,
    ) -> Result<RecordAnswer> {
        let row = match (&handler.table_schema, &handler.table_name) {
            (Some(schema), Some(name)) => format!("\"_r\"::{}.{}", quoted(schema), quoted(name)),
            _ => "\"_r\"".to_owned(),
        };
        let made = format!(
            "{}.{}({row})",
            quoted(&handler.schema_name),
            quoted(&handler.name)
        );
        let bytes = match handler.is_bytes {
            true => format!("{made}::bytea"),
            false => format!("convert_to({made}::text, 'UTF8')"),
        };
        let sql = plan.rows_into(&self.form(), &format!("{bytes}, count(*)"))?;
        let mut steps = vec![Step::new(sql, inputs.params(&plan.rows, &mut [], None)?)];
        let counts = self.prefer.count == Some(Count::Exact);
        if counts {
            let params = inputs.params(&plan.total, &mut [], None)?;
            steps.push(Step::new(&*plan.total.sql, params));
        }
        steps.push(Step::new(own::SETTINGS, Vec::new()));
        let mut done = self.db.batch_as(&self.session(true), steps).await?;
        let said = done.pop().unwrap_or_default();
        let number = |row: Option<&Row>, at: usize| match row.and_then(|row| row.value(at)) {
            Some(Value::Int(number)) => u64::try_from(*number).unwrap_or(0),
            _ => 0,
        };
        let first = done.first().and_then(|step| step.rows.first());
        let rows = number(first, 1);
        let body = match first.and_then(|row| row.value(0)) {
            Some(Value::Bytes(bytes)) => Bytes::from(bytes.clone()),
            _ => Bytes::new(),
        };
        let total = match counts {
            true => Some(number(done.get(1).and_then(|step| step.rows.first()), 0)),
            false => estimate.map(|estimate| estimate.max(self.window.offset.saturating_add(rows))),
        };
        let mut answer = self.read_answer(rows, total, RecordBody::Whole(body))?;
        for (name, value) in &mut answer.headers {
            if *name == "Content-Type" {
                *value = content_type(&handler.media);
            }
        }
        own::apply(answer, &said)
    }
}
