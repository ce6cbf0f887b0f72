//! A call: one statement that runs the function once, however much is asked of its rows.

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_schema::catalogue::{Catalogue, Returns, Routine, Security, Table};
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Session, Step, StepRows, Value};
use bytes::Bytes;

use super::arguments::{arguments, whole_body};
use super::passed::Passed;
use super::resolve::{Taking, Wanted, resolve};
use super::{media, streamed};
use crate::caller::Profile;
use crate::grammar::{Query, Return, Shape};
use crate::records::{Call, Method, RecordAnswer, RecordBody, SETTINGS, Timing, apply_own};
use crate::refusal::{only_postgres, pgrst};
use crate::render::{Output, Statement};

/// What SQLite lacks, as its refusal says it.
pub(crate) const FEATURE: &str = "calling functions of the database";

/// Answers a call.
///
/// # Errors
/// `PGRST202` and `PGRST203` when no or several functions fit, 0A000 on SQLite, and whatever the function raises.
pub(crate) async fn call(call: Call<'_>) -> Result<RecordAnswer> {
    if call.dialect() == Dialect::Sqlite {
        return Err(only_postgres(FEATURE));
    }
    let request = call.request;
    if !matches!(request.method, Method::Get | Method::Head | Method::Post) {
        return Err(pgrst(
            "PGRST101",
            format!("Cannot use the {} method on RPC", request.method.name()),
        ));
    }
    let whole = whole_body(request.headers.content_type).unwrap_or_default();
    let (given, filters) = arguments(request, call.profile)?;
    let mut query = Query::parse(&filters)?;
    let schema = call.schema(&mut query)?;
    call.catalogue.exposed(&schema)?;
    let (routine, taking) = resolve(
        &call.catalogue,
        &Wanted {
            schema: &schema,
            name: request.table,
            arguments: &given,
            method: request.method,
            whole,
            single_object: call.prefer.single_object,
        },
    )?;
    let passed = match taking {
        Taking::Whole => Passed::whole(&routine, &request.body)?,
        Taking::Named => Passed::named(&routine, &given)?,
    };
    let mut call = call;
    if let Some(media) = media::chosen(&routine, call.request.headers.accept, &mut call.accept) {
        let table = Arc::new(table_of(&call.catalogue, &routine));
        let run = call.run(query, table, schema.clone())?;
        return media::answer(&run, &routine, &passed, media).await;
    }
    let table = Arc::new(table_of(&call.catalogue, &routine));
    let run = call.run(query, table, schema.clone())?;
    let read_only = request.method != Method::Post || !routine.volatile;
    let counts = run.prefer.count.is_some();
    let (rows, total, outputs) = if matches!(routine.returns, Returns::Row(_)) {
        Timing::planning(run.timing, || run.rendered())?
    } else {
        let void = matches!(routine.returns, Returns::Void);
        (
            values_of(&run.table, void, &run.window),
            count_of(&run.table),
            Vec::new(),
        )
    };
    if read_only && streamed::may_be(&run, &routine) {
        return streamed::answer(&run, &routine, &passed, (&rows, &total), &outputs).await;
    }
    let literals = run.literals();
    let inputs = run.inputs(&literals);
    let mut params = inputs.params(&rows, &mut [], None)?;
    let mut sql = String::from("WITH ");
    let body_at = |count: usize| format!("${}", count + 1);
    let mut first = params.len();
    let total_sql = if counts {
        let shifted = shifted(&total.sql, first);
        params.extend(inputs.params(&total, &mut [], None)?);
        first = params.len();
        format!("({shifted})::int8")
    } else {
        "NULL::int8".to_owned()
    };
    sql.push_str(&passed.sql(&routine, &body_at(first)));
    params.extend(passed.value);
    sql.push_str(&format!(
        " SELECT NULL::text AS \"_j\", {total_sql} AS \"_n\", NULL::text AS \"_status\", NULL::text AS \"_headers\" \
         UNION ALL SELECT \"_r\".\"_j\", NULL, NULL, NULL FROM ({}) AS \"_r\"(\"_j\")",
        rows.sql
    ));
    let settings = Step::new(SETTINGS, Vec::new());
    let mut step = Step::new(sql, params);
    let singular = run.accept.shape == Shape::Singular && routine.set;
    let most = run.prefer.limit_affected();
    if most.is_some() && !(routine.set && matches!(routine.returns, Returns::Row(_))) {
        return Err(pgrst(
            "PGRST128",
            "Function must return SETOF or TABLE when max-affected preference is used with handling=strict",
        ));
    }
    step = step.check(move |rows| {
        let found = rows.rows.len().saturating_sub(1) as u64;
        if singular && found != 1 {
            return Err(crate::records::not_singular(found));
        }
        match most {
            Some(most) if found > most => Err(crate::records::too_many(found)),
            _ => Ok(()),
        }
    });
    let session = run.undone_as_asked(session_of(&run, &routine, read_only));
    let done = run.db.batch_as(&session, vec![step, settings]).await?;
    answer(&run, &routine, &done, &outputs)
}

/// The session of a call: what the function says of its own time comes after what we say of it.
pub(super) fn session_of(run: &crate::records::Run<'_>, routine: &Routine, read_only: bool) -> Session {
    let mut session = run.session(read_only);
    let own = routine.time_limit.iter();
    session
        .settings
        .extend(own.map(|limit| ("statement_timeout".to_owned(), limit.clone())));
    session
}

