//! The expressions a policy may be made of, and their text in PostgreSQL's spelling.

use std::fmt::{self, Write};

use super::path::PathPart;
use super::predicate::Claim;
use super::select::{Select, Source};
use busbar_kernel::Result;

use crate::catalogue::ColumnType;
use crate::policy::JsonKey;
use crate::quote::{quoted, text_literal};

/// An expression of the subset.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// A column of the policy's own table.
    Column(String),
    /// A column of a row that is named: of a subquery's table, of the policy's own inside one, or of `new` or `old`.
    Of(String, String),
    Text(String),
    Number(String),
    Boolean(bool),
    Null,
    /// `auth.uid()`, `auth.role()`, `auth.email()`.
    Claim(Claim),
    /// `auth.jwt()`.
    Jwt,
    /// `->` and `->>`.
    Get {
        from: Box<Expression>,
        key: JsonKey,
        text: bool,
    },
    Cast {
        value: Box<Expression>,
        kind: ColumnType,
    },
    /// `storage.filename(…)` and its like: a part of a path.
    Path {
        part: PathPart,
        value: Box<Expression>,
    },
    /// `=`, `<>`, `<`, `<=`, `>`, `>=`.
    Compare {
        symbol: &'static str,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `IS [NOT] DISTINCT FROM`.
    Distinct {
        negated: bool,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    /// `IS [NOT] NULL`, for booleans also `IS [NOT] UNKNOWN`.
    IsNull {
        value: Box<Expression>,
        negated: bool,
    },
    /// `IS [NOT] TRUE`, `IS [NOT] FALSE`.
    IsBoolean {
        value: Box<Expression>,
        wanted: bool,
        negated: bool,
    },
    In {
        value: Box<Expression>,
        list: Vec<Expression>,
        negated: bool,
    },
    Like {
        value: Box<Expression>,
        pattern: Box<Expression>,
        folded: bool,
        negated: bool,
    },
    Exists(Box<Select>),
    InSelect {
        value: Box<Expression>,
        select: Box<Select>,
        negated: bool,
    },
}

impl Expression {
    /// Calls `seen` with every column and its table, `own` being the policy's; it may rename the column.
    pub(crate) fn columns(&mut self, own: &str, seen: &mut dyn FnMut(&str, &mut String)) {
        let done = self.walk(&mut Vec::new(), &mut |leaf, scopes| {
            match leaf {
                Self::Column(name) => seen(own, name),
                Self::Of(row, name) => {
                    let source = scopes.iter().flatten().find(|source| source.alias == *row);
                    seen(source.map_or(own, |source| &source.table), name);
                }
                _ => {}
            }
            Ok(())
        });
        debug_assert!(done.is_ok(), "nothing of it fails");
    }

    /// Calls `seen` with every table of a subquery, which it may rename.
    pub(crate) fn sources(&mut self, seen: &mut dyn FnMut(&mut String)) {
        if let Self::Exists(select) | Self::InSelect { select, .. } = self {
            select
                .sources
                .iter_mut()
                .for_each(|source| seen(&mut source.table));
            select.parts().for_each(|part| part.sources(seen));
        }
        self.parts().into_iter().for_each(|part| part.sources(seen));
    }

    /// Calls `seen` with everything that is made of nothing else, and with the tables of the subqueries around it.
    pub(crate) fn walk(&mut self, scopes: &mut Vec<Vec<Source>>, seen: &mut Seen<'_>) -> Result<()> {
        if let Self::Exists(select) | Self::InSelect { select, .. } = self {
            scopes.push(select.sources.clone());
            let walked = select.parts().try_for_each(|part| part.walk(scopes, seen));
            scopes.pop();
            walked?;
        }
        let mut parts = self.parts();
        if parts.is_empty() {
            return seen(self, scopes);
        }
        parts.iter_mut().try_for_each(|part| part.walk(scopes, seen))
    }

    /// What it is made of, but for subqueries.
    fn parts(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Column(_)
            | Self::Of(..)
            | Self::Text(_)
            | Self::Number(_)
            | Self::Boolean(_)
            | Self::Null
            | Self::Claim(_)
            | Self::Jwt
            | Self::Exists(_) => Vec::new(),
            Self::Get { from: value, .. }
            | Self::Cast { value, .. }
            | Self::Path { value, .. }
            | Self::Not(value)
            | Self::IsNull { value, .. }
            | Self::IsBoolean { value, .. }
            | Self::InSelect { value, .. } => vec![value],
            Self::Compare { left, right, .. }
            | Self::Distinct { left, right, .. }
            | Self::And(left, right)
            | Self::Or(left, right)
            | Self::Like {
                value: left,
                pattern: right,
                ..
            } => vec![left, right],
            Self::In { value, list, .. } => std::iter::once(&mut **value).chain(list).collect(),
        }
    }
}

