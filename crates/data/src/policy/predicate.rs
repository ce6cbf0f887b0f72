//! Policies ready to be rendered into SQLite's statements.

/// The statements a policy speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    All,
    Select,
    Insert,
    Update,
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
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(command, _)| *command == self)
            .map_or("ALL", |(_, word)| word)
    }

    /// The command of a word, in any case.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(word))
            .map(|(command, _)| *command)
    }
}

/// What a policy may ask of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Claim {
    /// The subject, a UUID.
    Uid,
    Role,
    Email,
    /// `auth.jwt() -> 'a' ->> 'b'`, as a text.
    Path(Vec<crate::grammar::JsonKey>),
}

impl Claim {
    pub(crate) fn function(&self) -> &'static str {
        match self {
            Self::Uid => "auth.uid()",
            Self::Role => "auth.role()",
            Self::Email => "auth.email()",
            Self::Path(_) => "auth.jwt()",
        }
    }
}

/// A part of a predicate's SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Sql(String),
    /// A column of the table, to be qualified.
    Column(String),
    /// A parameter, taken from the caller.
    Claim(Claim),
}

/// A condition in SQLite's SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Predicate(pub(crate) Vec<Piece>);

impl Predicate {
    /// What nobody passes.
    pub(crate) fn never() -> Self {
        Self(vec![Piece::Sql("0".to_owned())])
    }
}

/// A policy of a table.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) command: Command,
    pub(crate) permissive: bool,
    /// Role names; `public` is everybody.
    pub(crate) roles: Vec<String>,
    pub(crate) using: Option<Predicate>,
    pub(crate) check: Option<Predicate>,
}

impl Policy {
    /// Whether it speaks of `command` by a caller of `role`.
    pub(crate) fn applies(&self, command: Command, role: &str) -> bool {
        (self.command == Command::All || self.command == command)
            && self.roles.iter().any(|named| named == "public" || named == role)
    }
}