/// The function's rows as a table that filters, `select` and `order` can speak of.
fn table_of(catalogue: &Catalogue, routine: &Routine) -> Table {
    let columns = match &routine.returns {
        Returns::Row(columns) => columns.clone(),
        Returns::Scalar(_) | Returns::Void => Vec::new(),
    };
    let of = routine
        .rows_of
        .as_ref()
        .and_then(|(schema, name)| catalogue.table(schema, name).ok());
    Table {
        computed_fields: of.map_or_else(Vec::new, |table| table.computed_fields.clone()),
        rows_of: routine.rows_of.clone(),
        schema: String::new(),
        name: routine.name.clone(),
        is_view: true,
        columns,
        primary_key: Vec::new(),
        unique: Vec::new(),
        foreign_keys: Vec::new(),
        constraints: Default::default(),
        security: Security::Native { enabled: false },
        stamped: None,
        written_to: None,
        shown_by: None,
        row_ids: true,
    }
}

/// Scalars as JSON, in the window; it is written as numbers, for they are checked ones.
fn values_of(table: &Table, void: bool, window: &crate::grammar::Window) -> Statement {
    let value = if void { "NULL" } else { "to_json(\"_v\")" };
    let mut sql = format!("SELECT {value}::text FROM {}", quoted(&table.name));
    if let Some(limit) = window.limit {
        sql.push_str(&format!(" LIMIT {limit}"));
    }
    if window.offset > 0 {
        sql.push_str(&format!(" OFFSET {}", window.offset));
    }
    Statement {
        sql: sql.into(),
        slots: Vec::new(),
    }
}

fn count_of(table: &Table) -> Statement {
    Statement {
        sql: format!("SELECT count(*) FROM {}", quoted(&table.name)).into(),
        slots: Vec::new(),
    }
}

/// The same statement with the numbers of its parameters moved up.
fn shifted(sql: &str, by: usize) -> String {
    let mut moved = String::with_capacity(sql.len() + 16);
    let mut characters = sql.chars().peekable();
    let mut quote = None;
    while let Some(c) = characters.next() {
        moved.push(c);
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '$') => {
                let mut number = 0usize;
                let mut digits = false;
                while let Some(digit) = characters.peek().and_then(|c| c.to_digit(10)) {
                    characters.next();
                    digits = true;
                    number = number * 10 + digit as usize;
                }
                if digits {
                    moved.push_str(&(number + by).to_string());
                }
            }
            _ => {}
        }
    }
    moved
}

fn answer(
    run: &crate::records::Run<'_>,
    routine: &Routine,
    done: &[StepRows],
    outputs: &[Output],
) -> Result<RecordAnswer> {
    let found = done.first().map_or(&[][..], |step| step.rows.as_slice());
    let total: Option<u64> = match found.first().and_then(|row| row.value(1)) {
        Some(Value::Int(total)) => u64::try_from(*total).ok(),
        _ => None,
    };
    let rows: Vec<&str> = found
        .iter()
        .skip(1)
        .map(|row| row.text(0).unwrap_or("null"))
        .collect();
    let answer = if matches!(routine.returns, Returns::Void) {
        RecordAnswer {
            status: 204,
            headers: Vec::new(),
            further: Vec::new(),
            body: RecordBody::Empty,
        }
    } else {
        with_rows(run, routine, &rows, total, outputs)?
    };
    match done.get(1) {
        Some(said) => apply_own(answer, said),
        None => Ok(answer),
    }
}

fn with_rows(
    run: &crate::records::Run<'_>,
    routine: &Routine,
    rows: &[&str],
    total: Option<u64>,
    outputs: &[Output],
) -> Result<RecordAnswer> {
    let many = routine.set;
    let mut answer = run.read_answer(rows.len() as u64, total, RecordBody::Empty)?;
    answer.headers.retain(|(name, _)| *name != "Content-Location");
    let minimal = run.prefer.returning == Some(Return::Minimal);
    let text = match (run.accept.shape, many) {
        (Shape::Csv, _) => {
            let kinds = outputs.iter().map(|output| (output.key.clone(), output.kind));
            let array = format!("[{}]", rows.join(","));
            answer.body = RecordBody::Whole(crate::records::csv_whole(kinds.collect(), array.as_bytes())?);
            return Ok(answer);
        }
        (Shape::GeoJson, _) => {
            answer.body = RecordBody::Whole(crate::records::collection(
                format!("[{}]", rows.join(",")).as_bytes(),
            ));
            return Ok(answer);
        }
        (Shape::Array, true) => format!("[{}]", rows.join(",")),
        _ => rows.first().copied().unwrap_or("null").to_owned(),
    };
    let head = run.request.method == Method::Head || (minimal && run.profile == Profile::Postgrest);
    answer.body = if head {
        RecordBody::Empty
    } else {
        RecordBody::Whole(Bytes::from(text))
    };
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_parameters_move_but_not_inside_quotes() {
        assert_eq!(
            shifted("SELECT '$1', \"$2\", $1, $12", 3),
            "SELECT '$1', \"$2\", $4, $15"
        );
    }
}
