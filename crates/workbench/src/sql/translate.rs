//! PostgreSQL's words for tables and policies, on SQLite.

use busbar_kernel::Result;
use busbar_schema::Schema;
use busbar_schema::catalogue::ColumnType;
use busbar_schema::policies::OBJECTS;
use busbar_schema::refusal::{only_postgres, sqlstate};
use busbar_schema::tables::{Watch, default_in_sqlite, watch};
use busbar_store::{Params, RawStatement, Statement, TokenKind, params};
use sqlparser::ast::{
    AlterTable, AlterTableOperation, ColumnDef, ColumnOption, CreateTable, DataType, Expr, Ident, ObjectName,
    ObjectNamePart, ObjectType, RenameTableNameKind, Statement as Tree,
};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use super::objects::{is_objects, new_policy};
use super::plan::Planned;

const SECURE: &str =
    "INSERT INTO system.row_security (table_name) VALUES ($1) ON CONFLICT (table_name) DO NOTHING";
const BUMP: &str = "UPDATE system.policy_version SET version = version + 1";
const BUMP_OF: &str = "UPDATE system.policy_version SET version = version + 1 \
 WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1)";

/// Adds what a statement becomes. `made` are the tables that earlier statements of the text make.
pub(super) fn sqlite(
    schema: &Schema,
    planned: &mut Planned,
    made: &mut Vec<String>,
    statement: &Statement,
    params: Params,
) -> Result<()> {
    let tree = parsed(&PostgreSqlDialect {}, statement);
    let (theirs, after): (Vec<RawStatement>, Vec<RawStatement>) = match tree {
        Some(Tree::CreateTable(table)) => {
            let name = bare(&table.name)?;
            // Its name is then SQLite's matter, or whether it makes anything.
            let watches = table.query.is_some() || table.if_not_exists;
            let text = RawStatement::theirs(create_table(table, statement)?, params);
            made.push(name.clone());
            match watches {
                true => (watched(vec![text], false), vec![]),
                false => (
                    vec![text],
                    vec![ours(SECURE, params![name]), ours(BUMP, params![])],
                ),
            }
        }
        Some(Tree::Drop {
            object_type: ObjectType::Table,
            if_exists,
            names,
            ..
        }) => {
            let names: Vec<String> = names.iter().map(bare).collect::<Result<_>>()?;
            made.retain(|known| !names.contains(known));
            let exists = if if_exists { "IF EXISTS " } else { "" };
            let drop = |name: &String| {
                RawStatement::theirs(format!("DROP TABLE {exists}{}", quoted(name)), params![])
            };
            (watched(names.iter().map(drop).collect(), false), vec![])
        }
        Some(Tree::AlterTable(change)) => {
            not_published(schema, &change)?;
            (alter_table(&change, made, statement, params)?, vec![])
        }
        Some(Tree::CreatePolicy(policy)) => {
            let table = guarded(&policy.table_name)?;
            let policy = new_policy(policy, table);
            let steps = schema.policies.steps(&policy, made)?;
            (
                vec![],
                steps.into_iter().map(|(sql, params)| ours(sql, params)).collect(),
            )
        }
        Some(Tree::DropPolicy(drop)) => {
            let mut removal = ours(
                "DELETE FROM system.policies WHERE table_name = $1 AND name = $2",
                params![guarded(&drop.table_name)?, drop.name.value],
            );
            if !drop.if_exists {
                removal = removal.or_fail("42704", "the policy does not exist");
            }
            (vec![], vec![removal, ours(BUMP, params![])])
        }
        Some(
            Tree::Grant(_)
            | Tree::Revoke(_)
            | Tree::CreateFunction(_)
            | Tree::CreateExtension(_)
            | Tree::Comment { .. },
        ) => return Err(only_postgres(&feature(statement))),
        other => {
            let text = vec![RawStatement::theirs(statement.text.as_str(), params)];
            let word = |at: usize, word: &str| statement.tokens.get(at).is_some_and(|token| token.is(word));
            if word(0, "alter")
                && let Some(Tree::AlterTable(change)) = parsed(&SQLiteDialect {}, statement)
            {
                not_published(schema, &change)?;
            }
            let makes = unread_table(other.as_ref(), statement)?;
            let changes = makes.is_some() || word(0, "alter") || (word(0, "drop") && word(1, "table"));
            made.extend(makes);
            match changes {
                true => (watched(text, word(0, "alter")), vec![]),
                false => (text, vec![]),
            }
        }
    };
    let at = planned.script.len();
    let first = theirs.iter().position(|statement| !statement.ours);
    planned.answers.push(first.map(|first| at + first));
    planned.script.extend(theirs);
    planned.script.extend(after);
    Ok(())
}

