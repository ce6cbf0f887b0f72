//! A policy's text to the tree, or a refusal that names the construct.

use std::cell::{Cell, RefCell};

use busbar_kernel::{Error, Result};
use sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, ObjectNamePart, Query, SelectItem, SetExpr, Subscript, UnaryOperator, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::expression::Expression;
use super::path::PathPart;
use super::predicate::Claim;
use crate::catalogue::ColumnType;
use crate::policy::JsonKey;
use crate::refusal::sqlstate;

/// Parentheses nested deeper are refused by the parser.
const DEEPEST: usize = 60;
/// Chains of operators longer than this are refused: SQLite takes expressions up to 1,000 deep.
const LONGEST_CHAIN: usize = 200;
/// The longest text, in bytes.
const LONGEST: usize = 4_000;

/// Parses one boolean expression; `table` may qualify its columns.
///
/// # Errors
/// 42601 for a syntax error, 0A000 for a construct outside the subset.
pub(crate) fn parse(text: &str, table: &str) -> Result<Expression> {
    let syntax =
        |message: String| sqlstate("42601", "syntax error in a policy's expression").details(message);
    if text.len() > LONGEST {
        return Err(refused(format!("more than {LONGEST} bytes")));
    }
    if text.contains('\0') {
        return Err(syntax("a NUL character".to_owned()));
    }
    let parsed = Parser::new(&PostgreSqlDialect {})
        .with_recursion_limit(DEEPEST)
        .try_with_sql(text)
        .and_then(|mut parser| Ok((parser.parse_expr()?, parser.peek_token().token)));
    match parsed {
        Ok((expression, Token::EOF)) => Reader {
            table,
            depth: Cell::new(0),
            scopes: RefCell::default(),
        }
        .read(&expression),
        Ok((_, token)) => Err(syntax(format!("unexpected {token} after the expression"))),
        Err(error) => Err(syntax(error.to_string())),
    }
}

pub(super) struct Reader<'t> {
    pub(super) table: &'t str,
    depth: Cell<usize>,
    /// What the tables of the subqueries around are called.
    pub(super) scopes: RefCell<Vec<Vec<String>>>,
}

pub(super) fn refused(construct: impl std::fmt::Display) -> Error {
    sqlstate("0A000", format!("a policy's expression cannot hold {construct}")).hint(
        "Policies are made of comparisons, AND, OR, NOT, IN, EXISTS, IS, LIKE, casts, columns, literals, auth.uid(), \
         auth.role(), auth.email(), auth.jwt() -> '…' ->> '…', (storage.foldername(…))[1], storage.filename(…) \
         and storage.extension(…)",
    )
}

pub(super) fn name(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}

