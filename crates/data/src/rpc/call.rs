//! A call: one statement that runs the function once, however much is asked of its rows.

use std::borrow::Cow;
use std::sync::Arc;

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{Catalogue, ColumnType, Returns, Routine, Security, Table};
use busbar_schema::literal::{canonical, check_depth};
use busbar_schema::quote::quoted;
use busbar_store::{Dialect, Step, StepRows, Value};
use bytes::Bytes;

use super::arguments::{Arguments, Given, arguments, whole_body};
use super::resolve::{Taking, Wanted, resolve};
use crate::caller::Profile;
use crate::functions::quote;
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
    let session = run.undone_as_asked(run.session(read_only));
    let done = run.db.batch_as(&session, vec![step, settings]).await?;
    answer(&run, &routine, &done, &outputs)
}

/// What is passed, as one parameter of the statement.
struct Passed {
    value: Option<Value>,
    /// The parameters that are given, by their place in the function.
    places: Vec<usize>,
    whole: bool,
}

impl Passed {
    fn whole(routine: &Routine, body: &Bytes) -> Result<Self> {
        let declared = routine
            .parameters
            .first()
            .map_or("", |only| only.declared.as_str());
        let text = || {
            std::str::from_utf8(body).map(str::to_owned).map_err(|_| {
                pgrst("PGRST102", "Empty or invalid json").details("The body is not valid UTF-8")
            })
        };
        let value = match declared {
            "bytea" => Value::Bytes(body.to_vec()),
            "json" | "jsonb" => {
                let text = text()?;
                canonical(ColumnType::Json, &text)?;
                Value::Json(text)
            }
            _ => Value::Text(text()?),
        };
        Ok(Self {
            value: Some(value),
            places: vec![0],
            whole: true,
        })
    }

    /// The arguments as one JSON object, which PostgreSQL reads by the parameters' types.
    fn named(routine: &Routine, given: &Arguments<'_>) -> Result<Self> {
        let Arguments::Named(named) = given else {
            return Err(Error::internal(
                "a function with names was chosen for a call without",
            ));
        };
        let mut document = String::from("{");
        let mut places = Vec::new();
        for (name, value) in named {
            let found = routine
                .parameters
                .iter()
                .position(|parameter| parameter.name == *name);
            let Some(place) = found else { continue };
            let parameter = &routine.parameters[place];
            document.push_str(if places.is_empty() { "" } else { "," });
            places.push(place);
            quote(name, &mut document);
            document.push(':');
            match value {
                Given::Json(raw) => {
                    check_depth(raw)?;
                    document.push_str(raw);
                }
                Given::Texts(texts) => {
                    push_texts(&mut document, texts, parameter.variadic, &parameter.declared)?
                }
            }
        }
        document.push('}');
        Ok(Self {
            value: (!places.is_empty()).then_some(Value::Json(document)),
            places,
            whole: false,
        })
    }

    /// The common table expressions that read the argument and run the function, ending with its rows as the
    /// function's own name.
    fn sql(&self, routine: &Routine, slot: &str) -> String {
        let name = quoted(&routine.name);
        let function = format!("{}.{name}", quoted(&routine.schema));
        let columns = match &routine.returns {
            Returns::Row(_) => String::new(),
            Returns::Scalar(_) | Returns::Void => "(\"_v\")".to_owned(),
        };
        if self.whole {
            let declared = routine
                .parameters
                .first()
                .map_or("text", |only| only.declared.as_str());
            return format!(
                "{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM {function}({slot}::{declared}) AS \"_f\")"
            );
        }
        if self.places.is_empty() {
            return format!("{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM {function}() AS \"_f\")");
        }
        let parameters: Vec<_> = self
            .places
            .iter()
            .map(|&place| &routine.parameters[place])
            .collect();
        let definitions: Vec<String> = parameters
            .iter()
            .map(|parameter| format!("{} {}", quoted(&parameter.name), parameter.declared))
            .collect();
        let passed: Vec<String> = parameters
            .iter()
            .map(|parameter| {
                let word = if parameter.variadic { "VARIADIC " } else { "" };
                format!("{word}{0} := \"_a\".{0}", quoted(&parameter.name))
            })
            .collect();
        format!(
            "{name}{columns} AS MATERIALIZED (SELECT \"_f\".* FROM json_to_record({slot}::json) AS \"_a\"({}), \
             LATERAL {function}({}) AS \"_f\")",
            definitions.join(", "),
            passed.join(", ")
        )
    }
}

/// Texts become JSON that the parameter's type reads: a document as it is, anything else as a string.
fn push_texts(document: &mut String, texts: &[Cow<'_, str>], variadic: bool, declared: &str) -> Result<()> {
    let kind = ColumnType::of(declared);
    let last = texts.last().map_or("", |text| text.as_ref());
    if variadic && !last.starts_with('{') {
        document.push('[');
        for (index, text) in texts.iter().enumerate() {
            document.push_str(if index > 0 { "," } else { "" });
            quote(text, document);
        }
        document.push(']');
    } else if kind.is_json() {
        canonical(kind, last)?;
        document.push_str(last);
    } else {
        quote(last, document);
    }
    Ok(())
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
        sql,
        slots: Vec::new(),
    }
}

fn count_of(table: &Table) -> Statement {
    Statement {
        sql: format!("SELECT count(*) FROM {}", quoted(&table.name)),
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
