//! PATCH and DELETE.

use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_store::{Step, Value};

use super::answer::{content_range, returned_body};
use super::payload::{Group, Reading, Values, payload};
use super::request::{Method, RecordAnswer};
use super::run::{Run, not_singular};
use super::timing::Timing;
use crate::grammar::{Missing, Prefer, Shape, name_list};
use crate::refusal::pgrst;
use crate::render::{Change, ChangeKind, Plan, change, node};

impl Run<'_> {
    pub(super) async fn patch(&self) -> Result<RecordAnswer> {
        let payload = payload(self, Reading::First)?;
        let group = payload.groups.into_iter().next();
        let mut group = group.unwrap_or(Group {
            columns: Vec::new(),
            rows: 0,
            values: Values::Cells(Vec::new()),
        });
        let defaults = self.defaulted(&group)?;
        if group.columns.is_empty() && defaults.is_empty() {
            return self.unchanged();
        }
        let plan = self.change_plan(&ChangeKind::Update {
            columns: &group.columns,
            defaults: &defaults,
        })?;
        match &mut group.values {
            Values::Cells(cells) => self.changed(&plan, cells, None).await,
            Values::Document(array) => {
                // The body is one row; PostgreSQL reads it as an object.
                let mut object = array
                    .get(1..array.len().saturating_sub(1))
                    .unwrap_or("{}")
                    .to_owned();
                self.changed(&plan, &mut [], Some(&mut object)).await
            }
        }
    }

    pub(super) async fn delete(&self) -> Result<RecordAnswer> {
        let plan = self.change_plan(&ChangeKind::Delete)?;
        self.changed(&plan, &mut [], None).await
    }

    /// The columns of `columns=` that the body leaves to their defaults.
    fn defaulted(&self, group: &Group) -> Result<Vec<usize>> {
        if self.prefer.missing != Some(Missing::Default) {
            return Ok(Vec::new());
        }
        let names = name_list(
            "columns parameter",
            self.query.columns.as_deref().unwrap_or_default(),
        )?;
        let positions = names.iter().filter_map(|name| self.table.position(name));
        Ok(positions.filter(|at| !group.columns.contains(at)).collect())
    }

    /// Nothing to set changes nothing.
    fn unchanged(&self) -> Result<RecordAnswer> {
        if self.accept.shape == Shape::Singular {
            return Err(not_singular(0));
        }
        let total = self.prefer.count.map(|_| 0);
        let body = if self.wants_rows() {
            Some(returned_body(self, &[], &[])?)
        } else {
            None
        };
        let status = if body.is_some() { 200 } else { 204 };
        Ok(self.write_answer(
            status,
            Some(content_range(0, 0, total)),
            self.applied_to_change(),
            body,
        ))
    }

    fn change_plan(&self, kind: &ChangeKind<'_>) -> Result<Arc<Plan>> {
        let limited = self.window.limit.is_some() || self.window.offset > 0;
        let order = self.query.order.as_deref().unwrap_or_default();
        if limited && order.trim().is_empty() {
            return Err(
                pgrst("PGRST109", "A 'limit' was applied without an explicit 'order'")
                    .hint("Apply an 'order' using unique column(s)"),
            );
        }
        let mut shape = self.shape("change");
        shape.push_str(&format!("{:?}", self.prefer.returning));
        if let ChangeKind::Update { columns, defaults } = kind {
            shape.push_str(&format!("{columns:?}{defaults:?}"));
        }
        let render = || {
            let items = self.shown_items()?;
            let node = node(&self.asked(&items))?;
            let changing = change(
                self.dialect(),
                &Change {
                    kind: match kind {
                        ChangeKind::Delete => ChangeKind::Delete,
                        ChangeKind::Update { columns, defaults } => ChangeKind::Update { columns, defaults },
                    },
                    table: &self.table,
                    role: self.caller.role,
                    node: &node,
                    returning: self.wants_rows(),
                    form: self.form(),
                },
            )?;
            Ok(Plan::Write {
                before: changing.before,
                statement: changing.statement,
                groups: changing.groups,
                outputs: changing.outputs,
            })
        };
        Timing::planning(self.timing, || self.plans.get(&shape, render))
    }

    async fn changed(
        &self,
        plan: &Plan,
        cells: &mut [Value],
        document: Option<&mut String>,
    ) -> Result<RecordAnswer> {
        let Plan::Write {
            before,
            statement,
            groups,
            outputs,
        } = plan
        else {
            return Err(Error::internal("a change found the plan of a read"));
        };
        let literals = self.literals();
        let inputs = self.inputs(&literals);
        let mut steps = Vec::with_capacity(2);
        if let Some(before) = before {
            steps.push(Step::new(&*before.sql, inputs.params(before, &mut [], None)?));
        }
        let params = inputs.params(statement, cells, document)?;
        let most = self.prefer.limit_affected();
        let singular = self.accept.shape == Shape::Singular && groups.is_none();
        let limit = self.window.limit;
        let step = Step::new(&*statement.sql, params).check(move |rows| {
            if let Some(limit) = limit.filter(|limit| rows.affected > *limit) {
                return Err(beyond_limit(rows.affected, limit));
            }
            if singular && rows.affected != 1 {
                return Err(not_singular(rows.affected));
            }
            match most {
                Some(most) if rows.affected > most => Err(too_many(rows.affected)),
                _ => Ok(()),
            }
        });
        steps.push(step);
        steps.extend(groups.as_ref().map(|groups| self.grouping(groups)));
        let mut done = match self.batch(&self.writing(), steps).await {
            Ok(done) => done,
            Err(error) => return Err(self.violated(error).await),
        };
        let grouped = groups.as_ref().and_then(|_| done.pop());
        let affected = done.last().map_or(0, |step| step.affected);
        let total = self.prefer.count.map(|_| affected);
        let body = if self.wants_rows() {
            let rows = grouped.as_ref().map_or(done.as_slice(), std::slice::from_ref);
            Some(returned_body(self, rows, outputs)?)
        } else {
            None
        };
        let shown = if self.request.method == Method::Patch {
            affected
        } else {
            0
        };
        let status = if body.is_some() { 200 } else { 204 };
        Ok(self.write_answer(
            status,
            Some(content_range(0, shown, total)),
            self.applied_to_change(),
            body,
        ))
    }

    fn applied_to_change(&self) -> Prefer {
        let patches = self.request.method == Method::Patch;
        Prefer {
            resolution: None,
            missing: self
                .prefer
                .missing
                .filter(|_| patches && self.query.columns.is_some()),
            ..self.applied()
        }
    }
}

/// A view's rows are told by what they are ordered by, and some were alike.
fn beyond_limit(rows: u64, limit: u64) -> Error {
    pgrst(
        "PGRST110",
        "The maximum number of rows allowed to change was surpassed",
    )
    .details(format!(
        "Results contain {rows} rows changed but the maximum number allowed is {limit}"
    ))
}

pub(crate) fn too_many(rows: u64) -> Error {
    pgrst(
        "PGRST124",
        "Query result exceeds max-affected preference constraint",
    )
    .details(format!("The query affects {rows} rows"))
}