/// The table that a `CREATE TABLE` makes which only SQLite can read, `JSONB TEXT` for one: it has row security too.
///
/// # Errors
/// `workbench.sql_refused` for a name whose case only SQLite would know.
fn unread_table(tree: Option<&Tree>, statement: &Statement) -> Result<Option<String>> {
    let tokens = &statement.tokens;
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    if tree.is_some() || !is(0, "create") || !is(1, "table") {
        return Ok(None);
    }
    let mut at = if is(2, "if") { 5 } else { 2 };
    if tokens.get(at + 1).is_some_and(|token| token.text == ".") {
        at += 2;
    }
    let Some(name) = tokens.get(at) else {
        return Ok(None);
    };
    if name.kind == TokenKind::Word && !statement.text.contains(&name.text) {
        return Err(super::guard::refused(
            "The statement cannot be parsed: write the table's name in quotes",
        ));
    }
    Ok(Some(name.text.clone()))
}

fn ours(sql: impl Into<String>, params: Params) -> RawStatement {
    RawStatement::ours(sql, params)
}

/// Statements that may make, change or drop tables, with what lets row security and policies follow.
fn watched(statements: Vec<RawStatement>, columns: bool) -> Vec<RawStatement> {
    let Watch { before, after } = watch(columns);
    let around = std::iter::once(before).chain(statements).chain(after);
    around.collect()
}

fn parsed(dialect: &dyn Dialect, statement: &Statement) -> Option<Tree> {
    let trees = Parser::parse_sql(dialect, &statement.text);
    trees.ok()?.into_iter().next()
}

fn feature(statement: &Statement) -> String {
    let words = statement
        .tokens
        .iter()
        .take(2)
        .map(|token| token.text.to_uppercase());
    let words: Vec<String> = words.collect();
    words.join(" ")
}

/// Refuses to take away or rename a column that change events name.
fn not_published(schema: &Schema, change: &AlterTable) -> Result<()> {
    let table = guarded(&change.name)?;
    let catalogue = schema.library.current();
    let Some(published) = catalogue
        .published()
        .iter()
        .find(|known| known.table.eq_ignore_ascii_case(&table))
    else {
        return Ok(());
    };
    for operation in &change.operations {
        let named: Vec<&Ident> = match operation {
            AlterTableOperation::RenameColumn { old_column_name, .. } => vec![old_column_name],
            AlterTableOperation::DropColumn { column_names, .. } => column_names.iter().collect(),
            _ => Vec::new(),
        };
        let held = named.into_iter().find(|column| {
            published
                .columns
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&column.value))
        });
        if let Some(column) = held {
            let message = format!("cannot change column {} of table {table}", column.value);
            return Err(sqlstate("2BP01", message)
                .details(format!("the change events of table {table} depend on it"))
                .hint("Use the tables' API, which lets them follow, or switch the events off first"));
        }
    }
    Ok(())
}

/// SQLite takes one change at a time; the first one's answer is the statement's.
fn alter_table(
    change: &AlterTable,
    made: &mut Vec<String>,
    statement: &Statement,
    params: Params,
) -> Result<Vec<RawStatement>> {
    let switches = |operation: &AlterTableOperation| {
        matches!(
            operation,
            AlterTableOperation::EnableRowLevelSecurity | AlterTableOperation::DisableRowLevelSecurity
        )
    };
    let table = match change.operations.iter().all(switches) {
        true => guarded(&change.name)?,
        false => bare(&change.name)?,
    };
    let mut all = Vec::new();
    for operation in &change.operations {
        match operation {
            AlterTableOperation::EnableRowLevelSecurity => {
                all.extend([ours(SECURE, params![table.as_str()]), bump(&table)]);
            }
            AlterTableOperation::DisableRowLevelSecurity => {
                let sql = "DELETE FROM system.row_security WHERE table_name = $1";
                all.extend([ours(sql, params![table.as_str()]), bump(&table)]);
            }
            AlterTableOperation::ForceRowLevelSecurity | AlterTableOperation::NoForceRowLevelSecurity => {
                return Err(only_postgres("FORCE ROW LEVEL SECURITY"));
            }
            AlterTableOperation::RenameTable { table_name } => {
                let (RenameTableNameKind::To(new) | RenameTableNameKind::As(new)) = table_name;
                let new = bare(new)?;
                let rename = one_change(&table, &format!("RENAME TO {}", quoted(&new)));
                all.extend(watched(vec![rename], true));
                made.push(new);
            }
            AlterTableOperation::AddColumn { column_def, .. } => {
                let mut column = column_def.clone();
                translate_column(&mut column);
                all.push(one_change(&table, &format!("ADD COLUMN {column}")));
            }
            _ if change.operations.len() == 1 => {
                let text = RawStatement::theirs(statement.text.as_str(), params.clone());
                all.extend(watched(vec![text], true));
            }
            other => all.extend(watched(vec![one_change(&table, &other.to_string())], true)),
        }
    }
    Ok(all)
}

