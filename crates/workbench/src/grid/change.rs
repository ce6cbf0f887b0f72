//! Writing: rows inserted, changed, deleted.

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::Table;
use busbar_schema::quote::quoted;
use busbar_store::{Params, params};

use super::place::rows_of;
use super::{Grid, GridRow};

/// So many rows one call may write.
const ROWS: usize = 1000;

impl Grid {
    /// Inserts rows: all of them, or none.
    ///
    /// # Errors
    /// 42P01 without the table, 42703 for a column that is not there, and what the columns refuse.
    pub async fn insert(&self, schema: &str, name: &str, given: &[GridRow]) -> Result<Vec<GridRow>> {
        let table = self.table(schema, name)?;
        bounded(given.len())?;
        let statements = given
            .iter()
            .map(|row| self.insertion(&table, row))
            .collect::<Result<_>>()?;
        let answers = self.run(statements, false).await?;
        Ok(answers.iter().flat_map(rows_of).collect())
    }

    fn insertion(&self, table: &Table, row: &GridRow) -> Result<(String, Params)> {
        let place = self.place(table);
        if row.is_empty() {
            return Ok((
                format!("INSERT INTO {place} DEFAULT VALUES RETURNING *"),
                params![],
            ));
        }
        let (mut names, mut marks, mut params) = (Vec::new(), Vec::new(), params![]);
        for (name, value) in row {
            params.push(self.value(table.column(name)?, value)?);
            names.push(quoted(name));
            marks.push(format!("${}", params.len()));
        }
        let (names, marks) = (names.join(", "), marks.join(", "));
        Ok((
            format!("INSERT INTO {place} ({names}) VALUES ({marks}) RETURNING *"),
            params,
        ))
    }

    /// Changes the row of a key.
    ///
    /// # Errors
    /// `row.not_found` when there is none; otherwise as [`Grid::insert`].
    pub async fn update(&self, schema: &str, name: &str, key: &GridRow, data: &GridRow) -> Result<GridRow> {
        let table = self.table(schema, name)?;
        if data.is_empty() {
            return Err(Error::invalid("data", "At least one column changes"));
        }
        let (mut changes, mut params) = (Vec::new(), params![]);
        for (name, value) in data {
            params.push(self.value(table.column(name)?, value)?);
            changes.push(format!("{} = ${}", quoted(name), params.len()));
        }
        let matching = self.matching(&table, key, &mut params)?;
        let sql = format!(
            "UPDATE {} SET {} WHERE {matching} RETURNING *",
            self.place(&table),
            changes.join(", ")
        );
        let answers = self.run(vec![(sql, params)], false).await?;
        let changed = answers.first().map(rows_of).unwrap_or_default();
        changed.into_iter().next().ok_or_else(|| Error::not_found("row"))
    }

    /// Deletes the rows of keys; the answer is how many there were.
    ///
    /// # Errors
    /// As [`Grid::insert`].
    pub async fn delete(&self, schema: &str, name: &str, keys: &[GridRow]) -> Result<u64> {
        let table = self.table(schema, name)?;
        bounded(keys.len())?;
        let mut statements = Vec::new();
        for key in keys {
            let mut params = params![];
            let matching = self.matching(&table, key, &mut params)?;
            statements.push((
                format!("DELETE FROM {} WHERE {matching}", self.place(&table)),
                params,
            ));
        }
        let answers = self.run(statements, false).await?;
        Ok(answers.iter().map(|answer| answer.affected).sum())
    }
}

fn bounded(rows: usize) -> Result<()> {
    match rows {
        0 => Err(Error::invalid("body", "There is no row")),
        1..=ROWS => Ok(()),
        _ => Err(Error::invalid("body", "A call takes at most 1,000 rows")),
    }
}
