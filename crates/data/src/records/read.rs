//! GET and HEAD.

use std::sync::LazyLock;

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, JsonBody, JsonQuery, Params, Sql, Step, StepRows};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use super::answer::{content_range, push_encoded, without_brackets};
use super::request::{RecordAnswer, RecordBody};
use super::run::Run;
use super::timing::Timing;
use crate::grammar::{Count, Prefer, Shape};
use crate::refusal::pgrst;
use crate::render::{Output, Plan, Read, ReadPlan, Statement, node, read};

/// How many rows a key finds, when it finds any.
static ONE: LazyLock<Sql> = LazyLock::new(|| "SELECT 1".into());

impl Run<'_> {
    fn read_plan(&self) -> Result<std::sync::Arc<Plan>> {
        let shape = self.shape("read");
        Timing::planning(self.timing, || {
            self.plans.get(&shape, || self.render_read().map(Plan::Read))
        })
    }

    fn render_read(&self) -> Result<ReadPlan> {
        let items = self.items()?;
        read(
            self.dialect(),
            &Read {
                node: node(&self.asked(&items))?,
                role: self.caller.role,
                form: self.form(),
            },
        )
    }

    /// The statements of a read that is not kept: its table is what a function returns.
    pub(crate) fn rendered(&self) -> Result<(Statement, Statement, Vec<Output>)> {
        let plan = self.render_read()?;
        Ok((plan.rows, plan.total, plan.outputs))
    }

    pub(super) async fn get(&self) -> Result<RecordAnswer> {
        let plan = self.read_plan()?;
        let plan = reading(&plan)?;
        let literals = self.literals();
        let inputs = self.inputs(&literals);
        let params = |statement: &crate::render::Statement| inputs.params(statement, &mut [], None);
        if let Shape::Plan(form) = self.accept.shape {
            return Box::pin(self.explain(form, &plan.rows, &inputs)).await;
        }
        let estimate = Box::pin(self.estimated(plan, &inputs)).await?;
        if let Some(handler) = &self.media {
            return Box::pin(self.own_media(handler, plan, &inputs, estimate)).await;
        }
        let counts = self.prefer.count == Some(Count::Exact);
        let whole = self.window.limit.is_none() && self.window.offset == 0 && !plan.grouped;
        let counted = |statement: &crate::render::Statement| -> Result<(Sql, Params)> {
            Ok((statement.sql.clone(), params(statement)?))
        };
        let query = JsonQuery {
            sql: plan.rows.sql.clone(),
            params: params(&plan.rows)?,
            total: (counts && !whole).then(|| counted(&plan.total)).transpose()?,
            page_count: Some(if plan.point {
                // Asked only when there is a row, and a key has one.
                (ONE.clone(), Params::new())
            } else {
                counted(&plan.page)?
            }),
            after: self
                .asks_for_own()
                .then(|| (super::own::SETTINGS.into(), Params::new())),
            point: plan.point && self.dialect() == Dialect::Sqlite,
        };
        let mut rows = self.db.json(&self.session(true), query).await?;
        if let Some(said) = rows.after.take() {
            self.keep_own(said);
        }
        let total = match (estimate, counts && whole) {
            // What is seen is there, whatever was expected.
            (Some(estimate), _) => Some(estimate.max(self.window.offset.saturating_add(rows.rows))),
            (None, true) => Some(rows.rows),
            (None, false) => rows.total,
        };
        if self.accept.shape == Shape::Singular && rows.rows != 1 {
            return Err(self.not_singular(rows.rows));
        }
        let body = self.shaped(rows.body, &plan.outputs).await?;
        self.read_answer(rows.rows, total, body)
    }

    /// Rows in the asked form.
    pub(crate) async fn shaped(&self, body: JsonBody, outputs: &[Output]) -> Result<RecordBody> {
        let columns = || {
            outputs
                .iter()
                .map(|output| (output.key.clone(), output.kind))
                .collect()
        };
        Ok(match (body, self.accept.shape) {
            (JsonBody::Whole(array), Shape::GeoJson) => RecordBody::Whole(collection(&array)),
            (JsonBody::Stream(pieces), Shape::GeoJson) => RecordBody::Stream(collected(pieces)),
            (JsonBody::Whole(array), Shape::Array) => RecordBody::Whole(array),
            (JsonBody::Stream(pieces), Shape::Array) => RecordBody::Stream(pieces),
            (JsonBody::Whole(array), Shape::Singular) => RecordBody::Whole(without_brackets(array)),
            (JsonBody::Stream(pieces), Shape::Singular) => {
                RecordBody::Whole(without_brackets(gathered(pieces).await?))
            }
            (JsonBody::Whole(array), Shape::Csv | Shape::Plan(_)) => {
                RecordBody::Whole(super::csv::whole(columns(), &array)?)
            }
            (JsonBody::Stream(pieces), Shape::Csv | Shape::Plan(_)) => {
                RecordBody::Stream(super::csv::stream(columns(), pieces))
            }
        })
    }

    pub(super) async fn head(&self) -> Result<RecordAnswer> {
        if self.media.is_some() {
            let answer = Box::pin(self.get()).await?;
            return Ok(RecordAnswer {
                body: RecordBody::Empty,
                ..answer
            });
        }
        let plan = self.read_plan()?;
        let plan = reading(&plan)?;
        let literals = self.literals();
        let inputs = self.inputs(&literals);
        let mut steps = vec![Step::new(
            &*plan.page.sql,
            inputs.params(&plan.page, &mut [], None)?,
        )];
        let estimate = self.estimated(plan, &inputs).await?;
        let counts = self.prefer.count == Some(Count::Exact);
        if counts {
            steps.push(Step::new(
                &*plan.total.sql,
                inputs.params(&plan.total, &mut [], None)?,
            ));
        }
        let counted = self.batch(&self.session(true), steps).await?;
        let number = |step: Option<&StepRows>| -> Result<Option<u64>> {
            step.and_then(|step| step.rows.first())
                .map(busbar_store::Row::read)
                .transpose()
        };
        let rows = number(counted.first())?.unwrap_or(0);
        let total = match estimate {
            Some(estimate) => Some(estimate.max(self.window.offset.saturating_add(rows))),
            None => number(counted.get(1))?,
        };
        if self.accept.shape == Shape::Singular && rows != 1 {
            return Err(self.not_singular(rows));
        }
        self.read_answer(rows, total, RecordBody::Empty)
    }

    /// The total where it need not be exact.
    async fn estimated(&self, plan: &ReadPlan, inputs: &crate::render::Inputs<'_>) -> Result<Option<u64>> {
        match self.prefer.count {
            None | Some(Count::Exact) => Ok(None),
            Some(count) => self.estimate(count, &plan.total, inputs).await.map(Some),
        }
    }

    pub(crate) fn read_answer(
        &self,
        rows: u64,
        total: Option<u64>,
        body: RecordBody,
    ) -> Result<RecordAnswer> {
        let first = self.window.offset;
        let status = match total {
            Some(total) if first > total => {
                return Err(
                    pgrst("PGRST103", "Requested range not satisfiable").details(format!(
                        "An offset of {first} was requested, but there are only {total} rows."
                    )),
                );
            }
            Some(total) if rows < total => 206,
            _ => 200,
        };
        let mut headers = vec![
            ("Content-Type", self.accept.content_type.to_owned()),
            ("Content-Range", content_range(first, rows, total)),
            ("Content-Location", self.content_location()),
        ];
        let applied = Prefer {
            count: self.prefer.count,
            commit: self.prefer.commit.filter(|_| self.options.rollback),
            handling: self.prefer.handling,
            timezone: self.prefer.timezone,
            ..Prefer::default()
        };
        if let Some(applied) = applied.applied() {
            headers.push(("Preference-Applied", applied));
        }
        self.push_profile(&mut headers);
        Ok(RecordAnswer {
            status,
            headers,
            further: Vec::new(),
            body,
        })
    }

    /// The path and the parameters in order.
    fn content_location(&self) -> String {
        let query = self.request.query;
        let mut location = String::with_capacity(self.request.table.len() + query.len() + 8);
        location.push('/');
        push_encoded(&mut location, self.request.table);
        if query.is_empty() {
            return location;
        }
        location.push('?');
        let start = location.len();
        if query.contains('&') {
            let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
            pairs.sort_unstable();
            for (index, pair) in pairs.iter().enumerate() {
                location.push_str(if index > 0 { "&" } else { "" });
                location.push_str(pair);
            }
        } else {
            location.push_str(query);
        }
        // What no header may hold goes: a raw query string may bring it.
        if !location.bytes().skip(start).all(|byte| byte.is_ascii_graphic()) {
            location.retain(|c| c.is_ascii_graphic());
        }
        location
    }
}

/// What stands before and after the features of a collection.
const COLLECTION: (&str, &str) = ("{\"type\":\"FeatureCollection\",\"features\":", "}");

/// An array of features as a collection.
pub(crate) fn collection(features: &[u8]) -> Bytes {
    Bytes::from([COLLECTION.0.as_bytes(), features, COLLECTION.1.as_bytes()].concat())
}

fn collected(features: BoxStream<'static, Result<Bytes>>) -> BoxStream<'static, Result<Bytes>> {
    let piece = |text: &'static str| stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
    piece(COLLECTION.0)
        .chain(features)
        .chain(piece(COLLECTION.1))
        .boxed()
}

fn reading(plan: &Plan) -> Result<&ReadPlan> {
    match plan {
        Plan::Read(plan) => Ok(plan),
        Plan::Write { .. } => Err(Error::internal("a read found the plan of a write")),
    }
}

async fn gathered(mut pieces: BoxStream<'static, Result<Bytes>>) -> Result<Bytes> {
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece?);
    }
    Ok(whole.freeze())
}
