//! Which table each column of a policy belongs to, and what the policies of those tables ask in turn.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use busbar_kernel::{Error, Result};

use super::compile::predicate;
use super::expression::Expression;
use super::parse::parse;
use super::predicate::{Policy, Predicate};
use super::select::Source;
use super::stored::StoredPolicy;
use crate::catalogue::{Asks, Catalogue, Security, Table};
use crate::refusal::{sqlstate, undefined_table};

/// Where a policy's subqueries find other tables.
pub(crate) trait Others {
    /// A table of `public`.
    ///
    /// # Errors
    /// 42P01 without it, 0A000 for a view.
    fn table(&self, name: &str) -> Result<&Table>;

    /// Its policies, when its rows are guarded by them and not by the database.
    ///
    /// # Errors
    /// 42P17 when they ask for the table whose policies are being read.
    fn policies(&self, name: &str) -> Result<Option<Arc<[Policy]>>>;
}

/// No tables: for expressions without subqueries.
pub(crate) struct Nothing;

impl Others for Nothing {
    fn table(&self, _: &str) -> Result<&Table> {
        Err(super::parse::refused("a subquery here"))
    }

    fn policies(&self, _: &str) -> Result<Option<Arc<[Policy]>>> {
        Ok(None)
    }
}

/// Qualifies the columns inside subqueries as PostgreSQL finds them: innermost tables first, the policy's own last.
///
/// # Errors
/// 42703 for a column that is nowhere, 42702 for one that several tables have, 42P01 for a table that is not there.
pub(crate) fn qualify(tree: &mut Expression, own: &Table, others: &dyn Others) -> Result<()> {
    tree.walk(&mut Vec::new(), &mut |leaf, scopes| {
        match leaf {
            Expression::Column(name) if !scopes.is_empty() => {
                let named = std::mem::take(name);
                let owner = owner(&named, own, scopes, others)?;
                *leaf = Expression::Of(owner, named);
            }
            Expression::Of(row, name) => {
                let source = scopes.iter().flatten().find(|source| source.alias == *row);
                match source {
                    Some(source) => others.table(&source.table)?.column(name).map(|_| ())?,
                    None if *row == own.name => own.column(name).map(|_| ())?,
                    None => {
                        return Err(sqlstate(
                            "42P01",
                            format!("missing FROM-clause entry for table \"{row}\""),
                        ));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    })
}

fn owner(name: &str, own: &Table, scopes: &[Vec<Source>], others: &dyn Others) -> Result<String> {
    for scope in scopes.iter().rev() {
        let mut found = None;
        for source in scope {
            if others.table(&source.table)?.position(name).is_some()
                && found.replace(source.alias.clone()).is_some()
            {
                return Err(sqlstate(
                    "42702",
                    format!("column reference \"{name}\" is ambiguous"),
                ));
            }
        }
        if let Some(alias) = found {
            return Ok(alias);
        }
    }
    own.column(name).map(|_| own.name.clone())
}

/// What policies of a table ask for beside its own rows.
pub(crate) fn mentioned(tree: &mut Expression) -> Vec<String> {
    let mut tables = Vec::new();
    tree.sources(&mut |table| tables.push(table.clone()));
    tables
}

pub(crate) fn recursion(table: &str) -> Error {
    sqlstate(
        "42P17",
        format!("infinite recursion detected in policy for relation \"{table}\""),
    )
}

/// The policies of all tables, and of one of the system's beside them, ready to render, by the names they are kept
/// under; one that no longer fits lets nobody pass.
pub(crate) fn compile_all(
    tables: &[Table],
    beside: Option<(&str, &Table)>,
    stored: &[StoredPolicy],
) -> HashMap<String, Arc<[Policy]>> {
    let all = All {
        tables: tables.iter().map(|table| (table.name.as_str(), table)).collect(),
        stored,
        visible: RefCell::default(),
    };
    let secured = tables.iter().filter(|table| table.row_security());
    let named = secured.map(|table| (table.name.as_str(), table));
    let compiled = named.chain(beside).map(|(name, table)| {
        let own = stored.iter().filter(|policy| policy.table == name);
        let compiled = own.map(|stored| all.compile(stored, table)).collect();
        (name.to_owned(), compiled)
    });
    compiled.collect()
}

struct All<'t> {
    tables: HashMap<&'t str, &'t Table>,
    stored: &'t [StoredPolicy],
    /// Those for reading, by table; none while they are being read.
    visible: RefCell<HashMap<String, Option<Arc<[Policy]>>>>,
}

impl Others for All<'_> {
    fn table(&self, name: &str) -> Result<&Table> {
        let table = self.tables.get(name).copied();
        let table = table.ok_or_else(|| undefined_table("public", name))?;
        no_view(table)
    }

    fn policies(&self, name: &str) -> Result<Option<Arc<[Policy]>>> {
        let table = self.table(name)?;
        if !table.row_security() {
            return Ok(None);
        }
        let read = self.visible.borrow().get(name).cloned();
        match read {
            Some(Some(read)) => return Ok(Some(read)),
            Some(None) => return Err(recursion(name)),
            None => {}
        }
        self.visible.borrow_mut().insert(name.to_owned(), None);
        let own = self.stored.iter().filter(|policy| policy.table == name);
        let reading = own.filter(|policy| policy.reads());
        let compiled: Arc<[Policy]> = reading.map(|stored| self.compile(stored, table)).collect();
        let mut visible = self.visible.borrow_mut();
        visible.insert(name.to_owned(), Some(compiled.clone()));
        Ok(Some(compiled))
    }
}

impl All<'_> {
    fn compile(&self, stored: &StoredPolicy, table: &Table) -> Policy {
        let predicate = |text: &Option<String>| {
            text.as_ref().map(|text| {
                let compiled = parse(text, &table.name).and_then(|tree| predicate(&tree, table, self));
                compiled.unwrap_or_else(|_| Predicate::never())
            })
        };
        Policy {
            command: stored.command(),
            permissive: stored.permissive,
            roles: stored.role_names(),
            using: predicate(&stored.using_sql),
            check: predicate(&stored.check_sql),
        }
    }
}

/// What the policies ask of other tables.
pub(crate) fn asks(stored: &[StoredPolicy]) -> Vec<Asks> {
    let of = |policy: &StoredPolicy| {
        let texts = policy.using_sql.iter().chain(&policy.check_sql);
        let trees = texts.filter_map(|text| parse(text, policy.row()).ok());
        let asked: Vec<String> = trees.flat_map(|mut tree| mentioned(&mut tree)).collect();
        let asks = asked.into_iter().map(|asked| Asks {
            table: policy.table.clone(),
            policy: policy.name.clone(),
            asked,
            reads: policy.reads(),
        });
        asks.collect::<Vec<_>>()
    };
    stored.iter().flat_map(of).collect()
}

fn no_view(table: &Table) -> Result<&Table> {
    match table.is_view {
        true => Err(super::parse::refused(format!(
            "the view {} in a subquery",
            table.name
        ))),
        false => Ok(table),
    }
}

/// The tables of a catalogue.
impl Others for Catalogue {
    fn table(&self, name: &str) -> Result<&Table> {
        no_view(Self::table(self, "public", name)?)
    }

    fn policies(&self, name: &str) -> Result<Option<Arc<[Policy]>>> {
        Ok(match &Self::table(self, "public", name)?.security {
            Security::Rendered(policies) => Some(policies.clone()),
            Security::Native { .. } | Security::Closed => None,
        })
    }
}
