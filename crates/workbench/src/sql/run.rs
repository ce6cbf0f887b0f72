//! Running raw SQL.

use std::time::Duration;

use busbar_kernel::{Error, Result};
use busbar_schema::Schema;
use busbar_store::{Dialect, Params, RawAccess, RawAnswer, RawScript, RawStatement, Value};
use serde_json::{Value as Json, json};

use super::answer::SqlAnswer;
use super::guard::defines;
use super::place::placed;
use super::plan::{Planned, objects_changes, plan};

/// So many rows one answer may have.
const ROWS: usize = 100_000;
/// So much one answer may hold, in bytes.
const BYTES: usize = 64 * 1024 * 1024;
/// So long one text may run.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A text of SQL.
#[derive(Clone, Debug, Default)]
pub struct SqlRequest {
    /// The statements.
    pub query: String,
    /// The parameters of a single statement.
    pub params: Vec<Json>,
    /// Whether the plan is wanted instead of the rows.
    pub explain: bool,
    /// Whether it runs with the owner's rights.
    pub unrestricted: bool,
}

/// Raw SQL. Every verb is the administrator's: whoever calls it has checked that.
#[derive(Clone)]
pub struct Sql {
    schema: Schema,
}

impl Sql {
    pub(crate) fn new(schema: Schema) -> Self {
        Self { schema }
    }

    /// The database that answers: `sqlite` or `postgres`.
    pub fn database(&self) -> &'static str {
        match self.schema.library.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
        }
    }

    /// Runs a text: everything of it, or nothing.
    ///
    /// # Errors
    /// `workbench.sql_refused` for what may not be said; the database's, 42601 for what does not parse; SQLSTATE 54000
    /// for an answer above 100,000 rows or 64 MB, 57014 after 30 s.
    pub async fn run(&self, request: &SqlRequest) -> Result<SqlAnswer> {
        let given = request.params.iter().map(parameter).collect();
        let access = access(request.unrestricted);
        if request.explain {
            return self.explain(&request.query, given, access).await;
        }
        if access == RawAccess::Strict
            && let Some(changes) = objects_changes(&self.schema, &request.query, &given)?
        {
            self.schema.policies.change_objects(&changes).await?;
            return Ok(SqlAnswer::of_several());
        }
        let planned = plan(&self.schema, access == RawAccess::Strict, &request.query, given)?;
        let done = self.script(&planned.script, access, planned.reads, true).await;
        let answers = done.map_err(|error| placed(error, &request.query, &planned))?;
        if !planned.reads {
            self.schema.library.refresh().await?;
        }
        Ok(match planned.written.as_slice() {
            [only] => {
                let defines = defines(only);
                let own = planned.answers[0].and_then(|at| answers.into_iter().nth(at));
                let own = own.filter(|_| !defines).unwrap_or(RawAnswer {
                    fields: Vec::new(),
                    rows: Vec::new(),
                    affected: 0,
                });
                SqlAnswer::of(own, defines)
            }
            _ => SqlAnswer::of_several(),
        })
    }

    /// The plan of one `SELECT`; what running it changed is rolled back.
    async fn explain(&self, query: &str, given: Params, access: RawAccess) -> Result<SqlAnswer> {
        let mut planned = plan(&self.schema, access == RawAccess::Strict, query, given)?;
        let is_select = |word: &str| planned.written[0].tokens[0].is(word);
        if planned.written.len() != 1 || !(is_select("select") || is_select("with") || is_select("values")) {
            return Err(Error::invalid("explain", "Only a single SELECT can be explained"));
        }
        let at = planned.answers[0].unwrap_or_default();
        let postgres = self.schema.library.dialect() == Dialect::Postgres;
        let prefix = if postgres {
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
        } else {
            "EXPLAIN QUERY PLAN"
        };
        let explained = &mut planned.script[at].sql;
        *explained = format!("{prefix} {explained}");
        let done = self.script(&planned.script, access, !postgres, false).await;
        let answers = done.map_err(|error| placed(error, query, &planned))?;
        let answer = answers
            .into_iter()
            .nth(at)
            .ok_or_else(|| Error::internal("no plan"))?;
        if postgres {
            return Ok(SqlAnswer::of(answer, false));
        }
        let steps: Vec<Json> = answer
            .rows
            .iter()
            .filter_map(|row| row.get("detail").map(|detail| super::shown(25, detail)))
            .collect();
        let row = json!({ "QUERY PLAN": [{ "Plan": { "Node Type": "SQLite", "Steps": steps } }] });
        Ok(SqlAnswer {
            rows: row.as_object().cloned().into_iter().collect(),
            count: Some(1),
            fields: Some(vec![busbar_store::RawField {
                name: "QUERY PLAN".to_owned(),
                type_id: 114,
            }]),
        })
    }

    /// Runs statements that are planned.
    pub(crate) async fn script(
        &self,
        statements: &[RawStatement],
        access: RawAccess,
        reads: bool,
        keep: bool,
    ) -> Result<Vec<RawAnswer>> {
        let statements = statements.to_vec();
        self.script_within(statements, access, reads, keep, TIME_LIMIT)
            .await
    }

    /// The same within another time.
    pub(crate) async fn script_within(
        &self,
        statements: Vec<RawStatement>,
        access: RawAccess,
        reads: bool,
        keep: bool,
        time_limit: Duration,
    ) -> Result<Vec<RawAnswer>> {
        let script = RawScript {
            statements,
            access,
            reads,
            keep,
            rows: ROWS,
            bytes: BYTES,
            time_limit,
        };
        self.schema.library.db.raw(script).await
    }

    /// Runs a text and undoes it; the answer is why it would fail.
    pub(crate) async fn rehearse(&self, text: &str, planned: &Planned) -> Result<Option<Error>> {
        let tried = self
            .script(&planned.script, RawAccess::Strict, planned.reads, false)
            .await;
        match tried {
            Ok(_) => Ok(None),
            Err(error) if error.kind() == busbar_kernel::Kind::Internal => Err(error),
            Err(error) => Ok(Some(placed(error, text, planned))),
        }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }
}

fn access(unrestricted: bool) -> RawAccess {
    if unrestricted {
        RawAccess::Owner
    } else {
        RawAccess::Strict
    }
}

/// A parameter as JSON has it; lists become PostgreSQL's arrays.
fn parameter(given: &Json) -> Value {
    match given {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => number.as_f64().map_or(Value::Null, Value::Float),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(members) => Value::Text(array(members)),
        Json::Object(_) => Value::Json(given.to_string()),
    }
}

fn array(members: &[Json]) -> String {
    let member = |member: &Json| match member {
        Json::Null => "NULL".to_owned(),
        Json::Array(inner) => array(inner),
        Json::String(text) => quoted(text),
        Json::Object(_) => quoted(&member.to_string()),
        other => other.to_string(),
    };
    let members: Vec<String> = members.iter().map(member).collect();
    format!("{{{}}}", members.join(","))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_taken_as_json_has_them() {
        assert_eq!(parameter(&json!(7)), Value::Int(7));
        assert_eq!(parameter(&json!({"a": 1})), Value::Json("{\"a\":1}".into()));
        assert_eq!(
            parameter(&json!(["a\"b", null, 1])),
            Value::Text("{\"a\\\"b\",NULL,1}".into())
        );
    }
}
