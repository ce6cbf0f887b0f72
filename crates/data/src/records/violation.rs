//! What SQLite leaves out of a violated constraint: which one, and which values (PostgREST's contract, 9).

use std::collections::HashSet;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{ForeignKey, Security, Table};
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Step, Value};
use serde_json::Value as Json;

use super::failing_row::printed;
use super::payload::{Group, Reading, Values, payload};
use super::request::Method;
use super::run::Run;
use crate::caller::Role;
use crate::render::as_json;

impl Run<'_> {
    /// The error of a failed write in PostgreSQL's words, where it can be told.
    pub(super) async fn violated(&self, error: Error) -> Error {
        if self.dialect() == Dialect::Postgres {
            return match self.may_show_details(&error) {
                true => error,
                false => same(&error, error.message().to_owned()),
            };
        }
        let told = match (error.wire_code_str(), self.request.method) {
            (Some("23505"), Method::Delete) => Ok(None),
            (Some("23505"), _) => self.duplicate(&error).await,
            (Some("23503"), Method::Delete) => self.still_referenced(&error).await,
            (Some("23503"), Method::Patch) => match self.orphan(&error).await {
                Ok(None) => self.still_referenced(&error).await,
                told => told,
            },
            (Some("23503"), _) => self.orphan(&error).await,
            (Some("23502" | "23514"), Method::Post | Method::Put | Method::Patch) => {
                self.failing_row(&error).await
            }
            _ => Ok(None),
        };
        // The look-up is a courtesy: when it fails the first error stands.
        match told {
            Ok(Some((message, details))) => same(&error, message).details(details),
            _ => error,
        }
    }

    /// Whether PostgreSQL's details show nothing that the caller may not see: what a foreign key does to other rows is
    /// done with the rights of their table's owner, from whom no row is hidden.
    fn may_show_details(&self, error: &Error) -> bool {
        if self.caller.role == Role::ProjectAdmin {
            return true;
        }
        match error.wire_code_str() {
            Some("23503") => {
                let named = format!("\"{}\" violates ", self.table.name);
                let mut parts = error.message().splitn(2, " on table ").skip(1);
                parts.any(|rest| rest.starts_with(&named))
            }
            Some("23502" | "23505" | "23514" | "23P01") => {
                let mut facts = error.context().iter();
                facts.any(|(name, value)| *name == "table" && *value == self.table.name)
                    && matches!(self.table.security, Security::Native { enabled: false })
            }
            _ => true,
        }
    }

    pub(super) fn groups(&self) -> Result<Vec<Group>> {
        let reading = match self.request.method {
            Method::Patch => Reading::First,
            _ => Reading::Every,
        };
        Ok(payload(self, reading)?.groups)
    }

    /// The first row whose key is in the table or in an earlier row.
    async fn duplicate(&self, error: &Error) -> Result<Option<(String, String)>> {
        let Some(names) = named_key(error) else {
            return Ok(None);
        };
        let columns: Option<Vec<usize>> = names.iter().map(|name| self.table.position(name)).collect();
        let Some(columns) = columns else { return Ok(None) };
        for group in self.groups()? {
            let keys = keys(&group, &columns);
            let repeated = keys
                .iter()
                .enumerate()
                .find(|(at, key)| !key.contains(&Value::Null) && keys[..*at].contains(key));
            let known = self.first(&keys, &self.table.name, &names, true).await?;
            let first = match (known, repeated.map(|(at, _)| at)) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            if let Some(key) = first.and_then(|at| keys.get(at)) {
                let shown = shown(&self.table, &columns, key);
                let details = format!("Key ({})=({shown}) already exists.", names.join(", "));
                return Ok(Some((error.message().to_owned(), details)));
            }
        }
        Ok(None)
    }

    /// The first row whose reference is not there.
    async fn orphan(&self, _error: &Error) -> Result<Option<(String, String)>> {
        let groups = self.groups()?;
        for group in &groups {
            for key in &self.table.foreign_keys {
                let columns: Option<Vec<usize>> =
                    key.columns.iter().map(|name| self.table.position(name)).collect();
                let Some(columns) = columns else { continue };
                let mut keys = keys(group, &columns);
                if key.table == self.table.name {
                    self.pass_over_own(key, &groups, &mut keys);
                }
                let Some(at) = self.first(&keys, &key.table, &key.referenced, false).await? else {
                    continue;
                };
                let message = format!(
                    "insert or update on table \"{}\" violates foreign key constraint \"{}\"",
                    self.table.name, key.name
                );
                let details = format!(
                    "Key ({})=({}) is not present in table \"{}\".",
                    key.columns.join(", "),
                    shown(&self.table, &columns, &keys[at]),
                    key.table
                );
                return Ok(Some((message, details)));
            }
        }
        Ok(None)
    }

    /// Rows of one request may refer to each other: such keys are there once all rows are.
    fn pass_over_own(&self, key: &ForeignKey, groups: &[Group], keys: &mut [Vec<Value>]) {
        let referenced: Option<Vec<usize>> = key
            .referenced
            .iter()
            .map(|name| self.table.position(name))
            .collect();
        let Some(referenced) = referenced else { return };
        let own: HashSet<String> = groups
            .iter()
            .flat_map(|group| self::keys(group, &referenced))
            .map(|key| format!("{key:?}"))
            .collect();
        for key in keys.iter_mut().filter(|key| own.contains(&format!("{key:?}"))) {
            key.fill(Value::Null);
        }
    }

    /// What a change writes into the columns of a key, by their place in it; nothing for a deletion.
    fn new_key(&self, key: &ForeignKey) -> Result<Vec<(usize, Value)>> {
        if self.request.method == Method::Delete {
            return Ok(Vec::new());
        }
        let Some(group) = self.groups()?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let written = key.referenced.iter().enumerate().filter_map(|(place, name)| {
            let column = self.table.position(name)?;
            group.columns.contains(&column).then_some((place, column))
        });
        Ok(written
            .filter_map(|(place, column)| {
                let values = keys(&group, &[column]).into_iter().next()?;
                Some((place, values.into_iter().next()?))
            })
            .collect())
    }

    /// The first picked row that another table refers to, and whose key goes.
    async fn still_referenced(&self, _error: &Error) -> Result<Option<(String, String)>> {
        let (_, total, _) = self.rendered()?;
        let Some(rest) = total.sql.strip_prefix("SELECT count(*)") else {
            return Ok(None);
        };
        let literals = self.literals();
        for table in self.catalogue.tables(&self.schema) {
            let referring = table.foreign_keys.iter();
            for key in referring.filter(|key| key.table == self.table.name) {
                let new = self.new_key(key)?;
                if new.is_empty() && self.request.method != Method::Delete {
                    continue;
                }
                let mut params = self.inputs(&literals).params(&total, &mut [], None)?;
                let mut sql = referenced_sql(&self.table, table, key, rest);
                let changed: Vec<String> = new
                    .into_iter()
                    .map(|(place, value)| {
                        params.push(value);
                        format!("\"_p\".\"_{place}\" IS NOT ${}", params.len())
                    })
                    .collect();
                if !changed.is_empty() {
                    sql.push_str(&format!(" AND ({})", changed.join(" OR ")));
                }
                sql.push_str(" LIMIT 1");
                let done = self
                    .db
                    .batch_as(&self.session(true), vec![Step::new(sql, params)])
                    .await?;
                let Some(row) = done.first().and_then(|step| step.rows.first()) else {
                    continue;
                };
                let columns: Option<Vec<usize>> = key
                    .referenced
                    .iter()
                    .map(|name| self.table.position(name))
                    .collect();
                let message = format!(
                    "update or delete on table \"{}\" violates foreign key constraint \"{}\" on table \"{}\"",
                    self.table.name, key.name, table.name
                );
                let details = format!(
                    "Key ({})=({}) is still referenced from table \"{}\".",
                    key.referenced.join(", "),
                    shown(&self.table, &columns.unwrap_or_default(), row.values()),
                    table.name
                );
                return Ok(Some((message, details)));
            }
        }
        Ok(None)
    }

    /// The place of the first whole key that is, or is not, in a table.
    async fn first(
        &self,
        keys: &[Vec<Value>],
        table: &str,
        columns: &[String],
        present: bool,
    ) -> Result<Option<usize>> {
        let document: Vec<Json> = keys
            .iter()
            .map(|key| match key.contains(&Value::Null) {
                true => Json::Null,
                false => Json::Array(key.iter().map(as_json).collect()),
            })
            .collect();
        let table = quoted(table);
        let same: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(place, name)| {
                format!(
                    "{table}.{} = json_extract(\"_k\".value, '$[{place}]')",
                    quoted(name)
                )
            })
            .collect();
        let word = if present { "" } else { "NOT " };
        let sql = format!(
            "SELECT min(\"_k\".key) FROM json_each($1) AS \"_k\" WHERE \"_k\".type = 'array' \
             AND {word}EXISTS (SELECT 1 FROM {table} WHERE {})",
            same.join(" AND ")
        );
        let params = vec![Value::Text(Json::Array(document).to_string())];
        let done = self
            .db
            .batch_as(&self.session(true), vec![Step::new(sql, params)])
            .await?;
        let value = done
            .first()
            .and_then(|step| step.rows.first())
            .and_then(|row| row.value(0));
        Ok(match value {
            Some(Value::Int(place)) => usize::try_from(*place).ok(),
            _ => None,
        })
    }
}

