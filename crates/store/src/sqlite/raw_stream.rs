//! People's own reads on SQLite, handed on while they are read.

use std::sync::Arc;

use busbar_kernel::Result;
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, poll_fn};
use tokio::sync::mpsc;

use super::connection::Conn;
use super::readers::Readers;
use super::statement::{self, Trouble};
use super::{Handle, bind, raw};
use crate::raw::{BATCHES_WAITING, Gathering, RawAccess, RawBatch, RawScript};
use crate::row::Row;
use crate::sql::Ready;
use crate::sqlstate;

impl Handle {
    /// Runs a script of reads in one snapshot, on a reading thread that another one replaces meanwhile.
    pub(crate) async fn raw_stream(&self, script: RawScript) -> Result<BoxStream<'static, Result<RawBatch>>> {
        let work = script.ready(&self.engine.resolver)?;
        let file = self.file().await?;
        let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
        self.engine.readers.submit(move |readers| {
            let feed = Feed {
                script: &script,
                readers,
                batches: &sender,
            };
            let done = file.reader().and_then(|connection| {
                let done = feed.all(&connection, &work);
                file.give_back(connection);
                done
            });
            if let Err(error) = done {
                let _ = feed.send(Err(error));
            }
        })?;
        Ok(poll_fn(move |context| receiver.poll_recv(context)).boxed())
    }
}

struct Feed<'f> {
    script: &'f RawScript,
    readers: &'f Readers,
    batches: &'f mpsc::Sender<Result<RawBatch>>,
}

impl Feed<'_> {
    fn all(&self, connection: &Conn, work: &[Ready]) -> Result<()> {
        self.readers.stream()?;
        connection.limit_to(self.script.time_limit);
        connection.control("BEGIN")?;
        for (at, ready) in work.iter().enumerate() {
            let one = |connection: &Conn| {
                self.one(connection, at, ready)
                    .map_err(|trouble| RawScript::failed(trouble.mapped(connection, &ready.text.sql), at))
            };
            match self.script.access {
                RawAccess::Strict => connection.as_guest(one)?,
                RawAccess::Owner => one(connection)?,
            }
        }
        connection.control("COMMIT")
    }

    /// Never a remembered statement: those were authorized for somebody else.
    fn one(&self, connection: &Conn, at: usize, ready: &Ready) -> Result<(), Trouble> {
        let mut prepared = connection.raw().prepare(&ready.text.sql)?;
        statement::bind(&mut prepared, &ready.params)?;
        let fields = raw::fields(&prepared);
        let names: Arc<[String]> = fields.iter().map(|field| field.name.clone()).collect();
        let mut gathering = Gathering::new(at, fields);
        let mut cursor = prepared.raw_query();
        while let Some(found) = cursor.next()? {
            let values = (0..names.len())
                .map(|index| found.get_ref(index).map(bind::read))
                .collect::<rusqlite::Result<_>>()?;
            if let Some(batch) = gathering.push(Row::new(names.clone(), values)) {
                self.send(Ok(batch)).map_err(Trouble::Ours)?;
            }
        }
        match gathering.rest() {
            Some(batch) => self.send(Ok(batch)).map_err(Trouble::Ours),
            None => Ok(()),
        }
    }

    /// Hands on, waiting for a slow receiver no longer than the time limit.
    fn send(&self, batch: Result<RawBatch>) -> Result<()> {
        let sent = self.readers.runtime().block_on(async {
            tokio::time::timeout(self.script.time_limit, self.batches.send(batch))
                .await
                .is_ok_and(|sent| sent.is_ok())
        });
        if sent {
            return Ok(());
        }
        Err(sqlstate::error(
            "57014",
            "canceling statement due to a slow receiver",
        ))
    }
}
