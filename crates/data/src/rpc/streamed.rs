//! The rows of a function that only reads, in constant memory: they are read as a table's are.

use busbar_kernel::Result;
use busbar_schema::catalogue::{Returns, Routine};
use busbar_store::JsonQuery;

use super::call::session_of;
use super::passed::Passed;
use crate::grammar::Shape;
use crate::records::{Method, RecordAnswer, Run, SETTINGS, apply_own};
use crate::render::{Output, Statement};

/// Whether an answer need not be held: it is a list, and nothing has to be known of it before it leaves.
pub(super) fn may_be(run: &Run<'_>, routine: &Routine) -> bool {
    routine.set
        && matches!(routine.returns, Returns::Row(_))
        && run.request.method != Method::Head
        && !matches!(run.accept.shape, Shape::Singular | Shape::Plan(_))
        && run.prefer.returning.is_none()
        && run.prefer.limit_affected().is_none()
}

/// Answers a call by the statements for its rows and for their number. The function runs again for the number, and
/// for the page's own where the answer is a large one: all in one snapshot.
pub(super) async fn answer(
    run: &Run<'_>,
    routine: &Routine,
    passed: &Passed,
    (rows, total): (&Statement, &Statement),
    outputs: &[Output],
) -> Result<RecordAnswer> {
    let literals = run.literals();
    let inputs = run.inputs(&literals);
    let calling = |statement: &Statement| {
        let mut params = inputs.params(statement, &mut [], None)?;
        let called = passed.sql(routine, &format!("${}", params.len() + 1));
        params.extend(passed.value.clone());
        Ok::<_, busbar_kernel::Error>((format!("WITH {called} {}", statement.sql).into(), params))
    };
    let (sql, params) = calling(rows)?;
    let query = JsonQuery {
        sql,
        params,
        total: run.prefer.count.map(|_| calling(total)).transpose()?,
        after: Some((SETTINGS.into(), Vec::new())),
        ..JsonQuery::default()
    };
    let found = run.db.json(&session_of(run, routine, true), query).await?;
    let body = run.shaped(found.body, outputs).await?;
    let mut answer = run.read_answer(found.rows, found.total, body)?;
    answer.headers.retain(|(name, _)| *name != "Content-Location");
    match &found.after {
        Some(said) => apply_own(answer, said),
        None => Ok(answer),
    }
}
