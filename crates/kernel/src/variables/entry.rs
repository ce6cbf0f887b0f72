//! One variable: its names, default, type, rules and one line of help.

use std::marker::PhantomData;
use std::ops::Deref;

use super::{Reading, Rule};

/// What is wrong with a text, as the end of a sentence that begins with the variable's name.
type Complaint = Result<(), String>;

/// A row of the variable table, without its type.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The canonical name.
    pub name: &'static str,
    /// Other names under which the five products know it.
    pub aliases: &'static [&'static str],
    /// The part of the table it stands in: `server`, `database` …
    pub group: &'static str,
    /// The value in force when no source sets it; `None` when it has none.
    pub default: Option<&'static str>,
    /// Whether its value is masked wherever it is shown.
    pub secret: bool,
    /// What production and staging demand of it.
    pub rules: &'static [Rule],
    /// The need that setting it turns from embedded to real.
    pub turns_on: Option<&'static str>,
    /// One line for the operator.
    pub help: &'static str,
    /// Reads the text as the variable's type and says what is wrong with it.
    pub(crate) validate: fn(Option<&str>) -> Complaint,
    /// A finer check than the type, on the raw text.
    pub(crate) check: Option<fn(&str) -> Complaint>,
}

/// A variable of type `T`: declare one as a `static` and list it in the table of its crate.
#[derive(Debug)]
pub struct Variable<T> {
    entry: Entry,
    reading: PhantomData<fn() -> T>,
}

impl<T: Reading> Variable<T> {
    /// A variable without default; take `Option<T>` as its type unless it is required.
    pub const fn new(name: &'static str, group: &'static str, help: &'static str) -> Self {
        let entry = Entry {
            name,
            aliases: &[],
            group,
            default: None,
            secret: false,
            rules: &[],
            turns_on: None,
            help,
            validate: validate::<T>,
            check: None,
        };
        Self {
            entry,
            reading: PhantomData,
        }
    }

    /// Other names it goes by.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.entry.aliases = aliases;
        self
    }

    /// The value in force when no source sets it, as it would be written in a file.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.entry.default = Some(value);
        self
    }

    /// Masked wherever it is shown.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.entry.secret = true;
        self
    }

    /// What production and staging demand of it.
    #[must_use]
    pub const fn production(mut self, rules: &'static [Rule]) -> Self {
        self.entry.rules = rules;
        self
    }

    /// The need that setting it turns from embedded to real.
    #[must_use]
    pub const fn turns_on(mut self, need: &'static str) -> Self {
        self.entry.turns_on = Some(need);
        self
    }

    /// A finer check than the type.
    #[must_use]
    pub const fn check(mut self, check: fn(&str) -> Result<(), String>) -> Self {
        self.entry.check = Some(check);
        self
    }

    /// The row without its type, for the table.
    pub const fn entry(&'static self) -> &'static Entry {
        &self.entry
    }
}

impl<T> Deref for Variable<T> {
    type Target = Entry;
    fn deref(&self) -> &Entry {
        &self.entry
    }
}

fn validate<T: Reading>(raw: Option<&str>) -> Result<(), String> {
    T::read(raw).map(|_| ())
}

impl Entry {
    /// Reads `raw` by type and finer check, answering what is wrong with it.
    pub fn verify(&self, raw: Option<&str>) -> Result<(), String> {
        (self.validate)(raw)?;
        match (self.check, raw) {
            (Some(check), Some(raw)) => check(raw),
            _ => Ok(()),
        }
    }

    /// Whether `name` is one of its names, whatever the case.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}