/// Tells that policies have changed, where the table is there.
fn bump(table: &str) -> RawStatement {
    if table == OBJECTS {
        return ours(BUMP, params![]);
    }
    ours(BUMP_OF, params![table]).or_fail("42P01", format!("relation \"{table}\" does not exist"))
}

fn one_change(table: &str, change: &str) -> RawStatement {
    RawStatement::theirs(format!("ALTER TABLE {} {change}", quoted(table)), params![])
}

fn create_table(mut table: CreateTable, statement: &Statement) -> Result<String> {
    if table.like.is_some() || table.temporary {
        return Err(only_postgres("LIKE and TEMPORARY in CREATE TABLE"));
    }
    if table.query.is_some() {
        return Ok(statement.text.clone());
    }
    let written = table.to_string();
    table.name = ObjectName::from(vec![Ident::with_quote('"', bare(&table.name)?)]);
    for column in &mut table.columns {
        translate_column(column);
    }
    let translated = table.to_string();
    // What is in SQLite's words already, an export of ours for one, stays as it is to the letter.
    Ok(match translated == written {
        true => statement.text.clone(),
        false => translated,
    })
}

fn translate_column(column: &mut ColumnDef) {
    let declared = column.data_type.to_string();
    let kind = ColumnType::of(&declared);
    let lower = declared.to_ascii_lowercase();
    let counts = lower.contains("serial");
    let identity = |option: &ColumnOption| {
        matches!(
            option,
            ColumnOption::Generated {
                generation_expr: None,
                ..
            }
        )
    };
    let counted = counts || column.options.iter().any(|option| identity(&option.option));
    let word = if counted {
        "INTEGER"
    } else {
        kind.declared_in_sqlite()
    };
    column.data_type = DataType::Custom(ObjectName::from(vec![Ident::new(word)]), Vec::new());
    column.options.retain(|option| !identity(&option.option));
    for option in &mut column.options {
        if let ColumnOption::Default(default) = &mut option.option {
            *default = translate_default(default.clone(), kind);
        }
    }
}

fn translate_default(default: Expr, kind: ColumnType) -> Expr {
    let mut uncast = default;
    while let Expr::Cast { expr, .. } | Expr::Nested(expr) = uncast {
        uncast = *expr;
    }
    let text = uncast.to_string();
    let known = default_in_sqlite(&text, kind);
    match known {
        Some(sql) => Expr::Nested(Box::new(Expr::Identifier(Ident::new(sql)))),
        None if matches!(uncast, Expr::Value(_)) => uncast,
        None => Expr::Nested(Box::new(uncast)),
    }
}

/// The name of a table that policies guard: one of `public`, or `storage.objects`.
fn guarded(name: &ObjectName) -> Result<String> {
    if is_objects(name) {
        return Ok(OBJECTS.to_owned());
    }
    bare(name)
}

/// The name of a table of `public`.
///
/// # Errors
/// 0A000 for a table of another schema, 42602 for a name that could pose as the system's.
fn bare(name: &ObjectName) -> Result<String> {
    let parts: Vec<String> = name
        .0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) if ident.quote_style.is_some() => ident.value.clone(),
            ObjectNamePart::Identifier(ident) => ident.value.to_ascii_lowercase(),
            ObjectNamePart::Function(function) => function.to_string(),
        })
        .collect();
    let name = match parts.as_slice() {
        [name] => name,
        [schema, name] if schema == "public" => name,
        _ => return Err(only_postgres("schemas other than public")),
    };
    if name.contains('.') {
        return Err(sqlstate("42501", format!("permission denied for table {name}")));
    }
    Ok(name.clone())
}

fn quoted(name: &str) -> String {
    busbar_schema::quote::quoted(name)
}
