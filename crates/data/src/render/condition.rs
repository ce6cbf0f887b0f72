//! Filters and their trees to conditions.

use busbar_kernel::{Error, Result};
use busbar_store::Dialect;

use super::builder::{Builder, Form};
use super::embed::exists;
use super::node::{Child, presence};
use super::output::path_sql;
use crate::grammar::{Field, Filter, FullText, IsWord, Operator, Quantifier, Test, Tree};
use crate::refusal::{only_postgres, sqlstate};
use busbar_schema::catalogue::ColumnType;
use busbar_schema::quote::text_literal;

/// Writes one condition, which may ask for the presence of one of the `children`.
pub(super) fn condition<'t>(
    builder: &mut Builder<'t>,
    tree: &Tree<'_>,
    children: &[Child<'t>],
) -> Result<()> {
    joined(builder, std::slice::from_ref(tree), "", children)
}

fn joined<'t>(
    builder: &mut Builder<'t>,
    trees: &[Tree<'_>],
    word: &str,
    children: &[Child<'t>],
) -> Result<()> {
    for (index, tree) in trees.iter().enumerate() {
        if index > 0 {
            builder.push(word);
        }
        match tree {
            Tree::Leaf(filter) => match presence(builder.table, filter, children) {
                Some((child, there)) => {
                    builder.push(if there { "" } else { "NOT " });
                    exists(builder, child)?;
                }
                None => leaf(builder, filter)?,
            },
            Tree::Node {
                negated,
                any,
                members,
            } => {
                builder.push(if *negated { "NOT (" } else { "(" });
                joined(builder, members, if *any { " OR " } else { " AND " }, children)?;
                builder.push(")");
            }
        }
    }
    Ok(())
}

fn leaf(builder: &mut Builder<'_>, filter: &Filter<'_>) -> Result<()> {
    if filter.negated {
        builder.push("NOT (");
    }
    let (left, kind) = left(builder, &filter.field)?;
    match &filter.test {
        Test::Is(word) => is(builder, &left, kind, *word)?,
        Test::Distinct(_) => {
            builder.push(&left);
            builder.push(" IS DISTINCT FROM ");
            builder.next_literal(kind, Form::Value);
        }
        Test::FullText {
            function, language, ..
        } => full_text(builder, &left, kind, *function, language.as_deref())?,
        Test::In(_) => {
            builder.push(&left);
            if builder.dialect == Dialect::Postgres {
                builder.push(" = ANY(");
                builder.next_literal(kind, Form::List);
                builder.push(")");
            } else {
                builder.push(" IN (SELECT value FROM json_each(");
                builder.next_literal(kind, Form::List);
                builder.push("))");
            }
        }
        Test::Compare {
            operator,
            quantifier,
            value: _,
        } => match builder.dialect {
            Dialect::Postgres => postgres(builder, &left, kind, *operator, *quantifier),
            Dialect::Sqlite => sqlite(builder, &left, kind, *operator, *quantifier)?,
        },
    }
    if filter.negated {
        builder.push(")");
    }
    Ok(())
}

/// Texts and documents are made into vectors; what already is one is searched as it is.
fn full_text(
    builder: &mut Builder<'_>,
    left: &str,
    kind: ColumnType,
    function: FullText,
    language: Option<&str>,
) -> Result<()> {
    if builder.dialect == Dialect::Sqlite {
        let feature = format!("full-text search ({})", function.word());
        return Err(only_postgres(&feature));
    }
    let language = language.map_or_else(String::new, |name| format!("{}::regconfig, ", text_literal(name)));
    if kind == ColumnType::Text || kind.is_json() {
        builder.push(&format!("to_tsvector({language}{left})"));
    } else {
        builder.push(left);
    }
    builder.push(&format!(" @@ {}({language}", function.function()));
    builder.next_literal(ColumnType::Text, Form::Value);
    builder.push(")");
    Ok(())
}

/// The field's SQL and type.
fn left(builder: &Builder<'_>, field: &Field<'_>) -> Result<(String, ColumnType)> {
    let column = builder.table.column(&field.column)?;
    path_sql(builder, column, &field.path)
}

fn is(builder: &mut Builder<'_>, left: &str, kind: ColumnType, word: IsWord) -> Result<()> {
    let sql = match word {
        IsWord::Null => "NULL",
        IsWord::NotNull => "NOT NULL",
        IsWord::True => "TRUE",
        IsWord::False => "FALSE",
        IsWord::Unknown => "UNKNOWN",
    };
    builder.push(left);
    builder.push(" IS ");
    if matches!(word, IsWord::Null | IsWord::NotNull) || builder.dialect == Dialect::Postgres {
        builder.push(sql);
        return Ok(());
    }
    if kind != ColumnType::Boolean {
        return Err(sqlstate(
            "42804",
            format!(
                "argument of IS {sql} must be type boolean, not type {}",
                kind.name()
            ),
        ));
    }
    builder.push(if word == IsWord::Unknown { "NULL" } else { sql });
    Ok(())
}

fn form(operator: Operator, list: bool) -> Form {
    match (matches!(operator, Operator::Like | Operator::Ilike), list) {
        (true, false) => Form::Pattern,
        (true, true) => Form::Patterns,
        (false, false) => Form::Value,
        (false, true) => Form::Array,
    }
}

fn postgres(
    builder: &mut Builder<'_>,
    left: &str,
    kind: ColumnType,
    operator: Operator,
    quantifier: Option<Quantifier>,
) {
    builder.push(&format!("{left} {} ", operator.symbol()));
    match quantifier {
        None => builder.next_literal(kind, form(operator, false)),
        Some(quantifier) => {
            builder.push(if quantifier == Quantifier::Any {
                "ANY("
            } else {
                "ALL("
            });
            builder.next_literal(kind, form(operator, true));
            builder.push(")");
        }
    }
}

fn sqlite(
    builder: &mut Builder<'_>,
    left: &str,
    kind: ColumnType,
    operator: Operator,
    quantifier: Option<Quantifier>,
) -> Result<()> {
    let (before, after) = comparison(left, kind, operator)?;
    let Some(quantifier) = quantifier else {
        builder.push(&before);
        builder.next_literal(kind, form(operator, false));
        builder.push(&after);
        return Ok(());
    };
    // Three-valued as in PostgreSQL: one certain answer decides, else an unknown one makes the whole unknown.
    let (decisive, decided, otherwise) = match quantifier {
        Quantifier::Any => ("max", "1", "0"),
        Quantifier::All => ("min", "0", "1"),
    };
    builder.push(&format!(
        "(SELECT CASE WHEN {decisive}(\"_x\") = {decided} THEN {decided} WHEN count(*) > count(\"_x\") THEN NULL \
         ELSE {otherwise} END FROM (SELECT {before}value{after} AS \"_x\" FROM json_each("
    ));
    builder.next_literal(kind, form(operator, true));
    builder.push(")))");
    Ok(())
}

/// What stands before and after the literal.
fn comparison(left: &str, kind: ColumnType, operator: Operator) -> Result<(String, String)> {
    let symbol = operator.symbol();
    match operator {
        Operator::Eq | Operator::Neq | Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => {
            match kind {
                ColumnType::Json => Err(sqlstate(
                    "42883",
                    format!("operator does not exist: json {symbol} unknown"),
                )),
                ColumnType::Jsonb => Ok((format!("busbar_json_compare({left}, "), format!(") {symbol} 0"))),
                _ => Ok((format!("{left} {symbol} "), String::new())),
            }
        }
        Operator::Like | Operator::Ilike => {
            let folded = operator == Operator::Ilike;
            if !matches!(kind, ColumnType::Text | ColumnType::Other) {
                let symbol = if folded { "~~*" } else { "~~" };
                return Err(no_operator(kind, symbol));
            }
            let function = if folded { "busbar_ilike" } else { "busbar_like" };
            Ok((format!("{function}({left}, "), ")".to_owned()))
        }
        Operator::Match | Operator::Imatch => {
            if !matches!(kind, ColumnType::Text | ColumnType::Other) {
                return Err(no_operator(kind, symbol));
            }
            let function = if operator == Operator::Match {
                "busbar_match"
            } else {
                "busbar_imatch"
            };
            Ok((format!("{function}({left}, "), ")".to_owned()))
        }
        Operator::Contains if kind == ColumnType::Jsonb => {
            Ok((format!("busbar_json_contains({left}, "), ")".to_owned()))
        }
        Operator::Contained if kind == ColumnType::Jsonb => {
            Ok(("busbar_json_contains(".to_owned(), format!(", {left})")))
        }
        _ if kind != ColumnType::Other => Err(no_operator(kind, symbol)),
        _ => Err(only_postgres(&format!("the operator {}", operator.word()))),
    }
}

fn no_operator(kind: ColumnType, symbol: &str) -> Error {
    sqlstate(
        "42883",
        format!("operator does not exist: {} {symbol} unknown", kind.name()),
    )
    .hint("No operator matches the given name and argument types. You might need to add explicit type casts.")
}