impl Reader<'_> {
    pub(super) fn boxed(&self, expression: &Expr) -> Result<Box<Expression>> {
        self.read(expression).map(Box::new)
    }

    pub(super) fn read(&self, expression: &Expr) -> Result<Expression> {
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > LONGEST_CHAIN {
            return Err(refused(format!("a chain of more than {LONGEST_CHAIN} operators")));
        }
        let read = self.read_one(expression);
        self.depth.set(self.depth.get() - 1);
        read
    }

    fn read_one(&self, expression: &Expr) -> Result<Expression> {
        Ok(match expression {
            Expr::Nested(inner) => self.read(inner)?,
            Expr::Identifier(ident) => Expression::Column(name(ident)),
            Expr::CompoundIdentifier(parts) => self.qualified(parts)?,
            Expr::Value(value) => literal(&value.value)?,
            Expr::Function(function) => self.call(function)?,
            Expr::CompoundFieldAccess { root, access_chain } => self.segment(root, access_chain)?,
            Expr::Subquery(query) => self.bare_select(query)?,
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right)?,
            Expr::UnaryOp { op, expr } => self.unary(*op, expr)?,
            Expr::Cast { expr, data_type, .. } => Expression::Cast {
                value: self.boxed(expr)?,
                kind: cast_type(data_type)?,
            },
            Expr::IsNull(value) | Expr::IsUnknown(value) => self.is_null(value, false)?,
            Expr::IsNotNull(value) | Expr::IsNotUnknown(value) => self.is_null(value, true)?,
            Expr::IsTrue(value) => self.is_boolean(value, true, false)?,
            Expr::IsNotTrue(value) => self.is_boolean(value, true, true)?,
            Expr::IsFalse(value) => self.is_boolean(value, false, false)?,
            Expr::IsNotFalse(value) => self.is_boolean(value, false, true)?,
            Expr::IsDistinctFrom(left, right) => self.distinct(left, right, false)?,
            Expr::IsNotDistinctFrom(left, right) => self.distinct(left, right, true)?,
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => self.between(expr, *negated, low, high)?,
            Expr::InList { expr, list, negated } => Expression::In {
                value: self.boxed(expr)?,
                list: list
                    .iter()
                    .map(|element| self.read(element))
                    .collect::<Result<_>>()?,
                negated: *negated,
            },
            Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.like(*negated, expr, pattern, false)?,
            Expr::ILike {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.like(*negated, expr, pattern, true)?,
            Expr::Exists { subquery, negated } => self.exists(subquery, *negated)?,
            Expr::InSubquery {
                expr,
                subquery,
                negated,
            } => self.in_select(expr, subquery, *negated)?,
            Expr::AnyOp { .. } | Expr::AllOp { .. } => return Err(refused("ANY or ALL")),
            Expr::Case { .. } => return Err(refused("CASE")),
            other => return Err(refused(other)),
        })
    }

    fn qualified(&self, parts: &[Ident]) -> Result<Expression> {
        match parts {
            [table, column] if !self.scopes.borrow().is_empty() => {
                Ok(Expression::Of(name(table), name(column)))
            }
            [table, column] if name(table) == self.table => Ok(Expression::Column(name(column))),
            _ => {
                let whole: Vec<String> = parts.iter().map(name).collect();
                Err(refused(format!("the name {}", whole.join("."))))
            }
        }
    }

    /// `(SELECT auth.uid())`: the spelling that lets PostgreSQL evaluate it once.
    fn bare_select(&self, query: &Query) -> Result<Expression> {
        let SetExpr::Select(select) = query.body.as_ref() else {
            return Err(refused("a subquery"));
        };
        match select.projection.as_slice() {
            [SelectItem::UnnamedExpr(inner)]
                if select.from.is_empty()
                    && select.selection.is_none()
                    && query.with.is_none()
                    && query.limit_clause.is_none() =>
            {
                self.read(inner)
            }
            _ => Err(refused("a subquery")),
        }
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Expression> {
        let symbol = match op {
            BinaryOperator::And => return Ok(Expression::And(self.boxed(left)?, self.boxed(right)?)),
            BinaryOperator::Or => return Ok(Expression::Or(self.boxed(left)?, self.boxed(right)?)),
            BinaryOperator::Arrow | BinaryOperator::LongArrow => {
                return Ok(Expression::Get {
                    from: self.boxed(left)?,
                    key: self.key(right)?,
                    text: *op == BinaryOperator::LongArrow,
                });
            }
            BinaryOperator::Eq => "=",
            BinaryOperator::NotEq => "<>",
            BinaryOperator::Lt => "<",
            BinaryOperator::LtEq => "<=",
            BinaryOperator::Gt => ">",
            BinaryOperator::GtEq => ">=",
            other => return Err(refused(format!("the operator {other}"))),
        };
        Ok(Expression::Compare {
            symbol,
            left: self.boxed(left)?,
            right: self.boxed(right)?,
        })
    }

    fn key(&self, expression: &Expr) -> Result<JsonKey> {
        match self.read(expression)? {
            Expression::Text(name) => Ok(JsonKey::Name(name)),
            Expression::Number(digits) => match digits.parse() {
                Ok(index) => Ok(JsonKey::Index(index)),
                Err(_) => Err(refused("a JSON path that is not constant")),
            },
            _ => Err(refused("a JSON path that is not constant")),
        }
    }

    fn unary(&self, op: UnaryOperator, value: &Expr) -> Result<Expression> {
        match (op, self.read(value)?) {
            (UnaryOperator::Not, value) => Ok(Expression::Not(Box::new(value))),
            (UnaryOperator::Minus, Expression::Number(digits)) if !digits.starts_with('-') => {
                Ok(Expression::Number(format!("-{digits}")))
            }
            (UnaryOperator::Plus, Expression::Number(digits)) => Ok(Expression::Number(digits)),
            (op, _) => Err(refused(format!("the operator {op}"))),
        }
    }

    fn is_null(&self, value: &Expr, negated: bool) -> Result<Expression> {
        let value = self.boxed(value)?;
        Ok(Expression::IsNull { value, negated })
    }

    fn is_boolean(&self, value: &Expr, wanted: bool, negated: bool) -> Result<Expression> {
        Ok(Expression::IsBoolean {
            value: self.boxed(value)?,
            wanted,
            negated,
        })
    }

    fn distinct(&self, left: &Expr, right: &Expr, negated: bool) -> Result<Expression> {
        Ok(Expression::Distinct {
            negated,
            left: self.boxed(left)?,
            right: self.boxed(right)?,
        })
    }

    fn between(&self, value: &Expr, negated: bool, low: &Expr, high: &Expr) -> Result<Expression> {
        let compare = |symbol, bound| -> Result<Box<Expression>> {
            Ok(Box::new(Expression::Compare {
                symbol,
                left: self.boxed(value)?,
                right: self.boxed(bound)?,
            }))
        };
        let within = Expression::And(compare(">=", low)?, compare("<=", high)?);
        Ok(if negated {
            Expression::Not(Box::new(within))
        } else {
            within
        })
    }

    fn call(&self, function: &Function) -> Result<Expression> {
        let called = called(function);
        let part = match called.as_str() {
            "auth.uid" if bare(function) => return Ok(Expression::Claim(Claim::Uid)),
            "auth.role" if bare(function) => return Ok(Expression::Claim(Claim::Role)),
            "auth.email" if bare(function) => return Ok(Expression::Claim(Claim::Email)),
            "auth.jwt" if bare(function) => return Ok(Expression::Jwt),
            "storage.filename" => PathPart::Name,
            "storage.extension" => PathPart::Extension,
            "storage.foldername" => return Err(refused("storage.foldername() without a [number]")),
            _ => return Err(refused(format!("the function {called}()"))),
        };
        match only_argument(function) {
            Some(value) => Ok(Expression::Path {
                part,
                value: self.boxed(value)?,
            }),
            None => Err(refused(format!("{called}() with other than one argument"))),
        }
    }

    /// `(storage.foldername(key))[1]`, the only array there is.
    fn segment(&self, root: &Expr, chain: &[AccessExpr]) -> Result<Expression> {
        let mut root = root;
        while let Expr::Nested(inner) = root {
            root = inner;
        }
        let (Expr::Function(function), [AccessExpr::Subscript(Subscript::Index { index })]) = (root, chain)
        else {
            return Err(refused("an array"));
        };
        if called(function) != "storage.foldername" {
            return Err(refused("an array"));
        }
        let place = match self.read(index)? {
            Expression::Number(digits) => digits.parse::<u32>().ok(),
            _ => None,
        };
        match (place, only_argument(function)) {
            (Some(place), Some(value)) => Ok(Expression::Path {
                part: PathPart::Folder(place),
                value: self.boxed(value)?,
            }),
            (None, _) => Err(refused("a place of storage.foldername() that is not a number")),
            (_, None) => Err(refused("storage.foldername() with other than one argument")),
        }
    }

    fn like(&self, negated: bool, value: &Expr, pattern: &Expr, folded: bool) -> Result<Expression> {
        Ok(Expression::Like {
            value: self.boxed(value)?,
            pattern: self.boxed(pattern)?,
            folded,
            negated,
        })
    }
}

