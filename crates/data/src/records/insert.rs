//! POST: insert and upsert.

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::Security;
use busbar_schema::policy::{Command, Policy};
use busbar_store::{Dialect, Step, StepRows, Value};
use serde_json::Value as Json;

use super::answer::{content_range, encoded, returned_body};
use super::payload::{Group, Payload, Reading, Values, payload};
use super::request::RecordAnswer;
use super::run::{Run, not_singular};
use super::timing::Timing;
use crate::caller::Role;
use crate::functions::violates_policy;
use crate::grammar::{Field, Item, Prefer, Resolution, Return, Shape, name_list};
use crate::refusal::sqlstate;
use crate::render::{Conflict, Insert, Inserting, Output, Plan, Statement, count_conflicts, insert, node};

/// Rows of one statement on SQLite: its text is kept, so only few lengths are used.
const ROWS_PER_STATEMENT: usize = 64;

/// What a duplicate becomes, with the columns that tell duplicates.
pub(super) struct Duplicates {
    pub(super) resolution: Resolution,
    pub(super) target: Vec<usize>,
    /// What a merge writes; none writes what the body has.
    pub(super) merged: Option<Vec<usize>>,
}

/// What an insert shows.
#[derive(Default)]
struct Shown {
    outputs: Vec<Output>,
    /// Makes groups of what was returned.
    groups: Option<Statement>,
}

/// What an insert did.
pub(super) struct Inserted {
    pub(super) steps: Vec<StepRows>,
    pub(super) outputs: Vec<Output>,
    /// Rows that the statements wrote.
    pub(super) affected: u64,
    /// Rows that were not there before.
    pub(super) new: u64,
}

