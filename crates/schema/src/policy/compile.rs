//! A policy's tree to SQLite's SQL, typed as PostgreSQL would type it.

use busbar_kernel::{Error, Result};
use busbar_store::Value;

use super::expression::Expression;
use super::path::PathPart;
use super::predicate::{Claim, Piece, Predicate};
use super::resolve::{Others, qualify};
use super::select::{Select, Source};
use crate::catalogue::{ColumnType, Table};
use crate::literal::canonical;
use crate::policy::JsonKey;
use crate::quote::{quoted, text_literal};
use crate::refusal::{only_postgres, sqlstate};

/// The predicate of a tree.
///
/// # Errors
/// 42703 for a column that is not there, 42883 and 42804 for types that do not fit, 22P02 for a bad literal.
pub(crate) fn predicate(tree: &Expression, table: &Table, others: &dyn Others) -> Result<Predicate> {
    let mut tree = tree.clone();
    qualify(&mut tree, table, others)?;
    let mut compiler = Compiler {
        table,
        others,
        sources: Vec::new(),
        pieces: Vec::new(),
        sql: String::new(),
    };
    compiler.boolean(&tree)?;
    compiler.flush();
    Ok(Predicate(compiler.pieces))
}

struct Compiler<'t> {
    table: &'t Table,
    others: &'t dyn Others,
    /// The tables of the subqueries around.
    sources: Vec<Source>,
    pieces: Vec<Piece>,
    sql: String,
}

