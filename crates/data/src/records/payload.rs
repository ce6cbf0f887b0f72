//! A body's rows, checked against the table, as parameters for the database.

use std::borrow::Cow;

use busbar_kernel::Result;
use busbar_store::{Dialect, Value};
use chrono_tz::Tz;

use super::run::Run;
use crate::caller::Profile;
use crate::grammar::{Missing, name_list};
use crate::refusal::{pgrst, sqlstate};
use crate::values::{Body, Rows, Token, read_body};
use busbar_schema::catalogue::Table;

/// Rows of a body that set the same columns, in the body's order.
#[derive(Debug)]
pub(super) struct Group {
    /// Positions in the table.
    pub(super) columns: Vec<usize>,
    pub(super) rows: usize,
    pub(super) values: Values,
}

/// The values of a group.
#[derive(Debug)]
pub(super) enum Values {
    /// Row by row, in stored form: for SQLite.
    Cells(Vec<Value>),
    /// A JSON array of objects: for PostgreSQL.
    Document(String),
}

/// A body.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub(super) groups: Vec<Group>,
    pub(super) rows: usize,
}

/// How the body is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Every,
    /// Only the first row counts.
    First,
}

/// Reads the body of a write.
///
/// # Errors
/// `PGRST102` for what does not parse, `PGRST204` for an unknown column, SQLSTATEs for values of a wrong type.
pub(super) fn payload(run: &Run<'_>, reading: Reading) -> Result<Payload> {
    let body = Body::of(run.request.headers.content_type)?;
    let text = std::str::from_utf8(&run.request.body)
        .map_err(|_| pgrst("PGRST102", "Empty or invalid json").details("The body is not valid UTF-8"))?;
    let fixed = match run.query.columns.as_deref() {
        None => None,
        Some(list) => {
            let names = name_list("columns parameter", list)?;
            let mut fixed = Vec::with_capacity(names.len());
            for name in &names {
                let at = position(&run.table, name)?;
                if !fixed.contains(&at) {
                    fixed.push(at);
                }
            }
            Some(fixed)
        }
    };
    let mut collector = Collector {
        table: &run.table,
        dialect: run.dialect(),
        fixed,
        defaults: run.prefer.missing == Some(Missing::Default),
        drop_empty: run.profile == Profile::Insforge,
        reading,
        keys: Vec::new(),
        layout: Vec::new(),
        complete: false,
        first_keys: None,
        payload: Payload::default(),
        zone: run.prefer.timezone,
    };
    read_body(body, text, &mut |row| collector.row(row))?;
    collector.close();
    Ok(collector.payload)
}

fn position(table: &Table, name: &str) -> Result<usize> {
    table.position(name).ok_or_else(|| {
        pgrst(
            "PGRST204",
            format!(
                "Could not find the '{name}' column of '{}' in the schema cache",
                table.name
            ),
        )
    })
}

struct Collector<'t> {
    table: &'t Table,
    dialect: Dialect,
    /// The columns of `columns=`.
    fixed: Option<Vec<usize>>,
    /// Whether an absent column takes its default.
    defaults: bool,
    drop_empty: bool,
    reading: Reading,
    /// The names of the last row, and for each where its value goes; none goes nowhere.
    keys: Vec<String>,
    layout: Vec<Option<usize>>,
    /// Whether the last row's names leave out none of `fixed`.
    complete: bool,
    /// The sorted names of the first row.
    first_keys: Option<Vec<String>>,
    payload: Payload,
    /// The zone of moments that name no offset, on SQLite.
    zone: Option<Tz>,
}

impl<'b> Collector<'_> {
    fn row(&mut self, row: &mut Rows<'b>) -> Result<()> {
        if self.reading == Reading::First && self.payload.rows > 0 {
            return Ok(());
        }
        let same = self.payload.rows > 0
            && row.len() == self.keys.len()
            && row.iter().zip(&self.keys).all(|((name, _), key)| name == key);
        if !same {
            self.lay_out(row)?;
        }
        self.payload.rows += 1;
        let drops = self.drop_empty
            && row
                .iter()
                .zip(&self.layout)
                .any(|((_, token), at)| self.dropped(token, *at));
        let plain = !drops && self.complete;
        if same && plain && self.append_fast(row)? {
            return Ok(());
        }
        self.append(row)
    }

    /// Whether InsForge's clean-up takes this value out of the row.
    fn dropped(&self, token: &Token<'_>, at: Option<usize>) -> bool {
        self.drop_empty
            && token.is_empty_text()
            && at.is_none_or(|at| {
                let column = &self.table.columns[at];
                !column.kind.takes_empty_text(&column.declared)
            })
    }

