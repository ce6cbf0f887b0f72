//! One event of the log, and the two ways it is written.

use std::fmt::Write as _;

use busbar_kernel::Timestamp;
use busbar_kernel::clock::iso_millis;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How grave an event is, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something is broken.
    Error,
    /// Something may break.
    Warn,
    /// Something worth knowing happened.
    Info,
    /// For developers.
    Debug,
    /// For developers who look for something.
    Trace,
}

impl Level {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The level of a word, whatever its case.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace]
            .into_iter()
            .find(|level| level.name().eq_ignore_ascii_case(word))
    }
}

impl From<tracing::Level> for Level {
    fn from(level: tracing::Level) -> Self {
        match level {
            tracing::Level::ERROR => Self::Error,
            tracing::Level::WARN => Self::Warn,
            tracing::Level::INFO => Self::Info,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::TRACE => Self::Trace,
        }
    }
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// How grave it is.
    pub level: Level,
    /// The module that said it.
    pub target: String,
    /// What it said.
    pub message: String,
    /// What it said besides, with the fields of the spans around it (`request_id` …).
    #[serde(default)]
    pub fields: Map<String, Value>,
}

impl Entry {
    /// As one line of JSON, without the line's end.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As one line for people, without the line's end.
    pub(super) fn to_readable(&self) -> String {
        let mut line = format!(
            "{} {:5} {}: {}",
            iso_millis(self.at),
            self.level.name().to_uppercase(),
            self.target,
            printable(&self.message)
        );
        for (name, value) in &self.fields {
            let _ = match value {
                Value::String(text) => write!(line, " {name}={}", printable(text)),
                other => write!(line, " {name}={other}"),
            };
        }
        line
    }
}

/// Text from outside may hold control characters: a terminal must not obey them, nor a line break forge a
/// second line.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use busbar_kernel::{Clock, MovableClock};

    #[test]
    fn an_outside_text_cannot_forge_a_line_or_move_the_terminal() {
        let entry = Entry {
            at: MovableClock::at_2026().now(),
            level: Level::Warn,
            target: "busbar".to_owned(),
            message: "bad\nINFO forged \u{1b}[2J".to_owned(),
            fields: Map::from_iter([("path".to_owned(), Value::from("/a\r\n"))]),
        };
        let readable = entry.to_readable();
        assert_eq!(
            readable,
            "2026-01-01T00:00:00.000Z WARN  busbar: bad\\nINFO forged \\u{1b}[2J path=/a\\r\\n"
        );
        assert!(!entry.to_json().contains('\n'));
        assert_eq!(serde_json::from_str::<Entry>(&entry.to_json()).unwrap(), entry);
    }
}