/// What is called with a leaf and the tables of the subqueries around it, outermost first.
pub(crate) type Seen<'s> = dyn FnMut(&mut Expression, &[Vec<Source>]) -> Result<()> + 's;

/// The text for PostgreSQL, and the one that is stored; it parses to the same tree again.
impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        match self {
            Self::Column(name) => out.write_str(&quoted(name)),
            Self::Of(row, name) => write!(out, "{}.{}", quoted(row), quoted(name)),
            Self::Text(text) => out.write_str(&text_literal(text)),
            Self::Number(digits) => out.write_str(digits),
            Self::Boolean(value) => write!(out, "{value}"),
            Self::Null => out.write_str("NULL"),
            Self::Claim(claim) => out.write_str(claim.function()),
            Self::Jwt => out.write_str("auth.jwt()"),
            Self::Get { from, key, text } => {
                write!(out, "({from} {} ", if *text { "->>" } else { "->" })?;
                match key {
                    JsonKey::Name(name) => out.write_str(&text_literal(name))?,
                    JsonKey::Index(index) => write!(out, "{index}")?,
                }
                out.write_char(')')
            }
            Self::Path { part, value } => match part {
                PathPart::Folder(place) => write!(out, "(storage.foldername({value}))[{place}]"),
                PathPart::Name => write!(out, "storage.filename({value})"),
                PathPart::Extension => write!(out, "storage.extension({value})"),
            },
            Self::Cast { value, kind } => write!(out, "CAST({value} AS {})", kind.name()),
            Self::Compare { symbol, left, right } => write!(out, "({left} {symbol} {right})"),
            Self::Distinct { negated, left, right } => {
                write!(out, "({left} IS {}DISTINCT FROM {right})", not(negated))
            }
            Self::And(left, right) => write!(out, "({left} AND {right})"),
            Self::Or(left, right) => write!(out, "({left} OR {right})"),
            Self::Not(value) => write!(out, "(NOT {value})"),
            Self::IsNull { value, negated } => write!(out, "({value} IS {}NULL)", not(negated)),
            Self::IsBoolean {
                value,
                wanted,
                negated,
            } => {
                let word = if *wanted { "TRUE" } else { "FALSE" };
                write!(out, "({value} IS {}{word})", not(negated))
            }
            Self::In { value, list, negated } => {
                write!(out, "({value} {}IN (", not(negated))?;
                for (index, element) in list.iter().enumerate() {
                    write!(out, "{}{element}", if index > 0 { ", " } else { "" })?;
                }
                out.write_str("))")
            }
            Self::Exists(select) => write!(out, "EXISTS ({select})"),
            Self::InSelect {
                value,
                select,
                negated,
            } => {
                write!(out, "({value} {}IN ({select}))", not(negated))
            }
            Self::Like {
                value,
                pattern,
                folded,
                negated,
            } => {
                let word = if *folded { "ILIKE" } else { "LIKE" };
                write!(out, "({value} {}{word} {pattern})", not(negated))
            }
        }
    }
}