fn literal(value: &Value) -> Result<Expression> {
    Ok(match value {
        Value::Number(digits, false) => Expression::Number(digits.clone()),
        Value::SingleQuotedString(text) => Expression::Text(text.clone()),
        Value::DollarQuotedString(text) => Expression::Text(text.value.clone()),
        Value::Boolean(value) => Expression::Boolean(*value),
        Value::Null => Expression::Null,
        other => return Err(refused(format!("the literal {other}"))),
    })
}

/// A function's name, its parts joined by dots.
fn called(function: &Function) -> String {
    let parts = function.name.0.iter().map(|part| match part {
        ObjectNamePart::Identifier(ident) => name(ident),
        ObjectNamePart::Function(part) => part.to_string(),
    });
    parts.collect::<Vec<_>>().join(".")
}

/// Whether a function has no arguments at all.
fn bare(function: &Function) -> bool {
    match &function.args {
        FunctionArguments::List(list) => list.args.is_empty() && list.clauses.is_empty(),
        FunctionArguments::None | FunctionArguments::Subquery(_) => false,
    }
}

/// The one argument of a function.
fn only_argument(function: &Function) -> Option<&Expr> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))] if list.clauses.is_empty() => Some(argument),
        _ => None,
    }
}

fn cast_type(data_type: &DataType) -> Result<ColumnType> {
    let written = data_type.to_string();
    match ColumnType::of(&written) {
        ColumnType::Other => Err(refused(format!("a cast to {written}"))),
        kind => Ok(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_of_any_operator_are_refused_before_they_fill_the_stack() {
        for (link, end) in [
            ("n=1 or ", "n=1"),
            ("true and ", "true"),
            ("n::int", "::int"),
            ("n+", "n"),
            ("n=", "n"),
        ] {
            let text = link.repeat(LONGEST / link.len() - 1) + end;
            assert!(
                parse(&text, "t").is_err(),
                "{link:?} was accepted {} times",
                LONGEST / link.len()
            );
        }
    }

    #[test]
    fn the_subset_parses_and_its_text_means_the_same() {
        for text in [
            "true",
            "auth.uid() = user_id",
            "(select auth.uid()) = t.user_id AND NOT done",
            "auth.jwt() -> 'app' ->> 'plan' IN ('pro', 'team')",
            "\"Size\" BETWEEN -1 AND 10 OR name NOT ILIKE 'a%'",
            "(auth.jwt() ->> 'level')::int >= level AND deleted_at IS NULL",
            "done IS NOT TRUE AND a IS DISTINCT FROM 'it''s'",
            "EXISTS (SELECT * FROM members m WHERE m.org = t.org AND user_id = auth.uid())",
            "org NOT IN (SELECT m.org FROM public.members AS m JOIN \"Roles\" r ON r.id = m.role WHERE r.kind = 'x')",
            "NOT EXISTS (SELECT 1 FROM a WHERE x IN (SELECT y FROM b WHERE b.z = a.z))",
            "(storage.foldername(key))[1] = auth.jwt()->>'sub' AND storage.extension(key) IN ('png', 'jpg')",
            "storage.filename(t.key) LIKE 'a%'",
            "EXISTS (SELECT 1 FROM members m WHERE m.org = (storage.foldername(t.key))[2])",
        ] {
            let tree = parse(text, "t").unwrap();
            assert_eq!(parse(&tree.to_string(), "t").unwrap(), tree, "{text}");
        }
        assert_eq!(parse("NAME", "t").unwrap(), Expression::Column("name".into()));
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        for (text, construct) in [
            ("EXISTS (SELECT 1)", "without FROM"),
            ("EXISTS (SELECT count(*) FROM x)", "count"),
            ("EXISTS (SELECT 1 FROM x LIMIT 1)", "more than SELECT"),
            ("EXISTS (SELECT 1 FROM x GROUP BY a)", "more than SELECT"),
            ("EXISTS (SELECT 1 FROM x LEFT JOIN y ON true)", "join"),
            ("EXISTS (SELECT 1 FROM x UNION SELECT 1 FROM y)", "UNION"),
            ("EXISTS (SELECT 1 FROM auth.users)", "auth.users"),
            ("EXISTS (SELECT 1 FROM generate_series(1, 2))", "FROM"),
            (
                "EXISTS (WITH x AS (SELECT 1) SELECT 1 FROM x)",
                "more than SELECT",
            ),
            ("EXISTS (SELECT 1 FROM a, b, c, d, e)", "4 tables"),
            (
                "EXISTS (SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE EXISTS (SELECT 1 FROM c WHERE EXISTS (SELECT 1 FROM d))))",
                "nested",
            ),
            ("a IN (SELECT 1)", "without FROM"),
            ("other.a = 1", "other.a"),
            ("a + 1 = 2", "operator +"),
            ("pg_sleep(10) IS NULL", "pg_sleep"),
            ("now() > a", "now"),
            ("a::regclass = 1", "REGCLASS"),
            ("CASE WHEN a THEN b END", "CASE"),
            ("a = ANY(b)", "ANY"),
            ("a[1] = 'x'", "array"),
            ("storage.foldername(a) IS NULL", "foldername"),
            ("(storage.foldername(a))[b] = 'x'", "place"),
            ("(storage.foldername(a, b))[1] = 'x'", "argument"),
            ("(pg_sleep(1))[1] = 'x'", "array"),
            ("(SELECT a FROM t) = 1", "subquery"),
            (&vec!["a"; 500].join(" AND "), "chain"),
            (&format!("a = '{}'", "x".repeat(20_000)), "bytes"),
        ] {
            let error = parse(text, "t").unwrap_err();
            assert_eq!(error.wire_code_str(), Some("0A000"), "{text}");
            assert!(error.message().contains(construct), "{text}: {}", error.message());
        }
        let deep = format!("{}a{}", "(".repeat(1500), ")".repeat(1500));
        for text in ["", "a =", "a; DROP TABLE t", "a) OR (b", "true -- x\n; x", &deep] {
            assert_eq!(parse(text, "t").unwrap_err().wire_code_str(), Some("42601"));
        }
    }
}
