//! Counts that need not be exact: `count=planned` and `count=estimated` (PostgREST's contract, O9).

use busbar_kernel::Result;
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Row, Step, Value};

use super::run::Run;
use crate::grammar::Count;
use crate::render::{Inputs, Statement};

/// Up to here an estimate is an exact count; SQLite looks at so many rows to guess at the rest.
const EXACT_UP_TO: u64 = 10_000;

/// How the statement that counts everything begins.
const COUNT: &str = "SELECT count(*)";

impl Run<'_> {
    /// How many rows there may be, for a preference that does not ask for the exact number.
    pub(super) async fn estimate(&self, count: Count, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        let most = self.options.most_rows.unwrap_or(EXACT_UP_TO);
        if count == Count::Estimated {
            let exact = self.count_up_to(most + 1, total, inputs).await?;
            if exact <= most {
                return Ok(exact);
            }
            return Ok(exact.max(self.planned(total, inputs).await?));
        }
        self.planned(total, inputs).await
    }

    /// Counts at most so many rows.
    async fn count_up_to(&self, most: u64, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        let sql = match total.sql.strip_prefix(COUNT) {
            Some(rest) => format!("{COUNT} FROM (SELECT 1{rest} LIMIT {most}) AS \"_c\""),
            None => total.sql.to_string(),
        };
        self.number(sql, total, inputs).await
    }

    async fn planned(&self, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        match self.dialect() {
            Dialect::Postgres => self.planned_by_postgres(total, inputs).await,
            Dialect::Sqlite => self.guessed_from_the_first(total, inputs).await,
        }
    }

    /// What the planner expects.
    async fn planned_by_postgres(&self, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        let sql = format!("EXPLAIN (FORMAT JSON) {}", total.sql);
        let step = Step::new(sql, inputs.params(total, &mut [], None)?);
        let done = self.db.batch_as(&self.session(true), vec![step]).await?;
        let text = done
            .first()
            .and_then(|step| step.rows.first())
            .and_then(|row| row.text(0));
        let plan: serde_json::Value = text
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default();
        // The top is the counting itself; partial ones may follow before the rows that are counted.
        let mut node = &plan[0]["Plan"];
        while matches!(
            node["Node Type"].as_str(),
            Some("Aggregate" | "Gather" | "Gather Merge")
        ) && node["Plans"][0].is_object()
        {
            node = &node["Plans"][0];
        }
        Ok(node["Plan Rows"].as_f64().map_or(0, whole))
    }

    /// SQLite plans without numbers: the share of the first rows that fit, of all rows there may be.
    async fn guessed_from_the_first(&self, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        if self.table.is_view {
            return self.number(total.sql.to_string(), total, inputs).await;
        }
        let name = quoted(&self.table.name);
        let rows = format!("SELECT coalesce(max(rowid), 0) FROM main.{name}");
        let step = Step::new(rows, Vec::new());
        let Ok(done) = self.db.batch_as(&self.session(true), vec![step]).await else {
            // A table without row ids says nothing about its size.
            return self.number(total.sql.to_string(), total, inputs).await;
        };
        let all = first_number(done.first().and_then(|step| step.rows.first()));
        if all <= EXACT_UP_TO {
            return self.number(total.sql.to_string(), total, inputs).await;
        }
        let sql = format!(
            "WITH {name} AS MATERIALIZED (SELECT * FROM main.{name} LIMIT {EXACT_UP_TO}) {}",
            total.sql
        );
        let fitting = self.number(sql, total, inputs).await?;
        Ok(
            u64::try_from(u128::from(fitting) * u128::from(all) / u128::from(EXACT_UP_TO))
                .unwrap_or(u64::MAX),
        )
    }

    async fn number(&self, sql: String, total: &Statement, inputs: &Inputs<'_>) -> Result<u64> {
        let step = Step::new(sql, inputs.params(total, &mut [], None)?);
        let done = self.db.batch_as(&self.session(true), vec![step]).await?;
        Ok(first_number(done.first().and_then(|step| step.rows.first())))
    }
}

fn first_number(row: Option<&Row>) -> u64 {
    match row.and_then(|row| row.value(0)) {
        Some(Value::Int(number)) => u64::try_from(*number).unwrap_or(0),
        _ => 0,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a planner's number of rows is a whole one of at most fifteen digits"
)]
fn whole(rows: f64) -> u64 {
    rows.clamp(0.0, 1e15) as u64
}
