//! The one thread that writes lines: a file a day, behind a bound that drops and counts instead of waiting.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use busbar_kernel::{Error, Result};
use chrono::{Days, NaiveDate};

use super::LogSettings;
use crate::metrics::names;

/// Lines that may wait; above it new ones are dropped, because a slow disk must not slow requests.
const WAITING_LINES: usize = 8192;

/// Lines written with one call at most.
const LINES_PER_WRITE: usize = 512;

/// How long a flush waits.
const FLUSH_LIMIT: Duration = Duration::from_secs(2);

/// One line, ready to be written.
pub(super) struct Line {
    pub(super) day: NaiveDate,
    pub(super) json: String,
    pub(super) terminal: Option<String>,
}

enum Order {
    Write(Line),
    Flush(SyncSender<()>),
}

/// The door to the writing thread; cheap to clone.
#[derive(Clone)]
pub(super) struct LogWriter {
    orders: SyncSender<Order>,
    dropped: Arc<AtomicU64>,
}

impl LogWriter {
    /// Opens the file of `today` and starts the thread.
    pub(super) fn start(settings: &LogSettings, today: NaiveDate) -> Result<Self> {
        let days = settings.retention_days;
        let mut file = settings.folder.clone().map(|folder| DayFile::new(folder, days));
        if let Some(file) = &mut file {
            file.of(today).map_err(|error| {
                Error::unavailable("logs.unwritable", "The log files cannot be written").source(error)
            })?;
        }
        let (orders, incoming) = sync_channel(WAITING_LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        let mut thread = Writing {
            file,
            dropped: Arc::clone(&dropped),
            reported: 0,
        };
        std::thread::Builder::new()
            .name("logs".to_owned())
            .spawn(move || thread.run(&incoming))
            .map_err(|error| Error::internal("no thread for the log").source(error))?;
        Ok(Self { orders, dropped })
    }

    /// Hands a line over, or drops it where too many wait.
    pub(super) fn write(&self, line: Line) {
        if self.orders.try_send(Order::Write(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            metrics::counter!(names::LOG_LINES_DROPPED).increment(1);
        }
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    pub(super) fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.orders.send(Order::Flush(done)).is_ok() {
            // A disk that takes longer must not hold up the stop of the process.
            let _ = wait.recv_timeout(FLUSH_LIMIT);
        }
    }
}

struct Writing {
    file: Option<DayFile>,
    dropped: Arc<AtomicU64>,
    reported: u64,
}

impl Writing {
    fn run(&mut self, incoming: &Receiver<Order>) {
        while let Ok(first) = incoming.recv() {
            let mut lines = Vec::new();
            let mut flushed = Vec::new();
            let more = std::iter::from_fn(|| incoming.try_recv().ok());
            for order in std::iter::once(first).chain(more.take(LINES_PER_WRITE - 1)) {
                match order {
                    Order::Write(line) => lines.push(line),
                    Order::Flush(done) => flushed.push(done),
                }
            }
            self.write(&lines);
            for done in flushed {
                let _ = done.send(());
            }
        }
    }

    fn write(&mut self, lines: &[Line]) {
        let terminal: String = lines
            .iter()
            .filter_map(|line| line.terminal.as_ref())
            .flat_map(|line| [line.as_str(), "\n"])
            .collect();
        if !terminal.is_empty() {
            let mut out = io::stdout().lock();
            // There is nobody left to tell when the terminal is gone.
            let _ = out.write_all(terminal.as_bytes()).and_then(|()| out.flush());
        }
        for same_day in lines.chunk_by(|a, b| a.day == b.day) {
            let text: String = same_day
                .iter()
                .flat_map(|line| [line.json.as_str(), "\n"])
                .collect();
            self.append(same_day[0].day, &text, same_day.len() as u64);
        }
    }

    fn append(&mut self, day: NaiveDate, text: &str, lines: u64) {
        let Some(file) = &mut self.file else { return };
        let dropped = self.dropped.load(Ordering::Relaxed);
        let notice = match dropped - self.reported {
            0 => String::new(),
            count => format!(
                "{{\"at\":\"{day}T00:00:00Z\",\"level\":\"warn\",\"target\":\"busbar_telemetry\",\
                 \"message\":\"log lines were dropped\",\"fields\":{{\"count\":{count}}}}}\n"
            ),
        };
        match file
            .of(day)
            .and_then(|file| file.write_all((notice + text).as_bytes()))
        {
            Ok(()) => self.reported = dropped,
            Err(_) => {
                self.dropped.fetch_add(lines, Ordering::Relaxed);
                file.forget();
            }
        }
    }
}

/// The file of one day, exchanged when the day changes.
struct DayFile {
    folder: PathBuf,
    retention_days: u32,
    open: Option<(NaiveDate, File)>,
}

impl DayFile {
    fn new(folder: PathBuf, retention_days: u32) -> Self {
        Self {
            folder,
            retention_days,
            open: None,
        }
    }

    fn of(&mut self, day: NaiveDate) -> io::Result<&mut File> {
        let file = match self.open.take() {
            Some((open, file)) if open == day => file,
            _ => {
                fs::create_dir_all(&self.folder)?;
                let file = open_private(&self.folder.join(file_name(day)))?;
                if self.retention_days > 0 {
                    remove_older(&self.folder, day - Days::new(u64::from(self.retention_days)));
                }
                file
            }
        };
        Ok(&mut self.open.insert((day, file)).1)
    }

    /// After a failure the file is opened again, in case the disk comes back.
    fn forget(&mut self) {
        self.open = None;
    }
}

/// Logs name people: only the owner of the process reads them.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn remove_older(folder: &Path, first_kept: NaiveDate) {
    for (day, path) in day_files(folder) {
        if day < first_kept {
            // It is tried again tomorrow.
            let _ = fs::remove_file(path);
        }
    }
}

/// The name of a day's file.
pub(super) fn file_name(day: NaiveDate) -> String {
    format!("busbar-{day}.log")
}

/// The files of a folder with their days, in no order; files of other names are not ours.
pub(super) fn day_files(folder: &Path) -> Vec<(NaiveDate, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let day = name.strip_prefix("busbar-")?.strip_suffix(".log")?.parse().ok()?;
            Some((day, entry.path()))
        })
        .collect()
}
