//! Logs: one line an event, to the terminal and to a file a day, read back by the console.

mod entry;
mod layer;
mod reader;
mod redaction;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use busbar_kernel::variables::{Mode, Settings};
use busbar_kernel::{Clock, Error, Result};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::config;

pub use entry::{Entry, Level};
pub use layer::LogLayer;
pub use reader::{LogPage, LogReader, MAX_PAGE, StoredEntry};

/// How a line looks on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// Nothing is written to it.
    Silent,
    /// For people: time, level, target, message, fields.
    Readable,
    /// One JSON object a line, for collectors.
    Json,
}

/// What is logged and where to.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// `LOG_LEVEL`.
    pub level: String,
    /// How the terminal is written to.
    pub terminal: Terminal,
    /// The folder of the files, `None` for none.
    pub folder: Option<PathBuf>,
    /// Days for which files are kept, 0 for ever.
    pub retention_days: u32,
}

impl LogSettings {
    /// The settings in force: readable in development, silent in tests, JSON where the mode is strict.
    pub fn from_settings(settings: &Settings) -> Self {
        let terminal = match settings.mode() {
            Mode::Development => Terminal::Readable,
            Mode::Test => Terminal::Silent,
            Mode::Staging | Mode::Production => Terminal::Json,
        };
        Self {
            level: settings.get(&config::LOG_LEVEL),
            terminal,
            folder: Some(settings.get(&config::LOGS_DIR)),
            retention_days: settings.get(&config::LOG_RETENTION_DAYS),
        }
    }
}

/// The running log.
#[derive(Clone)]
pub struct Logs {
    writer: writer::LogWriter,
    folder: Option<PathBuf>,
}

impl Logs {
    /// Opens the log and answers it with the layer that feeds it.
    ///
    /// # Errors
    /// When the folder or today's file cannot be written.
    pub fn open(settings: &LogSettings, clock: Arc<dyn Clock>) -> Result<(Self, LogLayer)> {
        let writer = writer::LogWriter::start(settings, clock.now().date_naive())?;
        let layer = LogLayer::new(writer.clone(), settings.terminal, clock);
        let folder = settings.folder.clone();
        Ok((Self { writer, folder }, layer))
    }

    /// Opens the log and makes it the one of this process.
    ///
    /// # Errors
    /// As [`Logs::open`], and when this process has a log already.
    pub fn start(settings: &LogSettings, clock: Arc<dyn Clock>) -> Result<Self> {
        let filter = read_level(&settings.level).map_err(|why| Error::invalid("LOG_LEVEL", why))?;
        let (logs, layer) = Self::open(settings, clock)?;
        let subscriber = tracing_subscriber::registry().with(filter).with(layer);
        tracing::subscriber::set_global_default(subscriber)
            .map_err(|error| Error::internal("this process has a log already").source(error))?;
        Ok(logs)
    }

    /// The reader of the files, for the console; `None` where no files are written.
    pub fn reader(&self) -> Option<LogReader> {
        self.folder.clone().map(LogReader::new)
    }

    /// How many lines were dropped since the start because they came faster than they could be written.
    pub fn dropped(&self) -> u64 {
        self.writer.dropped()
    }

    /// Waits, at most two seconds, until everything logged before is written; blocks the thread.
    pub fn flush(&self) {
        self.writer.flush();
    }
}

/// Reads `LOG_LEVEL`: a word in any case, with the words of other languages, or directives.
pub(crate) fn read_level(text: &str) -> Result<EnvFilter, String> {
    let word = text.trim().to_ascii_lowercase();
    let directives = match word.as_str() {
        "warning" => "warn",
        "critical" | "fatal" => "error",
        "verbose" | "http" => "debug",
        "silly" => "trace",
        "" => "info",
        "error" | "warn" | "info" | "debug" | "trace" | "off" => word.as_str(),
        _ if text.contains(['=', ',', '[']) => text.trim(),
        _ => return Err("is not a level: error, warn, info, debug or trace".to_owned()),
    };
    EnvFilter::try_new(directives).map_err(|error| format!("cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::read_level;

    #[test]
    fn levels_of_other_languages_are_understood() {
        for (text, hint) in [
            ("WARNING", "WARN"),
            ("Critical", "ERROR"),
            ("info", "INFO"),
            ("silly", "TRACE"),
            ("warn,busbar_store=debug", "DEBUG"),
        ] {
            let filter = read_level(text).unwrap();
            assert_eq!(
                filter.max_level_hint().unwrap().to_string().to_uppercase(),
                hint,
                "{text}"
            );
        }
        assert!(read_level("loud").is_err());
        assert!(read_level("a=loud").is_err());
    }
}
