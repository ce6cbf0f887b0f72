//! Every table as a CSV file of its own, in one ZIP that is written while it is read.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use busbar_kernel::{Error, Result};
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, poll_fn};
use tokio::sync::mpsc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::rows;
use crate::Services;
use crate::handlers::tables::SCHEMA;

/// So many pieces wait for a slow reader.
const WAITING: usize = 2;

/// What was written and not yet sent.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

/// The ZIP, table after table.
pub(super) fn of(services: &Services) -> Result<BoxStream<'static, Result<Bytes>>> {
    let names = services.data.tables.list(SCHEMA)?;
    let services = services.clone();
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(error) = write(&services, names, &sender).await {
            let _ = sender.send(Err(error)).await;
        }
    });
    Ok(poll_fn(move |context| receiver.poll_recv(context)).boxed())
}

async fn write(services: &Services, names: Vec<String>, pieces: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
    let written = Written::default();
    let mut zip = ZipWriter::new_stream(written.clone());
    // Nobody knows beforehand whether a table is above 4 GB.
    let options = SimpleFileOptions::default().large_file(true);
    for (at, name) in names.iter().enumerate() {
        zip.start_file(file_name(at, name), options).map_err(failed)?;
        let mut rows = rows::of(services, name, "text/csv").await?;
        while let Some(piece) = rows.next().await {
            zip.write_all(&piece?).map_err(failed)?;
            send(&written, pieces).await?;
        }
    }
    let _ = zip.finish().map_err(failed)?;
    send(&written, pieces).await
}

async fn send(written: &Written, pieces: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
    let bytes = written.take();
    if bytes.is_empty() {
        return Ok(());
    }
    let sent = pieces.send(Ok(bytes.into())).await;
    sent.map_err(|_| Error::internal("the receiver went away"))
}

/// A name that cannot leave the folder it is unpacked into; one that had to be changed is told apart by its number.
fn file_name(at: usize, table: &str) -> String {
    let fits =
        |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let plain: String = table.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    match plain == table && !table.starts_with('.') {
        true => format!("{plain}.csv"),
        false => format!("{}-{plain}.csv", at + 1),
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("an archive cannot be written").source(error)
}

impl Written {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_table_leaves_the_folder() {
        for (table, file) in [
            ("posts", "posts.csv"),
            ("ümlaut 1", "ümlaut 1.csv"),
            ("../../etc/passwd", "1-.._.._etc_passwd.csv"),
            (".hidden", "1-.hidden.csv"),
            ("a\\b", "1-a_b.csv"),
        ] {
            assert_eq!(file_name(0, table), file);
        }
    }
}
