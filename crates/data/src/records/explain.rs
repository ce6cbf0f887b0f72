//! The plan of a read, where the installation lets requests see it (PostgREST's contract, M6).

use busbar_kernel::Result;
use busbar_store::{Dialect, Row, Step, Value};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::request::{RecordAnswer, RecordBody};
use super::run::Run;
use crate::grammar::{PLAN_OPTIONS, PlanForm};
use crate::render::{Inputs, Statement};

/// One step of SQLite's plan.
#[derive(Deserialize)]
struct StepRow {
    id: i64,
    parent: i64,
    detail: String,
}

impl Run<'_> {
    pub(super) async fn explain(
        &self,
        form: PlanForm,
        rows: &Statement,
        inputs: &Inputs<'_>,
    ) -> Result<RecordAnswer> {
        let params = inputs.params(rows, &mut [], None)?;
        let text = match self.dialect() {
            Dialect::Postgres => self.explained(form, rows, params).await?,
            Dialect::Sqlite => {
                let step = Step::new(format!("EXPLAIN QUERY PLAN {}", rows.sql), params);
                let done = self.db.batch_as(&self.session(true), vec![step]).await?;
                let steps: Vec<StepRow> = match done.first() {
                    Some(step) => step.read()?,
                    None => Vec::new(),
                };
                if form.json {
                    json!([{"Plan": {"Node Type": "Query", "Plans": below(&steps, 0)}}]).to_string()
                } else {
                    indented(&steps, 0, 0)
                }
            }
        };
        Ok(RecordAnswer {
            status: 200,
            headers: vec![("Content-Type", self.accept.content_type.to_owned())],
            further: Vec::new(),
            body: RecordBody::Whole(Bytes::from(text)),
        })
    }

    async fn explained(&self, form: PlanForm, rows: &Statement, params: Vec<Value>) -> Result<String> {
        let mut words = vec![if form.json { "FORMAT JSON" } else { "FORMAT TEXT" }];
        let chosen = PLAN_OPTIONS.iter().enumerate();
        words.extend(
            chosen
                .filter(|(bit, _)| form.options & (1 << bit) != 0)
                .map(|(_, word)| *word),
        );
        let sql = format!("EXPLAIN ({}) {}", words.join(", "), rows.sql);
        let done = self
            .db
            .batch_as(&self.session(true), vec![Step::new(sql, params)])
            .await?;
        let lines = done.iter().flat_map(|step| &step.rows);
        let lines: Vec<&str> = lines.filter_map(|row: &Row| row.text(0)).collect();
        Ok(lines.join("\n"))
    }
}

fn below(steps: &[StepRow], parent: i64) -> Vec<serde_json::Value> {
    let own = steps
        .iter()
        .filter(|step| step.parent == parent && step.id != parent);
    own.map(|step| {
        let mut node = json!({"Node Type": step.detail});
        let inner = below(steps, step.id);
        if !inner.is_empty() {
            node["Plans"] = inner.into();
        }
        node
    })
    .collect()
}

fn indented(steps: &[StepRow], parent: i64, depth: usize) -> String {
    let own = steps
        .iter()
        .filter(|step| step.parent == parent && step.id != parent);
    own.map(|step| {
        format!(
            "{}{}\n{}",
            "  ".repeat(depth),
            step.detail,
            indented(steps, step.id, depth + 1)
        )
    })
    .collect()
}
