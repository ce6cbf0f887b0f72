//! From `tracing`'s events to entries: fields gathered from the spans around them, secrets taken out.

use std::fmt;
use std::sync::Arc;

use busbar_kernel::Clock;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::Terminal;
use super::entry::{Entry, Level};
use super::redaction::{is_secret_name, redact};
use super::writer::{Line, LogWriter};
use crate::metrics::names;

/// The most bytes of one text in an entry; the rest is cut off.
const MAX_TEXT: usize = 8 * 1024;

/// A layer that writes every event it sees; put the filter before it.
pub struct LogLayer {
    writer: LogWriter,
    terminal: Terminal,
    clock: Arc<dyn Clock>,
}

impl LogLayer {
    pub(super) fn new(writer: LogWriter, terminal: Terminal, clock: Arc<dyn Clock>) -> Self {
        Self {
            writer,
            terminal,
            clock,
        }
    }
}

/// The fields of a span, kept beside it.
struct SpanFields(Map<String, Value>);

impl<S> Layer<S> for LogLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Gatherer::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(SpanFields(fields.fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let mut added = Gatherer::default();
        values.record(&mut added);
        if let Some(span) = context.span(id)
            && let Some(SpanFields(fields)) = span.extensions_mut().get_mut()
        {
            fields.extend(added.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut gathered = Gatherer::default();
        if let Some(scope) = context.event_scope(event) {
            for span in scope.from_root() {
                if let Some(SpanFields(fields)) = span.extensions().get() {
                    gathered.fields.extend(fields.clone());
                }
            }
        }
        event.record(&mut gathered);
        let level = Level::from(*event.metadata().level());
        metrics::counter!(names::LOG_LINES, "level" => level.name()).increment(1);
        let entry = Entry {
            at: self.clock.now(),
            level,
            target: event.metadata().target().to_owned(),
            message: gathered.message,
            fields: gathered.fields,
        };
        let json = entry.to_json();
        let terminal = match self.terminal {
            Terminal::Silent => None,
            Terminal::Readable => Some(entry.to_readable()),
            Terminal::Json => Some(json.clone()),
        };
        self.writer.write(Line {
            day: entry.at.date_naive(),
            json,
            terminal,
        });
    }
}

#[derive(Default)]
struct Gatherer {
    message: String,
    fields: Map<String, Value>,
}

impl Gatherer {
    fn text(&mut self, field: &Field, text: &str) {
        let text = cut(text);
        match field.name() {
            "message" => self.message = redact(text).into_owned(),
            name if is_secret_name(name) => self.put(name, Value::from("***")),
            name => self.put(name, Value::from(redact(text).into_owned())),
        }
    }

    fn put(&mut self, name: &str, value: Value) {
        self.fields
            .insert(name.strip_prefix("r#").unwrap_or(name).to_owned(), value);
    }
}

impl Visit for Gatherer {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), Value::from(value));
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), Value::from(value));
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), Value::from(value));
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), Value::from(value));
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}
