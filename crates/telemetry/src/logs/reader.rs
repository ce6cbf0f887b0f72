//! The log read back, newest first, a bounded page at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use busbar_kernel::{Error, Result};
use chrono::NaiveDate;
use serde::Serialize;

use super::entry::{Entry, Level};
use super::writer::{day_files, file_name};

/// The most entries of one page.
pub const MAX_PAGE: usize = 500;

/// The most bytes looked at for one page; a rare search goes on from the page's `older`.
const MAX_SCANNED: u64 = 32 * 1024 * 1024;

/// A line longer than this is not ours and is skipped.
const MAX_LINE: usize = 1024 * 1024;

const BLOCK: u64 = 64 * 1024;

/// An entry with its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoredEntry {
    /// Its day and where its line begins: `2026-11-21.4711`.
    pub id: String,
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
}

/// A page of entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LogPage {
    /// The entries.
    pub entries: Vec<StoredEntry>,
    /// What to pass as `before` for the next page; `None` when there is nothing older.
    pub older: Option<String>,
}

/// Reads the files that [`super::Logs`] writes.
#[derive(Clone, Debug)]
pub struct LogReader {
    folder: PathBuf,
}

impl LogReader {
    /// A reader of the files in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The newest entries of at least the gravity `level` whose line holds `search` (without regard to ASCII
    /// case), before the entry `before`, at most `limit` (1 to [`MAX_PAGE`]).
    ///
    /// # Errors
    /// `before` that no page gave; trouble with the files.
    pub async fn page(
        &self,
        level: Option<Level>,
        search: Option<&str>,
        limit: usize,
        before: Option<&str>,
    ) -> Result<LogPage> {
        let before = before.map(parse_id).transpose()?;
        let wanted = Wanted {
            level,
            search: search.unwrap_or_default().to_ascii_lowercase().into_bytes(),
            limit: limit.clamp(1, MAX_PAGE),
        };
        let folder = self.folder.clone();
        let work = move || gather(&folder, &wanted, before);
        match tokio::task::spawn_blocking(work).await {
            Ok(page) => page.map_err(|error| {
                Error::unavailable("logs.unreadable", "The log cannot be read").source(error)
            }),
            Err(stopped) => Err(Error::internal("reading the log stopped").source(stopped)),
        }
    }
}

struct Wanted {
    level: Option<Level>,
    search: Vec<u8>,
    limit: usize,
}

impl Wanted {
    fn entry(&self, line: &[u8]) -> Option<Entry> {
        let holds = |line: &[u8]| {
            line.to_ascii_lowercase()
                .windows(self.search.len())
                .any(|window| window == self.search)
        };
        if !self.search.is_empty() && !holds(line) {
            return None;
        }
        let entry: Entry = serde_json::from_slice(line).ok()?;
        self.level
            .is_none_or(|level| entry.level <= level)
            .then_some(entry)
    }
}

fn parse_id(id: &str) -> Result<(NaiveDate, u64)> {
    let parsed = id
        .split_once('.')
        .and_then(|(day, offset)| Some((day.parse().ok()?, offset.parse().ok()?)));
    parsed.ok_or_else(|| Error::invalid("before", "This is not the id of a log entry"))
}

fn gather(
    folder: &std::path::Path,
    wanted: &Wanted,
    before: Option<(NaiveDate, u64)>,
) -> io::Result<LogPage> {
    let mut days: Vec<NaiveDate> = day_files(folder).into_iter().map(|(day, _)| day).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.retain(|day| before.is_none_or(|(last, _)| *day <= last));
    let mut page = LogPage::default();
    let mut scanned = 0;
    for day in days {
        let end = before.filter(|(last, _)| *last == day).map(|(_, offset)| offset);
        let file = match File::open(folder.join(file_name(day))) {
            // Retention took it since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened?,
        };
        let mut lines = LinesFromEnd::new(file, end)?;
        while let Some((offset, line)) = lines.next_line()? {
            let id = || format!("{day}.{offset}");
            scanned += line.len() as u64;
            if let Some(entry) = wanted.entry(&line) {
                page.entries.push(StoredEntry { id: id(), entry });
            }
            if page.entries.len() >= wanted.limit || scanned >= MAX_SCANNED {
                page.older = Some(id());
                return Ok(page);
            }
        }
    }
    Ok(page)
}

/// The whole lines of a file, last first, in constant memory.
struct LinesFromEnd {
    file: File,
    /// Where `held` begins in the file.
    start: u64,
    /// Bytes read and not yet given out.
    held: Vec<u8>,
}

impl LinesFromEnd {
    fn new(mut file: File, end: Option<u64>) -> io::Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        Ok(Self {
            file,
            start: end.map_or(size, |end| end.min(size)),
            held: Vec::new(),
        })
    }

    fn next_line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            // The end of the line itself is the last byte held; the line begins after the one before it.
            let inner = self.held.len().saturating_sub(1);
            if let Some(at) = self.held[..inner].iter().rposition(|byte| *byte == b'\n') {
                let mut line = self.held.split_off(at + 1);
                line.pop_if(|last| *last == b'\n');
                return Ok(Some((self.start + at as u64 + 1, line)));
            }
            if self.start == 0 {
                if self.held.is_empty() {
                    return Ok(None);
                }
                let mut line = std::mem::take(&mut self.held);
                line.pop_if(|last| *last == b'\n');
                return Ok(Some((0, line)));
            }
            if self.held.len() > MAX_LINE {
                self.held.clear();
            }
            self.read_block()?;
        }
    }

    fn read_block(&mut self) -> io::Result<()> {
        let length = self.start.min(BLOCK);
        self.start -= length;
        self.file.seek(SeekFrom::Start(self.start))?;
        let mut block = vec![0; usize::try_from(length).unwrap_or_default()];
        self.file.read_exact(&mut block)?;
        block.append(&mut self.held);
        self.held = block;
        Ok(())
    }
}
