//! PUT: one row, inserted or replaced.

use busbar_kernel::{Error, Result};
use busbar_store::Value;

use super::answer::returned_body;
use super::insert::Duplicates;
use super::payload::{Payload, Reading, Values, payload};
use super::request::RecordAnswer;
use super::run::Run;
use crate::grammar::{Operator, Prefer, Resolution, Test, Tree};
use crate::refusal::pgrst;
use crate::values::stored;

impl Run<'_> {
    pub(super) async fn put(&self) -> Result<RecordAnswer> {
        if self.query.limit.is_some() || self.query.offset.is_some() {
            return Err(pgrst(
                "PGRST114",
                "limit/offset querystring parameters are not allowed for PUT",
            ));
        }
        let key = self.key_filters()?;
        let payload = payload(self, Reading::Every)?;
        self.compare_key(&key, &payload)?;
        let keyed = &self.table.primary_key;
        let others = (0..self.table.columns.len()).filter(|at| {
            let stamped = self.table.stamped == Some(*at);
            !keyed.contains(at) && !self.table.columns[*at].generated && !stamped
        });
        let duplicates = Duplicates {
            resolution: Resolution::Merge,
            target: keyed.clone(),
            merged: Some(others.collect()),
        };
        let inserted = self.insert(payload, Some(duplicates)).await?;
        let body = if self.wants_rows() {
            Some(returned_body(self, &inserted.steps, &inserted.outputs)?)
        } else {
            None
        };
        let status = match (&body, inserted.new) {
            (None, _) => 204,
            (Some(_), 0) => 200,
            (Some(_), _) => 201,
        };
        let applied = Prefer {
            resolution: None,
            missing: None,
            count: None,
            max_affected: None,
            ..self.applied()
        };
        Ok(self.write_answer(status, None, applied, body))
    }

    /// The value of each column of the primary key, in the key's order.
    fn key_filters(&self) -> Result<Vec<(usize, &str)>> {
        let mut found = Vec::new();
        for tree in &self.query.conditions {
            let Tree::Leaf(filter) = tree else {
                return Err(not_a_key());
            };
            let at = self.table.position(&filter.field.column).ok_or_else(not_a_key)?;
            match &filter.test {
                Test::Compare {
                    operator: Operator::Eq,
                    quantifier: None,
                    value,
                } if !filter.negated && filter.field.path.is_empty() => found.push((at, value.as_ref())),
                _ => return Err(not_a_key()),
            }
        }
        let key = &self.table.primary_key;
        let whole = !key.is_empty() && found.len() == key.len();
        if !whole || !key.iter().all(|at| found.iter().any(|(named, _)| named == at)) {
            return Err(not_a_key());
        }
        Ok(found)
    }

    fn compare_key(&self, key: &[(usize, &str)], payload: &Payload) -> Result<()> {
        let mismatch = || {
            pgrst(
                "PGRST115",
                "Payload values do not match URL in primary key column(s)",
            )
        };
        let [group] = payload.groups.as_slice() else {
            return Err(mismatch());
        };
        if group.rows != 1 {
            return Err(mismatch());
        }
        let document: serde_json::Value = match &group.values {
            Values::Document(document) => serde_json::from_str(document).unwrap_or_default(),
            Values::Cells(_) => serde_json::Value::Null,
        };
        for (at, literal) in key {
            let column = &self.table.columns[*at];
            let wanted = stored(column.kind, literal, self.prefer.timezone)?;
            let place = group
                .columns
                .iter()
                .position(|column| column == at)
                .ok_or_else(mismatch)?;
            let same = match &group.values {
                Values::Cells(cells) => cells.get(place) == Some(&wanted),
                Values::Document(_) => {
                    let given = match &document[0][&column.name] {
                        serde_json::Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    stored(column.kind, &given, self.prefer.timezone)
                        .is_ok_and(|given: Value| given == wanted)
                }
            };
            if !same {
                return Err(mismatch());
            }
        }
        Ok(())
    }
}

fn not_a_key() -> Error {
    pgrst(
        "PGRST105",
        "Filters must include all and only primary key columns with 'eq' operators",
    )
}