    fn lay_out(&mut self, row: &Rows<'b>) -> Result<()> {
        let mut layout = Vec::with_capacity(row.len());
        for (index, (name, token)) in row.iter().enumerate() {
            // The last of equal names counts.
            let again = row[index + 1..].iter().any(|(later, _)| later == name);
            let at = self.table.position(name);
            let wanted = match (&self.fixed, at) {
                _ if again => None,
                (Some(fixed), at) => at.filter(|at| fixed.contains(at)),
                (None, None) if self.drop_empty && token.is_empty_text() => None,
                (None, None) => Some(position(self.table, name)?),
                (None, at) => at,
            };
            layout.push(wanted);
        }
        if self.fixed.is_none() && self.reading == Reading::Every {
            let mut sorted: Vec<String> = row.iter().map(|(name, _)| name.to_string()).collect();
            sorted.sort_unstable();
            sorted.dedup();
            match &self.first_keys {
                None => self.first_keys = Some(sorted),
                Some(first) if *first == sorted => {}
                Some(_) => return Err(pgrst("PGRST102", "All object keys must match")),
            }
        }
        self.keys = row.iter().map(|(name, _)| name.to_string()).collect();
        let given = |at: &usize| layout.contains(&Some(*at));
        self.complete = self.fixed.as_ref().is_none_or(|fixed| fixed.iter().all(given));
        self.layout = layout;
        Ok(())
    }

    /// Adds the row to the last group when it has exactly its columns in its order.
    fn append_fast(&mut self, row: &Rows<'b>) -> Result<bool> {
        let Some(group) = self.payload.groups.last_mut() else {
            return Ok(false);
        };
        let fits = self.layout.len() == group.columns.len()
            && self
                .layout
                .iter()
                .zip(&group.columns)
                .all(|(at, column)| *at == Some(*column));
        if fits {
            push(
                self.table,
                group,
                self.zone,
                row.iter().map(|(_, token)| Some(token)),
            )?;
        }
        Ok(fits)
    }

    fn append(&mut self, row: &mut Rows<'b>) -> Result<()> {
        let mut set: Vec<(usize, Option<usize>)> = Vec::with_capacity(row.len());
        for (index, (_, token)) in row.iter().enumerate() {
            if let Some(at) = self.layout[index]
                && !self.dropped(token, Some(at))
            {
                set.push((at, Some(index)));
            }
        }
        if let Some(fixed) = &self.fixed {
            let given = |at: &usize| set.iter().any(|(known, _)| known == at);
            let absent: Vec<usize> = fixed.iter().copied().filter(|at| !given(at)).collect();
            if !self.defaults && !absent.is_empty() {
                set.extend(absent.into_iter().map(|at| (at, None)));
                // One order, so that rows with other absent keys still share a statement.
                set.sort_unstable_by_key(|(at, _)| *at);
            }
        }
        for (at, _) in &set {
            refuse_generated(&self.table.columns[*at])?;
        }
        let columns: Vec<usize> = set.iter().map(|(at, _)| *at).collect();
        if self
            .payload
            .groups
            .last()
            .is_none_or(|group| group.columns != columns)
        {
            self.close();
            self.payload.groups.push(Group {
                columns,
                rows: 0,
                values: match self.dialect {
                    Dialect::Sqlite => Values::Cells(Vec::new()),
                    Dialect::Postgres => Values::Document("[".to_owned()),
                },
            });
        }
        match self.payload.groups.last_mut() {
            Some(group) => push(
                self.table,
                group,
                self.zone,
                set.iter().map(|(_, index)| index.map(|index| &row[index].1)),
            ),
            None => Ok(()),
        }
    }

    fn close(&mut self) {
        if let Some(Group {
            values: Values::Document(document),
            ..
        }) = self.payload.groups.last_mut()
        {
            document.push(']');
        }
    }
}

/// Adds one row; a value that is none is null.
fn push<'t, 'b: 't>(
    table: &Table,
    group: &mut Group,
    zone: Option<Tz>,
    tokens: impl Iterator<Item = Option<&'t Token<'b>>>,
) -> Result<()> {
    match &mut group.values {
        Values::Cells(cells) => {
            for (token, at) in tokens.zip(&group.columns) {
                cells.push(match token {
                    Some(token) => token.value(table.columns[*at].kind, zone)?,
                    None => Value::Null,
                });
            }
        }
        Values::Document(document) => {
            document.push_str(if group.rows > 0 { ",{" } else { "{" });
            for (index, (token, at)) in tokens.zip(&group.columns).enumerate() {
                if index > 0 {
                    document.push(',');
                }
                Token::Text(Cow::Borrowed(&table.columns[*at].name)).write(document);
                document.push(':');
                match token {
                    Some(token) => {
                        if let Token::Json(raw) = token {
                            busbar_schema::literal::check_depth(raw)?;
                        }
                        token.write(document);
                    }
                    None => document.push_str("null"),
                }
            }
            document.push('}');
        }
    }
    group.rows += 1;
    Ok(())
}

fn refuse_generated(column: &busbar_schema::catalogue::Column) -> Result<()> {
    if column.generated {
        let name = &column.name;
        return Err(sqlstate(
            "428C9",
            format!("cannot insert a non-DEFAULT value into column \"{name}\""),
        )
        .details(format!("Column \"{name}\" is a generated column.")));
    }
    Ok(())
}