impl Compiler<'_> {
    fn flush(&mut self) {
        if !self.sql.is_empty() {
            self.pieces.push(Piece::Sql(std::mem::take(&mut self.sql)));
        }
    }

    fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    fn piece(&mut self, piece: Piece) {
        self.flush();
        self.pieces.push(piece);
    }

    /// The type of an expression; none for a literal that takes its neighbour's.
    fn kind(&self, expression: &Expression) -> Result<Option<ColumnType>> {
        Ok(Some(match expression {
            Expression::Column(name) => self.table.column(name)?.kind,
            Expression::Of(row, name) => match self.source(row) {
                Some(source) => self.others.table(&source.table)?.column(name)?.kind,
                None => self.table.column(name)?.kind,
            },
            Expression::Text(_) | Expression::Null => return Ok(None),
            Expression::Number(digits) if digits.parse::<i64>().is_ok() => ColumnType::BigInt,
            Expression::Number(_) => ColumnType::Numeric,
            Expression::Claim(Claim::Uid) => ColumnType::Uuid,
            Expression::Claim(_) | Expression::Get { text: true, .. } | Expression::Path { .. } => {
                ColumnType::Text
            }
            Expression::Jwt | Expression::Get { text: false, .. } => ColumnType::Jsonb,
            Expression::Cast { kind, .. } => *kind,
            _ => ColumnType::Boolean,
        }))
    }

    fn boolean(&mut self, expression: &Expression) -> Result<()> {
        match self.kind(expression)? {
            None | Some(ColumnType::Boolean) => self.emit(expression, ColumnType::Boolean),
            Some(kind) => Err(sqlstate(
                "42804",
                format!(
                    "a policy's condition must be of type boolean, not type {}",
                    kind.name()
                ),
            )),
        }
    }

    fn emit(&mut self, expression: &Expression, wanted: ColumnType) -> Result<()> {
        match expression {
            Expression::Column(name) => {
                self.table.column(name)?;
                self.piece(Piece::Column(name.clone()));
            }
            Expression::Of(row, name) => match self.source(row) {
                Some(source) => {
                    let column = format!("{}.{}", self.called(source), quoted(name));
                    self.push(&column);
                }
                None => self.piece(Piece::Column(name.clone())),
            },
            Expression::Exists(select) => {
                self.push("EXISTS (SELECT 1");
                self.within(select, |compiler| compiler.rows_of(select))?;
                self.push(")");
            }
            Expression::InSelect {
                value,
                select,
                negated,
            } => self.in_select(value, select, *negated)?,
            Expression::Text(text) => self.constant(&canonical(wanted, text)?),
            Expression::Number(digits) => self.push(digits),
            Expression::Boolean(value) => self.push(if *value { "1" } else { "0" }),
            Expression::Null => self.push("NULL"),
            Expression::Claim(claim) => self.piece(Piece::Claim(claim.clone())),
            Expression::Jwt => return Err(only_postgres("auth.jwt() as a whole")),
            Expression::Get { from, key, text } => self.get(from, key, *text)?,
            Expression::Cast { value, kind } => self.cast(value, *kind)?,
            Expression::Path { part, value } => self.path(*part, value)?,
            Expression::Compare { symbol, left, right } => self.pair(left, symbol, right)?,
            Expression::Distinct { negated, left, right } => {
                self.pair(left, if *negated { "IS" } else { "IS NOT" }, right)?;
            }
            Expression::And(left, right) => self.both(left, " AND ", right)?,
            Expression::Or(left, right) => self.both(left, " OR ", right)?,
            Expression::Not(value) => {
                self.push("(NOT ");
                self.boolean(value)?;
                self.push(")");
            }
            Expression::IsNull { value, negated } => {
                let kind = self.kind(value)?.unwrap_or(ColumnType::Text);
                self.push("(");
                self.emit(value, kind)?;
                self.push(if *negated { " IS NOT NULL)" } else { " IS NULL)" });
            }
            Expression::IsBoolean {
                value,
                wanted,
                negated,
            } => {
                self.push("(");
                self.boolean(value)?;
                self.push(if *negated { " IS NOT " } else { " IS " });
                self.push(if *wanted { "TRUE)" } else { "FALSE)" });
            }
            Expression::In { value, list, negated } => self.list(value, list, *negated)?,
            Expression::Like {
                value,
                pattern,
                folded,
                negated,
            } => self.like(value, pattern, *folded, *negated)?,
        }
        Ok(())
    }

    fn constant(&mut self, value: &Value) {
        let sql = match value {
            Value::Bool(value) => i32::from(*value).to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Text(text) => text_literal(text),
            Value::Bytes(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("x'{digits}'")
            }
            _ => "NULL".to_owned(),
        };
        self.push(&sql);
    }

    fn both(&mut self, left: &Expression, word: &str, right: &Expression) -> Result<()> {
        self.push("(");
        self.boolean(left)?;
        self.push(word);
        self.boolean(right)?;
        self.push(")");
        Ok(())
    }

    /// The one type in which both sides are compared.
    fn shared_kind(&self, left: &Expression, symbol: &str, right: &Expression) -> Result<ColumnType> {
        let (left, right) = (self.kind(left)?, self.kind(right)?);
        let kind = match (left, right) {
            (None, None) => ColumnType::Text,
            (Some(kind), None) | (None, Some(kind)) => kind,
            (Some(left), Some(right)) if left == right || (left.is_number() && right.is_number()) => left,
            (Some(left), Some(right)) => return Err(unequal(left, symbol, right)),
        };
        if kind.is_json() {
            return Err(only_postgres("comparing whole JSON documents in a policy"));
        }
        Ok(kind)
    }

    fn pair(&mut self, left: &Expression, symbol: &str, right: &Expression) -> Result<()> {
        let kind = self.shared_kind(left, symbol, right)?;
        self.push("(");
        self.emit(left, kind)?;
        self.push(&format!(" {symbol} "));
        self.emit(right, kind)?;
        self.push(")");
        Ok(())
    }

    fn list(&mut self, value: &Expression, list: &[Expression], negated: bool) -> Result<()> {
        self.push("(");
        let mut kind = self.kind(value)?;
        for element in list {
            let shared = self.shared_kind(value, "=", element)?;
            kind.get_or_insert(shared);
        }
        let kind = kind.unwrap_or(ColumnType::Text);
        self.emit(value, kind)?;
        self.push(if negated { " NOT IN (" } else { " IN (" });
        for (index, element) in list.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            self.emit(element, kind)?;
        }
        self.push("))");
        Ok(())
    }

    fn source(&self, row: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.alias == row)
    }

    /// A name that no table of people's has, and no subquery around this one: policies never nest in themselves.
    fn called(&self, source: &Source) -> String {
        match self.table.schema.as_str() {
            "public" => quoted(&format!("{}.{}", self.table.name, source.alias)),
            // A table of people's may be called like one of the system's.
            schema => quoted(&format!("{schema}..{}.{}", self.table.name, source.alias)),
        }
    }

    fn within<T>(&mut self, select: &Select, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let around = self.sources.len();
        self.sources.extend(select.sources.iter().cloned());
        let done = work(self);
        self.sources.truncate(around);
        done
    }

    /// `FROM … WHERE …`: those rows of the tables that the caller may see and that meet the condition.
    fn rows_of(&mut self, select: &Select) -> Result<()> {
        let mut visible = Vec::new();
        for (index, source) in select.sources.iter().enumerate() {
            let table = self.others.table(&source.table)?;
            let called = self.called(source);
            self.push(if index > 0 { ", " } else { " FROM " });
            self.push(&format!("main.{} AS {called}", quoted(&table.name)));
            if let Some(policies) = self.others.policies(&source.table)? {
                visible.push(Piece::Visible {
                    policies,
                    row: called,
                });
            }
        }
        self.push(" WHERE 1");
        for piece in visible {
            self.push(" AND (");
            self.piece(piece);
            self.push(")");
        }
        if let Some(condition) = &select.condition {
            self.push(" AND ");
            self.boolean(condition)?;
        }
        Ok(())
    }

    fn in_select(&mut self, value: &Expression, select: &Select, negated: bool) -> Result<()> {
        let Some(column) = &select.column else {
            return Err(Error::internal("a subquery of IN has a column"));
        };
        let theirs = self.within(select, |compiler| compiler.kind(column))?;
        let theirs = theirs.unwrap_or(ColumnType::Text);
        let kind = match self.kind(value)? {
            None => theirs,
            Some(mine) if mine == theirs || (mine.is_number() && theirs.is_number()) => mine,
            Some(mine) => return Err(unequal(mine, "=", theirs)),
        };
        if kind.is_json() {
            return Err(only_postgres("comparing whole JSON documents in a policy"));
        }
        self.push("(");
        self.emit(value, kind)?;
        self.push(if negated {
            " NOT IN (SELECT "
        } else {
            " IN (SELECT "
        });
        self.within(select, |compiler| {
            compiler.emit(column, theirs)?;
            compiler.rows_of(select)
        })?;
        self.push("))");
        Ok(())
    }

    fn like(&mut self, value: &Expression, pattern: &Expression, folded: bool, negated: bool) -> Result<()> {
        let symbol = if folded { "~~*" } else { "~~" };
        if self.shared_kind(value, symbol, pattern)? != ColumnType::Text {
            return Err(sqlstate(
                "42883",
                format!("operator {symbol} exists for text only"),
            ));
        }
        self.push(if negated { "(NOT " } else { "(" });
        self.push(if folded { "busbar_ilike(" } else { "busbar_like(" });
        self.emit(value, ColumnType::Text)?;
        self.push(", ");
        self.emit(pattern, ColumnType::Text)?;
        self.push("))");
        Ok(())
    }

    fn get(&mut self, from: &Expression, key: &JsonKey, text: bool) -> Result<()> {
        let mut keys = vec![key.clone()];
        let mut base = from;
        while let Expression::Get {
            from,
            key,
            text: false,
        } = base
        {
            keys.push(key.clone());
            base = from;
        }
        keys.reverse();
        match base {
            Expression::Jwt if text => self.piece(Piece::Claim(Claim::Path(keys))),
            Expression::Jwt => return Err(only_postgres("auth.jwt() -> without ->> at the end")),
            Expression::Column(name) if self.table.column(name)?.kind.is_json() => {
                self.push("busbar_json_get(");
                self.emit(base, ColumnType::Jsonb)?;
                self.push(if text { ", 1" } else { ", 0" });
                for key in &keys {
                    self.push(", ");
                    match key {
                        JsonKey::Name(name) => self.push(&text_literal(name)),
                        JsonKey::Index(index) => self.push(&index.to_string()),
                    }
                }
                self.push(")");
            }
            _ => return Err(sqlstate("42883", "operator -> exists for JSON only")),
        }
        Ok(())
    }

    fn path(&mut self, part: PathPart, value: &Expression) -> Result<()> {
        let kind = self.kind(value)?.unwrap_or(ColumnType::Text);
        if kind != ColumnType::Text {
            return Err(sqlstate(
                "42883",
                format!("the functions of storage take text, not {}", kind.name()),
            ));
        }
        self.push("busbar_path(");
        self.emit(value, ColumnType::Text)?;
        self.push(&format!(", {})", part.number()));
        Ok(())
    }

    fn cast(&mut self, value: &Expression, kind: ColumnType) -> Result<()> {
        match self.kind(value)? {
            None => self.emit(value, kind),
            Some(from) if from == kind => self.emit(value, kind),
            Some(from) => {
                self.push("busbar_cast(");
                self.emit(value, from)?;
                self.push(&format!(", '{}', '{}')", from.name(), kind.name()));
                Ok(())
            }
        }
    }
}

fn unequal(left: ColumnType, symbol: &str, right: ColumnType) -> Error {
    let message = format!(
        "operator does not exist: {} {symbol} {}",
        left.name(),
        right.name()
    );
    sqlstate("42883", message).hint("Cast one of the sides")
}
