//! JSON rows out of PostgreSQL: one flight while small, a second transaction that streams when not.

use busbar_kernel::{Error, Result};
use bytes::{Bytes, BytesMut};
use futures_util::stream::poll_fn;
use futures_util::{StreamExt, TryStreamExt};
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;

use super::error::{self, Trouble};
use super::flight::{self, Answer, Message};
use super::frame::{self, Frame, View};
use super::handle::{Handle, ended, timely, too_long};
use super::pool::Lease;
use super::turns::in_turn;
use crate::json::{JsonBody, JsonQuery, JsonRows, PIECE, PIECES_WAITING};
use crate::sql::Ready;
use crate::{Session, Sql, StepRows, Value, sqlstate};

struct ReadyJson {
    rows: Ready,
    total: Option<Ready>,
    page_count: Ready,
    after: Option<Ready>,
}

/// Answers a JSON query.
pub(super) async fn run(handle: &Handle, session: &Session, query: JsonQuery) -> Result<JsonRows> {
    let query = ready(handle, query)?;
    let view = if query.total.is_some() {
        View::Snapshot
    } else {
        View::Read
    };
    let (pool, frame) = handle.framed(session, view)?;
    let turn = handle.turn(session, &frame, &query.rows).await?;
    let mut lease = pool.lease().await?;
    let small = timely(session.time_limit, async {
        match small(&mut lease, &frame, &query).await {
            Err(trouble) if trouble.is_stale_statement() => {
                lease.forget();
                small(&mut lease, &frame, &query).await
            }
            done => done,
        }
    });
    let done = in_turn(turn, small).await;
    if let Some(Ok(None)) = done {
        // What is still on its way is not wanted: the page is streamed in a snapshot of its own.
        lease.cancel();
        return stream(handle, session, query).await;
    }
    let rows = ended(lease, done)?;
    rows.ok_or_else(|| Error::internal("a small answer is whole"))
}

fn ready(handle: &Handle, query: JsonQuery) -> Result<ReadyJson> {
    let rows = handle.kept(&query.sql, query.params)?;
    let counted =
        |count: Option<(Sql, Vec<Value>)>| count.map(|(sql, params)| handle.kept(&sql, params)).transpose();
    let page_count = match counted(query.page_count)? {
        Some(count) => count,
        None => {
            let sql = query.sql.trim_end().trim_end_matches(';');
            handle.ready(
                &format!("SELECT count(*) FROM ({sql}) AS counted"),
                rows.params.clone(),
            )?
        }
    };
    Ok(ReadyJson {
        total: counted(query.total)?,
        after: counted(query.after)?,
        rows,
        page_count,
    })
}

/// The whole answer, or `None` when it does not fit into one buffer.
async fn small(lease: &mut Lease, frame: &Frame, query: &ReadyJson) -> Result<Option<JsonRows>, Trouble> {
    lease.unsettle();
    let done = try_small(lease, frame, query).await;
    match &done {
        Ok(Some(_)) => lease.settle(),
        Ok(None) => {}
        Err(_) => frame.roll_back(lease).await,
    }
    done
}

async fn try_small(lease: &mut Lease, frame: &Frame, query: &ReadyJson) -> Result<Option<JsonRows>, Trouble> {
    let mut messages = frame.opening(lease).await?;
    let wanted = query.total.iter().chain([&query.rows]).chain(&query.after);
    if wanted
        .clone()
        .any(|ready| lease.known(&frame.place, &ready.text).is_none())
    {
        frame.land(lease, std::mem::take(&mut messages)).await?;
        for ready in wanted {
            lease.text(&frame.place, &ready.text).await?;
        }
    }
    if let Some(total) = &query.total {
        messages.push(Message::Rows(
            lease.text(&frame.place, &total.text).await?,
            &total.params,
        ));
    }
    messages.push(Message::Json(
        lease.text(&frame.place, &query.rows.text).await?,
        &query.rows.params,
    ));
    if let Some(after) = &query.after {
        messages.push(Message::Rows(
            lease.text(&frame.place, &after.text).await?,
            &after.params,
        ));
    }
    messages.push(frame.closing());
    let mut total = None;
    let mut after = None;
    let mut found = None;
    for answer in frame.land(lease, messages).await? {
        match answer {
            Answer::Rows(rows) if found.is_some() => after = Some(rows),
            Answer::Rows(rows) if query.total.is_some() => total = Some(rows),
            Answer::Rows(_) | Answer::Simple => {}
            Answer::TooLarge => return Ok(None),
            Answer::Json { buffer, rows } => found = Some((buffer, rows)),
        }
    }
    let (mut buffer, rows) = found.ok_or_else(|| Error::internal("a JSON query gave no answer"))?;
    buffer.extend_from_slice(if rows == 0 { b"[]" } else { b"]" });
    Ok(Some(JsonRows {
        rows,
        // The opening's row comes first; the total's overwrites it.
        total: total.map(|rows| count(&rows)).transpose()?,
        after,
        body: JsonBody::Whole(buffer.freeze()),
    }))
}

