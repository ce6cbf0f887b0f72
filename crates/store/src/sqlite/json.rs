//! JSON rows out of SQLite: one buffer while small, a stream in constant memory when not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use busbar_kernel::{Error, Result};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::poll_fn;
use rusqlite::types::ValueRef;
use tokio::sync::{mpsc, oneshot};

use super::connection::Conn;
use super::file::lock;
use super::readers::Readers;
use super::statement::{self, Trouble};
use crate::json::{JsonBody, JsonRows, PIECE, PIECES_WAITING, WHOLE_LIMIT};
use crate::sql::Ready;
use crate::sqlstate;

/// A [`JsonQuery`](crate::JsonQuery) with its texts resolved.
pub(super) struct ReadyJson {
    pub(super) rows: Ready,
    pub(super) total: Option<Ready>,
    pub(super) page_count: Ready,
}

type Reply = oneshot::Sender<Result<JsonRows>>;

/// Answers a bounded look-up on the calling thread; `None` when it proves larger than promised.
pub(super) fn inline(connection: &Conn, query: &ReadyJson) -> Result<Option<JsonRows>> {
    let mut buffer = BytesMut::with_capacity(512);
    let step = |trouble: Trouble| trouble.mapped(connection, &query.rows.text.sql);
    let mut rows = 0;
    let fits = each(connection, &query.rows, |text| {
        append(&mut buffer, rows, text);
        rows += 1;
        Ok(buffer.len() < WHOLE_LIMIT)
    })
    .map_err(step)?;
    if !fits {
        return Ok(None);
    }
    Ok(Some(whole(buffer, rows, None)))
}

/// Answers any read on a reading thread: `reply` gets the rows, or a stream that this thread then feeds.
pub(super) fn run(connection: &Conn, query: &ReadyJson, readers: &Readers, limit: Duration, reply: Reply) {
    let mut answer = Answer {
        buffer: BytesMut::with_capacity(4096),
        rows: 0,
        total: None,
        reply: Some(reply),
        stream: None,
        failure: Arc::default(),
        deadline: limit,
    };
    let done = answer.produce(connection, query, readers);
    answer.finish(done);
}

struct Answer {
    buffer: BytesMut,
    rows: u64,
    total: Option<u64>,
    reply: Option<Reply>,
    stream: Option<mpsc::Sender<Result<Bytes>>>,
    /// What ended the stream early: told after its last piece, however full the channel is.
    failure: Arc<Mutex<Option<Error>>>,
    deadline: Duration,
}

impl Answer {
    fn produce(&mut self, connection: &Conn, query: &ReadyJson, readers: &Readers) -> Result<()> {
        connection.control("BEGIN")?;
        if let Some(total) = &query.total {
            self.total = Some(statement::count(connection, total)?);
        }
        each(connection, &query.rows, |text| {
            append(&mut self.buffer, self.rows, text);
            self.rows += 1;
            if self.stream.is_none() && self.buffer.len() >= WHOLE_LIMIT {
                let rows = statement::count(connection, &query.page_count).map_err(Trouble::Ours)?;
                readers.stream().map_err(Trouble::Ours)?;
                self.become_stream(rows);
            }
            if self.stream.is_some() && self.buffer.len() >= PIECE {
                self.send(readers).map_err(Trouble::Ours)?;
            }
            Ok(true)
        })
        .map_err(|trouble| trouble.mapped(connection, &query.rows.text.sql))?;
        connection.control("COMMIT")?;
        if self.stream.is_some() {
            self.buffer.extend_from_slice(b"]");
            self.send(readers)?;
        }
        Ok(())
    }

    fn become_stream(&mut self, rows: u64) {
        let (sender, mut receiver) = mpsc::channel(PIECES_WAITING);
        let failure = self.failure.clone();
        let pieces = poll_fn(move |context| {
            let piece = receiver.poll_recv(context);
            piece.map(|piece| piece.or_else(|| lock(&failure).take().map(Err)))
        });
        let body = JsonBody::Stream(pieces.boxed());
        let total = self.total;
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Ok(JsonRows {
                rows,
                total,
                after: None,
                body,
            }));
        }
        self.stream = Some(sender);
    }

    /// Hands on what is gathered, waiting for a slow receiver no longer than the time limit.
    fn send(&mut self, readers: &Readers) -> Result<()> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let piece = self.buffer.split().freeze();
        let sent = match stream.try_send(Ok(piece)) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => false,
            Err(mpsc::error::TrySendError::Full(piece)) => {
                readers.rest();
                readers.runtime().block_on(async {
                    tokio::time::timeout(self.deadline, stream.send(piece))
                        .await
                        .is_ok_and(|sent| sent.is_ok())
                })
            }
        };
        if sent {
            Ok(())
        } else {
            Err(sqlstate::error(
                "57014",
                "canceling statement due to a slow receiver",
            ))
        }
    }

    fn finish(mut self, done: Result<()>) {
        match (done, self.reply.take(), &self.stream) {
            (Ok(()), Some(reply), _) => {
                let _ = reply.send(Ok(whole(self.buffer, self.rows, self.total)));
            }
            (Err(error), Some(reply), _) => {
                let _ = reply.send(Err(error));
            }
            (Err(error), None, Some(_)) => *lock(&self.failure) = Some(error),
            _ => {}
        }
    }
}

/// Steps through the rows while `take` says so; the answer is whether all were taken.
fn each(
    connection: &Conn,
    ready: &Ready,
    mut take: impl FnMut(&[u8]) -> Result<bool, Trouble>,
) -> Result<bool, Trouble> {
    let mut prepared = connection.raw().prepare_cached(&ready.text.sql)?;
    statement::bind(&mut prepared, &ready.params)?;
    let mut cursor = prepared.raw_query();
    while let Some(row) = cursor.next()? {
        let goes_on = match row.get_ref(0)? {
            ValueRef::Text(text) => take(text)?,
            ValueRef::Null => take(b"null")?,
            other => {
                let kind = other.data_type();
                let text = format!("a JSON query yields text, not {kind}");
                return Err(Trouble::Ours(sqlstate::error("42804", text)));
            }
        };
        if !goes_on {
            return Ok(false);
        }
    }
    Ok(true)
}

fn append(buffer: &mut BytesMut, rows: u64, text: &[u8]) {
    buffer.extend_from_slice(if rows == 0 { b"[" } else { b"," });
    buffer.extend_from_slice(text);
}

fn whole(mut buffer: BytesMut, rows: u64, total: Option<u64>) -> JsonRows {
    buffer.extend_from_slice(if rows == 0 { b"[]" } else { b"]" });
    JsonRows {
        rows,
        total,
        after: None,
        body: JsonBody::Whole(buffer.freeze()),
    }
}
