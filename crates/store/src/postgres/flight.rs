//! Several messages to PostgreSQL in one flight: sent in order without waiting, answered in order.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::BytesMut;
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use postgres_types::Type;
use tokio_postgres::{Client, Error, RowStream};

use super::connection::Text;
use super::decode::{Column, JsonText};
use super::encode::Parameter;
use crate::json::WHOLE_LIMIT;
use crate::{Row, StepRows, Value};

/// One message of a flight.
pub(super) enum Message<'m> {
    /// Statements without parameters, in one text; their rows are dropped.
    Simple(&'m str),
    /// A statement whose rows become values.
    Rows(Text, &'m [Value]),
    /// A statement whose rows are JSON texts.
    Json(Text, &'m [Value]),
}

/// What came of one.
pub(super) enum Answer {
    Simple,
    Rows(StepRows),
    /// The texts with `[` or `,` before each.
    Json {
        buffer: BytesMut,
        rows: u64,
    },
    /// More than one buffer may hold; nothing after it was waited for.
    TooLarge,
}

/// Sends all messages, then gathers the answers; they end with a [`Answer::TooLarge`].
pub(super) async fn fly(client: &Client, messages: Vec<Message<'_>>) -> Vec<Result<Answer, Error>> {
    let mut waiting: Vec<Option<BoxFuture<'_, Result<Answer, Error>>>> = messages
        .into_iter()
        .map(|message| Some(send(client, message)))
        .collect();
    let mut answers: Vec<Option<Result<Answer, Error>>> = waiting.iter().map(|_| None).collect();
    // The driver queues a message when its future is first polled: polling in order sends in order.
    poll_fn(|context| {
        let mut done = true;
        for (future, answer) in waiting.iter_mut().zip(&mut answers) {
            let Some(open) = future else { continue };
            match open.as_mut().poll(context) {
                Poll::Ready(ready) => {
                    let enough = matches!(ready, Ok(Answer::TooLarge));
                    *answer = Some(ready);
                    *future = None;
                    if enough {
                        return Poll::Ready(());
                    }
                }
                Poll::Pending => done = false,
            }
        }
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    answers.into_iter().map_while(|answer| answer).collect()
}

fn send<'m>(client: &'m Client, message: Message<'m>) -> BoxFuture<'m, Result<Answer, Error>> {
    match message {
        Message::Simple(sql) => {
            Box::pin(async move { client.batch_execute(sql).await.map(|()| Answer::Simple) })
        }
        Message::Rows(text, params) => Box::pin(async move {
            gather(start(client, &text, params).await?)
                .await
                .map(Answer::Rows)
        }),
        Message::Json(text, params) => {
            Box::pin(async move { small(start(client, &text, params).await?).await })
        }
    }
}

/// Runs one statement and gathers its rows.
pub(super) async fn fetch(client: &Client, text: &Text, params: &[Value]) -> Result<StepRows, Error> {
    gather(start(client, text, params).await?).await
}

/// Starts one statement.
pub(super) async fn start(client: &Client, text: &Text, params: &[Value]) -> Result<RowStream, Error> {
    match text {
        Text::Prepared(statement) => client.query_raw(statement, params.iter().map(Parameter)).await,
        // Parameters of unknown type are inferred, just as in a prepared statement.
        Text::Unnamed(text) => {
            let params = params.iter().map(|value| (Parameter(value), Type::UNKNOWN));
            client.query_typed_raw(&text.sql, params).await
        }
    }
}

async fn gather(stream: RowStream) -> Result<StepRows, Error> {
    let mut stream = pin!(stream);
    let mut columns: Option<Arc<[String]>> = None;
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        let columns = columns.get_or_insert_with(|| {
            row.columns()
                .iter()
                .map(|column| column.name().to_owned())
                .collect()
        });
        let values = (0..row.len())
            .map(|index| row.try_get(index).map(|Column(value)| value))
            .collect::<Result<_, _>>()?;
        rows.push(Row::new(columns.clone(), values));
    }
    Ok(StepRows {
        affected: stream.rows_affected().unwrap_or(0),
        rows,
    })
}

async fn small(stream: RowStream) -> Result<Answer, Error> {
    let mut stream = pin!(stream);
    let mut buffer = BytesMut::with_capacity(512);
    let mut rows = 0;
    while let Some(row) = stream.try_next().await? {
        append(&mut buffer, rows == 0, &row)?;
        rows += 1;
        if buffer.len() >= WHOLE_LIMIT {
            return Ok(Answer::TooLarge);
        }
    }
    Ok(Answer::Json { buffer, rows })
}

/// Adds a row's JSON text with `[` or `,` before it.
pub(super) fn append(buffer: &mut BytesMut, first: bool, row: &tokio_postgres::Row) -> Result<(), Error> {
    let JsonText(text) = row.try_get(0)?;
    buffer.extend_from_slice(if first { b"[" } else { b"," });
    buffer.extend_from_slice(text);
    Ok(())
}
