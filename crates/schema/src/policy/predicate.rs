//! Policies ready to be rendered into SQLite's statements.

use std::sync::Arc;

use super::JsonKey;

/// The statements a policy speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Every statement.
    All,
    /// Reading, also of what a write answers.
    Select,
    /// Adding rows.
    Insert,
    /// Changing rows.
    Update,
    /// Removing rows.
    Delete,
}

impl Command {
    const WORDS: [(Self, &'static str); 5] = [
        (Self::All, "ALL"),
        (Self::Select, "SELECT"),
        (Self::Insert, "INSERT"),
        (Self::Update, "UPDATE"),
        (Self::Delete, "DELETE"),
    ];

    /// SQL's word.
    pub fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(command, _)| *command == self)
            .map_or("ALL", |(_, word)| word)
    }

    /// The command of a word, in any case.
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(word))
            .map(|(command, _)| *command)
    }
}

/// What a policy may ask of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The subject, a UUID.
    Uid,
    /// The role.
    Role,
    /// The e-mail address.
    Email,
    /// `auth.jwt() -> 'a' ->> 'b'`, as a text.
    Path(Vec<JsonKey>),
}

impl Claim {
    /// The function that reads it on PostgreSQL.
    pub fn function(&self) -> &'static str {
        match self {
            Self::Uid => "auth.uid()",
            Self::Role => "auth.role()",
            Self::Email => "auth.email()",
            Self::Path(_) => "auth.jwt()",
        }
    }
}

/// A part of a predicate's SQL.
#[derive(Clone, Debug)]
pub enum Piece {
    /// SQL as it stands.
    Sql(String),
    /// A column of the table, to be qualified.
    Column(String),
    /// A parameter, taken from the caller.
    Claim(Claim),
    /// Whether the caller may see another table's row.
    Visible {
        /// That table's policies.
        policies: Arc<[Policy]>,
        /// What the row is called, quoted.
        row: String,
    },
}

/// A condition in SQLite's SQL.
#[derive(Clone, Debug)]
pub struct Predicate(pub Vec<Piece>);

impl Predicate {
    /// What nobody passes.
    pub fn never() -> Self {
        Self(vec![Piece::Sql("0".to_owned())])
    }
}

/// A policy of a table.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The statements it speaks of.
    pub command: Command,
    /// Whether it is joined with OR; else with AND.
    pub permissive: bool,
    /// Role names; `public` is everybody.
    pub roles: Vec<String>,
    /// Which rows may be seen or touched.
    pub using: Option<Predicate>,
    /// Which rows may be written.
    pub check: Option<Predicate>,
}

impl Policy {
    /// Whether it speaks of `command` by a caller of `role`.
    pub fn applies(&self, command: Command, role: &str) -> bool {
        (self.command == Command::All || self.command == command)
            && self.roles.iter().any(|named| named == "public" || named == role)
    }
}