fn same(error: &Error, message: String) -> Error {
    let state = error.wire_code_str().unwrap_or_default().to_owned();
    Error::new(error.kind(), error.code_str().to_owned(), message).wire_code(state)
}

/// `a` and `b` of `Key (a, b) already exists.`
fn named_key(error: &Error) -> Option<Vec<String>> {
    let inner = error
        .details_str()?
        .strip_prefix("Key (")?
        .strip_suffix(") already exists.")?;
    Some(inner.split(", ").map(str::to_owned).collect())
}

/// The values of these columns, row by row; a column that is not written is NULL.
fn keys(group: &Group, columns: &[usize]) -> Vec<Vec<Value>> {
    let Values::Cells(cells) = &group.values else {
        return Vec::new();
    };
    let places: Vec<Option<usize>> = columns
        .iter()
        .map(|column| group.columns.iter().position(|written| written == column))
        .collect();
    let rows = cells.chunks(group.columns.len().max(1));
    rows.map(|row| {
        let values = places
            .iter()
            .map(|place| place.and_then(|at| row.get(at)).cloned());
        values.map(|value| value.unwrap_or(Value::Null)).collect()
    })
    .collect()
}

/// Values as PostgreSQL prints them in details.
fn shown(table: &Table, columns: &[usize], key: &[Value]) -> String {
    let printed = key.iter().enumerate().map(|(place, value)| {
        let kind = columns.get(place).map(|&at| table.columns[at].kind);
        kind.and_then(|kind| printed(value, kind)).unwrap_or_default()
    });
    printed.collect::<Vec<_>>().join(", ")
}

fn referenced_sql(table: &Table, other: &Table, key: &ForeignKey, rest: &str) -> String {
    let own: Vec<String> = key
        .referenced
        .iter()
        .map(|name| format!("{}.{}", quoted(&table.name), quoted(name)))
        .collect();
    let picked: Vec<String> = own
        .iter()
        .enumerate()
        .map(|(place, name)| format!("{name} AS \"_{place}\""))
        .collect();
    let other_name = quoted(&other.name);
    let met: Vec<String> = key
        .columns
        .iter()
        .enumerate()
        .map(|(place, name)| format!("{other_name}.{} = \"_p\".\"_{place}\"", quoted(name)))
        .collect();
    format!(
        "SELECT \"_p\".* FROM (SELECT {}{rest}) AS \"_p\" WHERE EXISTS (SELECT 1 FROM {other_name} WHERE {})",
        picked.join(", "),
        met.join(" AND ")
    )
}
