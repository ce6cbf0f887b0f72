//! Reading: a page of rows, or the one row of a key.

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{ColumnType, Table};
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Params, Value, params};

use super::place::rows_of;
use super::{Grid, GridRow};

/// Which rows, in which order.
#[derive(Clone, Debug, Default)]
pub struct GridQuery {
    /// 1 to 500.
    pub limit: u64,
    /// How many are passed over.
    pub offset: u64,
    /// A text that some column holds, in any case.
    pub search: Option<String>,
    /// `column:asc,other:desc`.
    pub sort: Option<String>,
    /// A column and its value.
    pub filter: Option<(String, String)>,
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct GridPage {
    /// The rows.
    pub rows: Vec<GridRow>,
    /// How many there are on all pages.
    pub total: u64,
}

impl Grid {
    /// A page of a table's rows, by the primary key where nothing else orders them.
    ///
    /// # Errors
    /// 42P01 without the table, 42703 for a column that is not there, `input.invalid` for another sort or limit.
    pub async fn page(&self, schema: &str, name: &str, query: &GridQuery) -> Result<GridPage> {
        if !(1..=500).contains(&query.limit) {
            return Err(Error::invalid("limit", "The limit is 1 to 500"));
        }
        let table = self.table(schema, name)?;
        let place = self.place(&table);
        let mut params = params![];
        let filter = self.filter(&table, query, &mut params)?;
        let order = order(&table, query.sort.as_deref())?;
        let count = (
            format!("SELECT count(*) AS count FROM {place}{filter}"),
            params.clone(),
        );
        let page = format!(
            "SELECT * FROM {place}{filter}{order} LIMIT {} OFFSET {}",
            query.limit,
            query.offset.min(i64::MAX as u64)
        );
        let answers = self.run(vec![count, (page, params)], true).await?;
        let total = answers
            .first()
            .and_then(|answer| match answer.rows.first()?.value(0)? {
                Value::Int(count) => u64::try_from(*count).ok(),
                _ => None,
            });
        Ok(GridPage {
            rows: answers.last().map(rows_of).unwrap_or_default(),
            total: total.unwrap_or_default(),
        })
    }

    /// The row of a key, if there is one.
    ///
    /// # Errors
    /// 42P01 without the table, 42703 for a column that is not there.
    pub async fn look_up(&self, schema: &str, name: &str, key: &GridRow) -> Result<Option<GridRow>> {
        let table = self.table(schema, name)?;
        let mut params = params![];
        let matching = self.matching(&table, key, &mut params)?;
        let sql = format!("SELECT * FROM {} WHERE {matching} LIMIT 1", self.place(&table));
        let answers = self.run(vec![(sql, params)], true).await?;
        Ok(answers
            .first()
            .map(rows_of)
            .unwrap_or_default()
            .into_iter()
            .next())
    }

    fn filter(&self, table: &Table, query: &GridQuery, params: &mut Params) -> Result<String> {
        let mut conditions = Vec::new();
        if let Some((column, value)) = &query.filter {
            let key = [(column.clone(), value.as_str().into())].into_iter().collect();
            conditions.push(self.matching(table, &key, params)?);
        }
        if let Some(search) = query.search.as_deref().filter(|search| !search.is_empty()) {
            let escaped = search
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            params.push(format!("%{escaped}%").into());
            let like = match self.dialect() {
                Dialect::Sqlite => "LIKE",
                Dialect::Postgres => "ILIKE",
            };
            let at = params.len();
            let columns: Vec<String> = table
                .columns
                .iter()
                .filter(|column| column.kind != ColumnType::Bytea)
                .map(|column| format!("CAST({} AS text) {like} ${at} ESCAPE '\\'", quoted(&column.name)))
                .collect();
            conditions.push(format!("({})", columns.join(" OR ")));
        }
        Ok(match conditions.as_slice() {
            [] => String::new(),
            all => format!(" WHERE {}", all.join(" AND ")),
        })
    }
}

fn order(table: &Table, sort: Option<&str>) -> Result<String> {
    let mut keys = Vec::new();
    for part in sort
        .unwrap_or_default()
        .split(',')
        .filter(|part| !part.is_empty())
    {
        let (name, direction) = part.rsplit_once(':').unwrap_or((part, "asc"));
        let direction = match direction.to_ascii_lowercase().as_str() {
            "asc" => "ASC",
            "desc" => "DESC",
            _ => return Err(Error::invalid("sort", "A column is sorted asc or desc")),
        };
        let column = table.column(name.trim())?;
        keys.push(format!("{} {direction}", quoted(&column.name)));
    }
    if keys.is_empty() {
        let primary = table.primary_key.iter();
        keys.extend(primary.map(|at| quoted(&table.columns[*at].name)));
    }
    Ok(match keys.as_slice() {
        [] => String::new(),
        keys => format!(" ORDER BY {}", keys.join(", ")),
    })
}
