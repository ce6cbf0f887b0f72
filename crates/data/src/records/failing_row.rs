//! The row that a violated NOT NULL or CHECK refused, as PostgreSQL's details show it; SQLite does not say.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use busbar_kernel::{Error, Result, random};
use busbar_schema::catalogue::{ColumnType, Computed, Security};
use busbar_schema::quote::quoted;
use busbar_store::{Step, Value, ValueRef, timestamp_text};

use super::payload::{Group, Values};
use super::request::Method;
use super::run::Run;
use crate::caller::Role;
use crate::functions::text_form;
use crate::render::Plan;

/// In a larger batch nobody looks for the row.
const MOST_ROWS: usize = 1000;
/// A longer value is cut there, in bytes.
const LONGEST_VALUE: usize = 64;

impl Run<'_> {
    /// `Failing row contains (1, null, x).`, where the caller may see the row.
    pub(super) async fn failing_row(&self, error: &Error) -> Result<Option<(String, String)>> {
        let seen = self.caller.role == Role::ProjectAdmin
            || matches!(self.table.security, Security::Native { enabled: false });
        let generated = self.table.columns.iter().any(|column| column.generated);
        let hidden = !self.table.row_ids || self.table.has_column_like("rowid");
        if !seen || generated || hidden || self.table.is_view || self.table.shown_by.is_some() {
            return Ok(None);
        }
        let row = match self.request.method {
            Method::Patch => self.changed_row().await?,
            _ => self.proposed_row().await?,
        };
        Ok(row.map(|row| {
            let details = format!("Failing row contains ({}).", self.printed(&row).join(", "));
            (error.message().to_owned(), details)
        }))
    }

    /// The first row of the body that is refused, with the defaults of what it leaves out.
    async fn proposed_row(&self) -> Result<Option<Vec<Value>>> {
        let groups = self.groups()?;
        let rows: usize = groups.iter().map(|group| group.rows).sum();
        if rows == 0 || rows > MOST_ROWS {
            return Ok(None);
        }
        let at = if rows == 1 {
            0
        } else {
            self.refused_row(&groups).await?
        };
        let mut before = 0;
        for group in &groups {
            if at < before + group.rows {
                let cells = row_of(group, at - before).unwrap_or_default();
                return self.completed(&group.columns, cells).await.map(Some);
            }
            before += group.rows;
        }
        Ok(None)
    }

    /// Inserts the rows one by one, to no effect, until one is refused; its place.
    async fn refused_row(&self, groups: &[Group]) -> Result<usize> {
        let mut steps = Vec::new();
        for group in groups {
            let plan = self.insert_plan(&group.columns, 1, None, None)?;
            let Plan::Write { statement, .. } = plan.as_ref() else {
                return Err(Error::internal("an insert found the plan of a read"));
            };
            for row in 0..group.rows {
                let mut cells = row_of(group, row).unwrap_or_default().to_vec();
                let params = self.inputs(&[]).params(statement, &mut cells, None)?;
                steps.push(Step::new(&*statement.sql, params));
            }
        }
        self.tried(steps).await
    }

    /// Runs steps, to no effect, until one fails; how many did not.
    async fn tried(&self, steps: Vec<Step>) -> Result<usize> {
        let passed = Arc::new(AtomicUsize::new(0));
        let counted = |(at, step): (usize, Step)| {
            let passed = passed.clone();
            // Set and not added to: a batch may be repeated.
            step.check(move |_| {
                passed.store(at + 1, Ordering::Relaxed);
                Ok(())
            })
        };
        let steps = steps.into_iter().enumerate().map(counted).collect();
        let mut session = self.session(false);
        session.roll_back = true;
        // Only how far it came counts.
        let _ = self.db.batch_as(&session, steps).await;
        Ok(passed.load(Ordering::Relaxed))
    }

    /// A whole row of these cells and of the defaults of all other columns.
    async fn completed(&self, columns: &[usize], cells: &[Value]) -> Result<Vec<Value>> {
        let mut row = vec![Value::Null; self.table.columns.len()];
        let mut asked = Vec::new();
        for (at, column) in self.table.columns.iter().enumerate() {
            if let Some(place) = columns.iter().position(|written| *written == at) {
                row[at] = cells.get(place).cloned().unwrap_or(Value::Null);
                continue;
            }
            match (column.computed, &column.default) {
                (Some(Computed::Uuid), _) => {
                    let id = uuid::Builder::from_random_bytes(random::bytes::<16>()).into_uuid();
                    row[at] = Value::Text(id.to_string());
                }
                (Some(Computed::Now), _) => row[at] = self.now(),
                (None, Some(default)) => asked.push((at, format!("({default})"))),
                // What SQLite numbers itself.
                (None, None) if self.table.primary_key == [at] && is_whole(column.kind) => {
                    let (name, table) = (quoted(&column.name), quoted(&self.table.name));
                    asked.push((at, format!("(SELECT coalesce(max({name}), 0) + 1 FROM {table})")));
                }
                (None, None) => {}
            }
        }
        if !asked.is_empty() {
            let texts: Vec<&str> = asked.iter().map(|(_, text)| text.as_str()).collect();
            let sql = format!("SELECT {}", texts.join(", "));
            let done = self
                .db
                .batch_as(&self.session(true), vec![Step::new(sql, Vec::new())])
                .await?;
            if let Some(found) = done.first().and_then(|step| step.rows.first()) {
                for ((at, _), value) in asked.iter().zip(found.values()) {
                    row[*at] = value.clone();
                }
            }
        }
        Ok(row)
    }

    /// The first row that a change would refuse, as it would be.
    async fn changed_row(&self) -> Result<Option<Vec<Value>>> {
        if self.window.limit.is_some() || self.window.offset > 0 {
            return Ok(None);
        }
        let Some(group) = self.groups()?.into_iter().next() else {
            return Ok(None);
        };
        let Some(cells) = row_of(&group, 0) else {
            return Ok(None);
        };
        let (_, total, _) = self.rendered()?;
        let Some(rest) = total.sql.strip_prefix("SELECT count(*)") else {
            return Ok(None);
        };
        let table = quoted(&self.table.name);
        let names = self.table.columns.iter().map(|column| quoted(&column.name));
        let columns: Vec<String> = names.map(|name| format!("{table}.{name}")).collect();
        let sql = format!(
            "SELECT {}, {table}.rowid{rest} LIMIT {MOST_ROWS}",
            columns.join(", ")
        );
        let literals = self.literals();
        let params = self.inputs(&literals).params(&total, &mut [], None)?;
        let done = self
            .db
            .batch_as(&self.session(true), vec![Step::new(sql, params)])
            .await?;
        let rows = done.first().map(|step| step.rows.as_slice()).unwrap_or_default();

        let places = (0..group.columns.len()).map(|place| {
            let name = quoted(&self.table.columns[group.columns[place]].name);
            format!("{name} = ${}", place + 1)
        });
        let set: Vec<String> = places.collect();
        let sql = format!(
            "UPDATE {table} SET {} WHERE rowid = ${}",
            set.join(", "),
            set.len() + 1
        );
        let steps = rows.iter().map(|row| {
            let address = row.values().last().cloned().unwrap_or(Value::Null);
            Step::new(sql.as_str(), cells.iter().cloned().chain([address]).collect())
        });
        let at = match rows.len() {
            1 => 0,
            _ => self.tried(steps.collect()).await?,
        };
        let Some(found) = rows.get(at) else {
            return Ok(None);
        };
        let mut row: Vec<Value> = found
            .values()
            .iter()
            .take(self.table.columns.len())
            .cloned()
            .collect();
        for (place, &at) in group.columns.iter().enumerate() {
            row[at] = cells[place].clone();
        }
        if let Some(stamped) = self.table.stamped {
            row[stamped] = self.now();
        }
        Ok(Some(row))
    }

    fn now(&self) -> Value {
        Value::Text(timestamp_text(self.clock.now()))
    }

    /// The values as PostgreSQL prints them in details.
    fn printed(&self, row: &[Value]) -> Vec<String> {
        let columns = self.table.columns.iter().zip(row);
        let values = columns.map(|(column, value)| {
            let text = printed(value, column.kind).unwrap_or_else(|| "null".to_owned());
            match text.len() {
                0..=LONGEST_VALUE => text,
                _ => format!("{}...", &text[..text.floor_char_boundary(LONGEST_VALUE)]),
            }
        });
        values.collect()
    }
}

/// A value as PostgreSQL's output function prints it; none is NULL.
pub(super) fn printed(value: &Value, kind: ColumnType) -> Option<String> {
    let raw = match value {
        Value::Int(number) if kind == ColumnType::Boolean => return Some(word(*number != 0)),
        Value::Int(number) => ValueRef::Integer(*number),
        Value::Float(number) => ValueRef::Real(*number),
        Value::Text(text) | Value::Json(text) => ValueRef::Text(text.as_bytes()),
        Value::Bytes(bytes) => ValueRef::Blob(bytes),
        Value::Bool(value) => return Some(word(*value)),
        _ => ValueRef::Null,
    };
    text_form(raw, kind)
}

fn word(value: bool) -> String {
    if value { "t" } else { "f" }.to_owned()
}

fn is_whole(kind: ColumnType) -> bool {
    matches!(
        kind,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt
    )
}

fn row_of(group: &Group, row: usize) -> Option<&[Value]> {
    let width = group.columns.len();
    match &group.values {
        Values::Cells(cells) => cells.get(row * width..(row + 1) * width),
        Values::Document(_) => None,
    }
}
