//! People's own statements on PostgreSQL: as `project_admin` on the request login, or as the owner.

use std::pin::pin;
use std::sync::Arc;

use busbar_kernel::Result;
use futures_util::TryStreamExt;

use super::decode::Column;
use super::encode::Parameter;
use super::error::{self, Trouble};
use super::frame::{self, Frame, View};
use super::handle::{Handle, ended, timely};
use super::pool::Lease;
use crate::raw::{REWRITTEN, RawAccess, RawAnswer, RawField, RawScript, too_much, weight};
use crate::{Params, Row, Session};

impl Handle {
    /// Runs a script in one transaction. Its connection is not used again: people's statements may have left anything
    /// in its session.
    pub(crate) async fn raw(&self, script: RawScript) -> Result<Vec<RawAnswer>> {
        let session = Session {
            role: (script.access == RawAccess::Strict).then(|| "project_admin".to_owned()),
            schema: (script.access == RawAccess::Owner).then(|| self.schema.to_string()),
            read_only: script.reads,
            time_limit: script.time_limit,
            ..Session::owner()
        };
        let work = script.ready(&self.resolver)?;
        let texts: Vec<(&str, &Params)> = work
            .iter()
            .map(|ready| (ready.text.sql.as_str(), &ready.params))
            .collect();
        let (pool, frame) = self.framed(&session, View::Write)?;
        let mut lease = pool.lease().await?;
        let done = timely(script.time_limit, all(&mut lease, &frame, &script, &texts)).await;
        lease.unsettle();
        ended(lease, done)
    }
}

async fn all(
    lease: &mut Lease,
    frame: &Frame,
    script: &RawScript,
    texts: &[(&str, &Params)],
) -> Result<Vec<RawAnswer>, Trouble> {
    frame.begin(lease).await?;
    let mut left = script.bytes;
    let mut answers = Vec::with_capacity(texts.len());
    for (at, ((sql, params), statement)) in texts.iter().zip(&script.statements).enumerate() {
        let answered = answer(lease, sql, params, script.rows, &mut left).await;
        let answer = answered.map_err(|trouble| {
            let error = RawScript::failed(trouble.into(), at);
            match *sql == statement.sql {
                true => error,
                false => error.with(REWRITTEN, ""),
            }
        })?;
        statement.verify(&answer)?;
        if let Some(then) = &statement.then {
            frame::run_made(lease, &then.made(&answer.rows)?).await?;
        }
        answers.push(answer);
    }
    if script.keep {
        frame.commit(lease).await?;
    } else {
        frame.roll_back(lease).await;
    }
    Ok(answers)
}

async fn answer(
    lease: &Lease,
    sql: &str,
    params: &Params,
    most: usize,
    left: &mut usize,
) -> Result<RawAnswer, Trouble> {
    let (prepared, fields) = prepared(lease, sql, params).await?;
    let names: Arc<[String]> = fields.iter().map(|field| field.name.clone()).collect();
    let stream = lease
        .client
        .query_raw(&prepared, params.iter().map(Parameter))
        .await?;
    let mut stream = pin!(stream);
    let mut rows = Vec::new();
    while let Some(found) = stream.try_next().await? {
        if rows.len() >= most {
            return Err(too_much(&format!("{most} rows")).into());
        }
        let row = row(&found, &names)?;
        *left = left
            .checked_sub(weight(&row))
            .ok_or_else(|| too_much("may be held at once"))?;
        rows.push(row);
    }
    Ok(RawAnswer {
        fields,
        rows,
        affected: stream.rows_affected().unwrap_or(0),
    })
}

/// A statement made ready, and the columns it will answer.
pub(super) async fn prepared(
    lease: &Lease,
    sql: &str,
    params: &Params,
) -> Result<(tokio_postgres::Statement, Vec<RawField>), Trouble> {
    let prepared = lease.client.prepare(sql).await?;
    if prepared.params().len() != params.len() {
        let text = format!(
            "the statement has {} parameters and {} were given",
            prepared.params().len(),
            params.len()
        );
        return Err(crate::sqlstate::error("08P01", text).into());
    }
    let field = |column: &tokio_postgres::Column| RawField {
        name: column.name().to_owned(),
        type_id: column.type_().oid(),
    };
    let fields = prepared.columns().iter().map(field).collect();
    Ok((prepared, fields))
}

/// A row as it came.
pub(super) fn row(found: &tokio_postgres::Row, names: &Arc<[String]>) -> Result<Row> {
    let values = (0..found.len())
        .map(|index| found.try_get(index).map(|Column(value)| value))
        .collect::<Result<_, _>>()
        .map_err(error::map)?;
    Ok(Row::new(names.clone(), values))
}
