//! A policy's subquery to the tree, or a refusal that names the construct.

use busbar_kernel::Result;
use sqlparser::ast::{
    Expr, JoinConstraint, JoinOperator, ObjectNamePart, Query, Select as Written, SelectItem, SetExpr,
    TableFactor, TableWithJoins,
};

use super::expression::Expression;
use super::parse::{Reader, name, refused};
use super::select::{Select, Source};
use crate::refusal::sqlstate;

/// So many tables one subquery combines.
const TABLES: usize = 4;
/// So deep subqueries nest.
const DEEPEST: usize = 3;

impl Reader<'_> {
    /// `EXISTS (SELECT …)`: what stands between `SELECT` and `FROM` is read only to refuse what makes rows of its own.
    pub(super) fn exists(&self, query: &Query, negated: bool) -> Result<Expression> {
        let (select, projection) = self.select(query)?;
        for item in projection {
            match item {
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {}
                SelectItem::UnnamedExpr(written) | SelectItem::ExprWithAlias { expr: written, .. } => {
                    self.within(&select.sources, || self.read(written))?;
                }
                other => return Err(refused(other)),
            }
        }
        let exists = Expression::Exists(Box::new(select));
        Ok(if negated {
            Expression::Not(Box::new(exists))
        } else {
            exists
        })
    }

    /// `value IN (SELECT column …)`.
    pub(super) fn in_select(&self, value: &Expr, query: &Query, negated: bool) -> Result<Expression> {
        let value = self.boxed(value)?;
        let (mut select, projection) = self.select(query)?;
        let [SelectItem::UnnamedExpr(column) | SelectItem::ExprWithAlias { expr: column, .. }] = projection
        else {
            return Err(sqlstate("42601", "a subquery of IN has one column"));
        };
        select.column = Some(self.within(&select.sources, || self.read(column))?);
        Ok(Expression::InSelect {
            value,
            select: Box::new(select),
            negated,
        })
    }

    fn select<'q>(&self, query: &'q Query) -> Result<(Select, &'q [SelectItem])> {
        let plain = query.with.is_none()
            && query.order_by.is_none()
            && query.limit_clause.is_none()
            && query.fetch.is_none()
            && query.locks.is_empty();
        let SetExpr::Select(written) = query.body.as_ref() else {
            return Err(refused("UNION or VALUES in a subquery"));
        };
        if !plain || !is_plain(written) {
            return Err(refused("a subquery of more than SELECT, FROM, JOIN and WHERE"));
        }
        let mut select = Select {
            column: None,
            sources: Vec::new(),
            condition: None,
        };
        let mut joined = Vec::new();
        for table in &written.from {
            self.tables(table, &mut select.sources, &mut joined)?;
        }
        match select.sources.len() {
            0 => return Err(refused("a subquery without FROM")),
            1..=TABLES => {}
            _ => return Err(refused(format!("a subquery of more than {TABLES} tables"))),
        }
        if self.scopes.borrow().len() >= DEEPEST {
            return Err(refused(format!("subqueries nested deeper than {DEEPEST}")));
        }
        joined.extend(&written.selection);
        for condition in joined {
            let condition = self.within(&select.sources, || self.read(condition))?;
            select.condition = Some(match select.condition.take() {
                None => condition,
                Some(before) => Expression::And(Box::new(before), Box::new(condition)),
            });
        }
        Ok((select, &written.projection))
    }

    fn tables<'q>(
        &self,
        written: &'q TableWithJoins,
        sources: &mut Vec<Source>,
        joined: &mut Vec<&'q Expr>,
    ) -> Result<()> {
        self.table(&written.relation, sources)?;
        for join in &written.joins {
            self.table(&join.relation, sources)?;
            match &join.join_operator {
                JoinOperator::Join(JoinConstraint::On(condition))
                | JoinOperator::Inner(JoinConstraint::On(condition)) => joined.push(condition),
                JoinOperator::CrossJoin(JoinConstraint::None) => {}
                _ => return Err(refused("a join other than JOIN … ON and CROSS JOIN")),
            }
        }
        Ok(())
    }

    fn table(&self, factor: &TableFactor, sources: &mut Vec<Source>) -> Result<()> {
        let TableFactor::Table {
            name: written,
            alias,
            args: None,
            version: None,
            with_ordinality: false,
            sample: None,
            json_path: None,
            ..
        } = factor
        else {
            return Err(refused("something other than tables after FROM"));
        };
        let mut parts = Vec::new();
        for part in &written.0 {
            match part {
                ObjectNamePart::Identifier(ident) => parts.push(name(ident)),
                ObjectNamePart::Function(_) => return Err(refused(format!("the table {written}"))),
            }
        }
        let table = match parts.as_slice() {
            [table] => table.clone(),
            [schema, table] if schema == "public" => table.clone(),
            _ => return Err(refused(format!("the table {written}, which is not in public"))),
        };
        let alias = match alias {
            Some(alias) if alias.columns.is_empty() => name(&alias.name),
            Some(_) => return Err(refused("names of columns after a table's")),
            None => table.clone(),
        };
        // A name stands for one row at a time, wherever it is written.
        let taken = alias == self.table
            || sources.iter().any(|source| source.alias == alias)
            || self.scopes.borrow().iter().flatten().any(|known| *known == alias);
        if taken {
            return Err(sqlstate(
                "42712",
                format!("table name \"{alias}\" specified more than once"),
            )
            .hint("Give the table of the subquery a name of its own: FROM members AS m"));
        }
        sources.push(Source { table, alias });
        Ok(())
    }

    /// Reads with the names of these tables known.
    fn within<T>(&self, sources: &[Source], read: impl FnOnce() -> T) -> T {
        let names = sources.iter().map(|source| source.alias.clone()).collect();
        self.scopes.borrow_mut().push(names);
        let done = read();
        self.scopes.borrow_mut().pop();
        done
    }
}

fn is_plain(select: &Written) -> bool {
    let ungrouped = match &select.group_by {
        sqlparser::ast::GroupByExpr::Expressions(by, modifiers) => by.is_empty() && modifiers.is_empty(),
        sqlparser::ast::GroupByExpr::All(_) => false,
    };
    ungrouped
        && select.distinct.is_none()
        && select.having.is_none()
        && select.into.is_none()
        && select.lateral_views.is_empty()
        && select.named_window.is_empty()
        && select.qualify.is_none()
}