fn count(rows: &StepRows) -> Result<u64> {
    match rows.rows.first().and_then(|row| row.value(0)) {
        Some(Value::Int(count)) => Ok(u64::try_from(*count).unwrap_or(0)),
        _ => Err(Error::internal("a count yields one whole number")),
    }
}

/// A large answer, in pieces and constant memory.
async fn stream(handle: &Handle, session: &Session, query: ReadyJson) -> Result<JsonRows> {
    let (pool, frame) = handle.framed(session, View::Snapshot)?;
    // Only while the database counts: rows leave as slowly as somebody receives them.
    let turn = handle.turn(session, &frame, &query.rows).await?;
    let mut lease = pool.lease().await?;
    let counting = timely(session.time_limit, async {
        frame.begin(&mut lease).await?;
        let total = match &query.total {
            Some(total) => Some(count(&frame::single(&mut lease, &frame, total).await?)?),
            None => None,
        };
        let rows = count(&frame::single(&mut lease, &frame, &query.page_count).await?)?;
        let after = match &query.after {
            Some(after) => Some(frame::single(&mut lease, &frame, after).await?),
            None => None,
        };
        Ok::<_, Trouble>((rows, total, after))
    });
    let counted = in_turn(turn, counting).await;
    if let Some(Err(_)) = counted {
        frame.roll_back(&mut lease).await;
    }
    let Some(counted) = counted else {
        lease.cancel();
        return Err(too_long());
    };
    let (rows, total, after) = counted?;
    let (sender, mut receiver) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(feed(lease, frame, query.rows, session.time_limit, sender));
    let body = JsonBody::Stream(poll_fn(move |context| receiver.poll_recv(context)).boxed());
    Ok(JsonRows {
        rows,
        total,
        after,
        body,
    })
}

async fn feed(
    mut lease: Lease,
    frame: Frame,
    rows: Ready,
    limit: Duration,
    pieces: mpsc::Sender<Result<Bytes>>,
) {
    let fed = timely(limit, produce(&mut lease, &frame, &rows, &pieces)).await;
    let failure = match fed {
        Some(Ok(())) => match frame.commit(&mut lease).await {
            Ok(()) => return,
            Err(trouble) => trouble.into(),
        },
        Some(Err(trouble)) => {
            frame.roll_back(&mut lease).await;
            trouble.into()
        }
        None => {
            lease.cancel();
            sqlstate::error("57014", "canceling statement due to a slow receiver")
        }
    };
    // Waits for room without end: the receiver either takes it or goes away.
    let _ = pieces.send(Err(failure)).await;
}

async fn produce(
    lease: &mut Lease,
    frame: &Frame,
    rows: &Ready,
    pieces: &mpsc::Sender<Result<Bytes>>,
) -> Result<(), Trouble> {
    let text = lease.text(&frame.place, &rows.text).await?;
    let stream = flight::start(&lease.client, &text, &rows.params).await?;
    let mut stream = pin!(stream);
    let mut buffer = BytesMut::with_capacity(PIECE);
    let mut first = true;
    let gone = |_| Error::internal("the receiver went away");
    while let Some(row) = stream.try_next().await? {
        flight::append(&mut buffer, first, &row).map_err(error::map)?;
        first = false;
        if buffer.len() >= PIECE {
            pieces.send(Ok(buffer.split().freeze())).await.map_err(gone)?;
        }
    }
    buffer.extend_from_slice(if first { b"[]" } else { b"]" });
    pieces.send(Ok(buffer.freeze())).await.map_err(gone)?;
    Ok(())
}
