//! Statements about the policies of `storage.objects`, which is the system's own table: Busbar makes the change in the
//! operator's place, from the policy's tree and never from its text.

use busbar_kernel::{Error, Result};
use busbar_schema::policies::OBJECTS;
use busbar_schema::{NewPolicy, ObjectsChange};
use busbar_store::Statement;
use sqlparser::ast::{
    AlterTable, AlterTableOperation, CreatePolicy, CreatePolicyType, Expr, Ident, ObjectName, ObjectNamePart,
    Owner, Statement as Tree,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::guard::refused;

/// The changes that a text makes when all of it is about policies of `storage.objects`; `None` when nothing is.
///
/// # Errors
/// `workbench.sql_refused` for a text that holds other statements too.
pub(super) fn changes(written: &[Statement]) -> Result<Option<Vec<ObjectsChange>>> {
    let found: Vec<Option<Vec<ObjectsChange>>> = written.iter().map(of_statement).collect();
    if found.iter().all(Option::is_none) {
        return Ok(None);
    }
    let all: Option<Vec<Vec<ObjectsChange>>> = found.into_iter().collect();
    match all {
        Some(all) => Ok(Some(all.into_iter().flatten().collect())),
        None => Err(apart()),
    }
}

/// Refuses a text with such a statement where it cannot be made.
///
/// # Errors
/// `workbench.sql_refused`.
pub(super) fn none(written: &[Statement]) -> Result<()> {
    match written.iter().any(|statement| of_statement(statement).is_some()) {
        true => Err(apart()),
        false => Ok(()),
    }
}

fn apart() -> Error {
    refused(
        "Policies of storage.objects are changed by a text of raw SQL that holds nothing else: on PostgreSQL Busbar \
         makes the change, because the table is its own",
    )
}

fn of_statement(statement: &Statement) -> Option<Vec<ObjectsChange>> {
    let tree = Parser::parse_sql(&PostgreSqlDialect {}, &statement.text).ok()?;
    match tree.into_iter().next()? {
        Tree::CreatePolicy(policy) if is_objects(&policy.table_name) => Some(vec![ObjectsChange::Create(
            new_policy(policy, OBJECTS.to_owned()),
        )]),
        Tree::DropPolicy(drop) if is_objects(&drop.table_name) => Some(vec![ObjectsChange::Drop {
            name: folded(&drop.name),
            if_exists: drop.if_exists,
        }]),
        Tree::AlterTable(change) if is_objects(&change.name) => switches(&change),
        _ => None,
    }
}

/// The switches of an `ALTER TABLE` that is made of nothing else.
fn switches(change: &AlterTable) -> Option<Vec<ObjectsChange>> {
    let operations = change.operations.iter();
    operations
        .map(|operation| match operation {
            AlterTableOperation::EnableRowLevelSecurity => Some(ObjectsChange::Secure(true)),
            AlterTableOperation::DisableRowLevelSecurity => Some(ObjectsChange::Secure(false)),
            _ => None,
        })
        .collect()
}

/// Whether a name is that of `storage.objects`.
pub(super) fn is_objects(name: &ObjectName) -> bool {
    let parts: Vec<String> = name
        .0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => folded(ident),
            ObjectNamePart::Function(_) => String::new(),
        })
        .collect();
    parts == ["storage", "objects"]
}

fn folded(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_ascii_lowercase(),
    }
}

/// The policy that a statement makes for `table`.
pub(super) fn new_policy(policy: CreatePolicy, table: String) -> NewPolicy {
    let text = |expression: Option<Expr>| expression.map(|expression| expression.to_string());
    let role = |owner: &Owner| match owner {
        Owner::Ident(name) => folded(name),
        other => other.to_string(),
    };
    NewPolicy {
        table,
        name: policy.name.value.clone(),
        command: policy
            .command
            .as_ref()
            .map_or_else(|| "ALL".to_owned(), ToString::to_string),
        permissive: !matches!(policy.policy_type, Some(CreatePolicyType::Restrictive)),
        roles: policy.to.iter().flatten().map(role).collect(),
        using: text(policy.using),
        check: text(policy.with_check),
    }
}

#[cfg(test)]
mod tests {
    use busbar_store::{Dialect, statements};

    use super::*;

    fn found(sql: &str) -> Result<Option<usize>> {
        let changes = changes(&statements(sql, Dialect::Postgres))?;
        Ok(changes.map(|changes| changes.len()))
    }

    #[test]
    fn only_texts_that_hold_nothing_else() {
        let create = "CREATE POLICY p ON storage.objects FOR SELECT TO authenticated \
                      USING (uploaded_by = auth.jwt()->>'sub')";
        assert_eq!(found(create).unwrap(), Some(1));
        let several = format!(
            "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY; {create}; \
                               DROP POLICY IF EXISTS q ON \"storage\".\"objects\""
        );
        assert_eq!(found(&several).unwrap(), Some(3));
        assert_eq!(
            found("SELECT 1; CREATE POLICY p ON objects USING (true)").unwrap(),
            None
        );
        assert_eq!(found("DROP TABLE storage.objects").unwrap(), None);
        assert_eq!(
            found("ALTER TABLE storage.objects DROP COLUMN key").unwrap(),
            None
        );
        assert!(found(&format!("{create}; DROP TABLE t")).is_err());
        assert!(none(&statements(create, Dialect::Postgres)).is_err());
    }
}