impl Run<'_> {
    pub(super) async fn post(&self) -> Result<RecordAnswer> {
        let payload = payload(self, Reading::Every)?;
        let duplicates = self.duplicates()?;
        let resolution = duplicates.as_ref().map(|duplicates| duplicates.resolution);
        let inserted = self.insert(payload, duplicates).await?;
        let merged = resolution == Some(Resolution::Merge);
        let status = if merged && inserted.new == 0 { 200 } else { 201 };
        let total = self.prefer.count.map(|_| inserted.affected);
        let range = content_range(0, 0, total);
        let applied = Prefer {
            resolution,
            max_affected: None,
            ..self.applied()
        };
        let body = if self.wants_rows() {
            Some(returned_body(self, &inserted.steps, &inserted.outputs)?)
        } else {
            None
        };
        let mut answer = self.write_answer(status, Some(range), applied, body);
        if self.prefer.returning == Some(Return::HeadersOnly)
            && inserted.affected == 1
            && let Some(location) = self.location(&inserted)
        {
            answer.headers.push(("Location", location));
        }
        Ok(answer)
    }

    fn duplicates(&self) -> Result<Option<Duplicates>> {
        let Some(resolution) = self.prefer.resolution else {
            return Ok(None);
        };
        let target = match self.query.on_conflict.as_deref() {
            None => self.table.primary_key.clone(),
            Some(list) => {
                let names = name_list("on_conflict parameter", list)?;
                let position = |name: &String| {
                    let missing = || sqlstate("42703", format!("column \"{name}\" does not exist"));
                    self.table.position(name).ok_or_else(missing)
                };
                names.iter().map(position).collect::<Result<_>>()?
            }
        };
        if target.is_empty() {
            return Ok(None);
        }
        let same = |key: &Vec<usize>| key.len() == target.len() && key.iter().all(|at| target.contains(at));
        if !self.table.unique.iter().any(same) {
            return Err(sqlstate(
                "42P10",
                "there is no unique or exclusion constraint matching the ON CONFLICT specification",
            ));
        }
        Ok(Some(Duplicates {
            resolution,
            target,
            merged: None,
        }))
    }

    /// Whether the renderer guards the table, and no policy lets the caller insert anything.
    fn lets_nothing_in(&self) -> bool {
        let Security::Rendered(policies) = &self.table.security else {
            return false;
        };
        let lets_in =
            |policy: &Policy| policy.permissive && policy.applies(Command::Insert, self.caller.role.name());
        self.caller.role != Role::ProjectAdmin && !policies.iter().any(lets_in)
    }

    /// Writes the rows, all or none.
    pub(super) async fn insert(&self, payload: Payload, duplicates: Option<Duplicates>) -> Result<Inserted> {
        let returning = self.returned_items()?;
        let mut steps = Vec::new();
        let mut shown = Shown::default();
        let merge = duplicates
            .as_ref()
            .filter(|duplicates| duplicates.resolution == Resolution::Merge);
        let counts = merge.filter(|_| self.dialect() == Dialect::Sqlite);
        let total_rows = payload.rows as u64;
        for mut group in payload.groups {
            if let Some(step) = counts.and_then(|merge| self.count_step(&group, &merge.target).transpose()) {
                steps.push(step?);
            }
            self.group_steps(
                &mut group,
                duplicates.as_ref(),
                returning.as_deref(),
                &mut steps,
                &mut shown,
            )?;
        }
        let Shown { outputs, groups } = shown;
        let singular = self.accept.shape == Shape::Singular && groups.is_none();
        if singular && total_rows != 1 {
            return Err(self.not_singular(total_rows));
        }
        if singular && let Some(step) = steps.pop() {
            steps.push(step.check(|rows| match rows.affected {
                1 => Ok(()),
                other => Err(not_singular(other)),
            }));
        }
        if steps.is_empty() {
            return Ok(Inserted {
                steps: Vec::new(),
                outputs,
                affected: 0,
                new: 0,
            });
        }
        steps.extend(groups.as_ref().map(|groups| self.grouping(groups)));
        // SQLite looks at its constraints first, and would tell which values are there already.
        if self.lets_nothing_in() {
            return Err(violates_policy(&self.table.name, false));
        }
        let mut done = match self.batch(&self.writing(), steps).await {
            Ok(done) => done,
            Err(error) => return Err(self.violated(error).await),
        };
        let grouped = groups.and_then(|_| done.pop());
        let new = match (merge, self.dialect()) {
            (None, _) => done.iter().map(|step| step.affected).sum(),
            (Some(_), Dialect::Sqlite) => total_rows.saturating_sub(take_counts(&mut done)?),
            (Some(_), Dialect::Postgres) => new_rows(&done),
        };
        Ok(Inserted {
            affected: done.iter().map(|step| step.affected).sum(),
            steps: grouped.map_or(done, |rows| vec![rows]),
            outputs,
            new,
        })
    }

    fn group_steps(
        &self,
        group: &mut Group,
        duplicates: Option<&Duplicates>,
        returning: Option<&[Item]>,
        steps: &mut Vec<Step>,
        shown: &mut Shown,
    ) -> Result<()> {
        let literals = self.literals();
        let inputs = self.inputs(&literals);
        let mut add = |rows: usize, cells: &mut [Value], document: Option<&mut String>| -> Result<()> {
            let plan = self.insert_plan(&group.columns, rows, duplicates, returning)?;
            let Plan::Write {
                statement,
                outputs,
                groups,
                ..
            } = plan.as_ref()
            else {
                return Err(Error::internal("an insert found the plan of a read"));
            };
            steps.push(Step::new(
                &*statement.sql,
                inputs.params(statement, cells, document)?,
            ));
            if shown.outputs.is_empty() {
                shown.outputs.clone_from(outputs);
                shown.groups.clone_from(groups);
            }
            Ok(())
        };
        if group.columns.is_empty() {
            return (0..group.rows).try_for_each(|_| add(1, &mut [], None));
        }
        match &mut group.values {
            Values::Document(document) => add(group.rows, &mut [], Some(document)),
            Values::Cells(cells) => {
                let width = group.columns.len();
                let most = ROWS_PER_STATEMENT.min(30_000 / width).max(1);
                let (mut left, mut at) = (group.rows, 0);
                while left > 0 {
                    let rows = 1 << left.min(most).ilog2();
                    let end = at + rows * width;
                    add(rows, cells.get_mut(at..end).unwrap_or_default(), None)?;
                    at = end;
                    left -= rows;
                }
                Ok(())
            }
        }
    }

    pub(super) fn insert_plan(
        &self,
        columns: &[usize],
        rows: usize,
        duplicates: Option<&Duplicates>,
        returning: Option<&[Item]>,
    ) -> Result<std::sync::Arc<Plan>> {
        // PostgreSQL takes any number of rows with one text.
        let rows = if self.dialect() == Dialect::Postgres {
            1
        } else {
            rows
        };
        let mut shape = self.shape("insert");
        shape.push_str(&format!("{columns:?}{rows}{:?}", self.prefer.returning));
        if let Some(duplicates) = duplicates {
            let Duplicates {
                resolution,
                target,
                merged,
            } = duplicates;
            shape.push_str(&format!("{resolution:?}{target:?}{merged:?}"));
        }
        let render = || {
            let conflict = duplicates.map(|duplicates| match duplicates.resolution {
                Resolution::Ignore => Conflict::Ignore {
                    target: &duplicates.target,
                },
                Resolution::Merge => Conflict::Merge {
                    target: &duplicates.target,
                    columns: duplicates.merged.as_deref().unwrap_or(columns),
                },
            });
            let node = returning.map(|items| node(&self.asked(items))).transpose()?;
            let Inserting {
                statement,
                groups,
                outputs,
            } = insert(
                self.dialect(),
                &Insert {
                    table: &self.table,
                    role: self.caller.role,
                    columns,
                    rows,
                    conflict,
                    returning: node.as_ref(),
                    form: self.form(),
                },
            )?;
            Ok(Plan::Write {
                before: None,
                statement,
                groups,
                outputs,
            })
        };
        Timing::planning(self.timing, || self.plans.get(&shape, render))
    }

    /// The step that counts which keys of a group are there already; none when the body has no whole key.
    fn count_step(&self, group: &Group, target: &[usize]) -> Result<Option<Step>> {
        let places: Option<Vec<usize>> = target
            .iter()
            .map(|at| group.columns.iter().position(|column| column == at))
            .collect();
        let (Some(places), Values::Cells(cells)) = (places, &group.values) else {
            return Ok(None);
        };
        let keys = cells.chunks(group.columns.len()).map(|row| {
            let key = places
                .iter()
                .map(|&place| row.get(place).map_or(Json::Null, crate::render::as_json));
            Json::Array(key.collect())
        });
        let mut document = Json::Array(keys.collect()).to_string();
        let statement: Statement = count_conflicts(&self.table, self.caller.role, target)?;
        let params = self
            .inputs(&[])
            .params(&statement, &mut [], Some(&mut document))?;
        Ok(Some(Step::new(&*statement.sql, params)))
    }

    /// What comes back of each row: what is selected, or the key for `Location`.
    fn returned_items(&self) -> Result<Option<Vec<Item>>> {
        if self.prefer.returning == Some(Return::HeadersOnly) && !self.table.primary_key.is_empty() {
            let key = self.table.primary_key.iter().map(|&at| Item::Column {
                alias: None,
                field: Field {
                    column: self.table.columns[at].name.clone().into(),
                    path: Vec::new(),
                },
                cast: None,
            });
            return Ok(Some(key.collect()));
        }
        Ok(if self.wants_rows() {
            Some(self.items()?)
        } else {
            None
        })
    }

    fn location(&self, inserted: &Inserted) -> Option<String> {
        let row = inserted
            .steps
            .iter()
            .flat_map(|step| &step.rows)
            .next()?
            .text(0)?;
        let key: serde_json::Map<String, Json> = serde_json::from_str(row).ok()?;
        let filters = key.iter().map(|(name, value)| match value {
            Json::Null => format!("{}=is.null", encoded(name)),
            Json::String(text) => format!("{}=eq.{}", encoded(name), encoded(text)),
            other => format!("{}=eq.{}", encoded(name), encoded(&other.to_string())),
        });
        let filters: Vec<String> = filters.collect();
        (!filters.is_empty()).then(|| format!("/{}?{}", encoded(self.request.table), filters.join("&")))
    }
}

/// Takes the counting steps out and adds up what they counted: they alone returned one number.
fn take_counts(done: &mut Vec<StepRows>) -> Result<u64> {
    let mut counted = 0;
    let mut problem = None;
    done.retain(|step| match step.rows.first() {
        Some(row) if row.columns() == ["count(*)"] => {
            match row.read::<u64>() {
                Ok(count) => counted += count,
                Err(error) => problem = Some(error),
            }
            false
        }
        _ => true,
    });
    problem.map_or(Ok(counted), Err)
}

/// On PostgreSQL the last column says of each row whether it is new.
fn new_rows(done: &[StepRows]) -> u64 {
    let rows = done.iter().flat_map(|step| &step.rows);
    rows.filter(|row| matches!(row.values().last(), Some(Value::Bool(true))))
        .count() as u64
}
