//! What a request would run, without running it: for those that examine statements, as the fuzzer does.

use busbar_kernel::{Clock, Result};
use busbar_schema::catalogue::Catalogue;
use busbar_store::{Dialect, Params, Value};

use crate::caller::Caller;
use crate::grammar::{Item, Offers, Part, Query, name_list, negotiate, select, window};
use crate::records::{Method, RecordOptions, RecordRequest};
use crate::refusal::pgrst;
use crate::render::{
    Asked, Change, ChangeKind, Conflict, Inputs, Insert, Read, RowForm, Statement, change, insert, literals,
    node,
};

/// A statement and its parameters.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The statement.
    pub sql: String,
    /// Its parameters, by their place.
    pub params: Params,
}

/// What a request is rendered for.
#[derive(Clone)]
pub struct Rendering<'r> {
    /// The database's language.
    pub dialect: Dialect,
    /// What tables there are.
    pub catalogue: &'r Catalogue,
    /// What tells the time.
    pub clock: &'r dyn Clock,
    /// Who asks.
    pub caller: &'r Caller,
    /// What is allowed.
    pub options: RecordOptions,
}

impl Rendering<'_> {
    /// The statements that a request over a table of `public` becomes. The body does not count: a write sets the
    /// columns that `columns` names, else the first, to NULL, and returns what `select` shows.
    ///
    /// # Errors
    /// What a request is refused with.
    pub fn statements(&self, request: &RecordRequest<'_>) -> Result<Vec<Rendered>> {
        let query = Query::parse(request.query)?;
        let accept = negotiate(request.headers.accept, Offers::default())?;
        let reads = request.method.reads();
        let window = window(
            &query,
            request.headers.range,
            self.options.most_rows.filter(|_| reads),
        )?;
        let table = self.catalogue.table("public", request.table)?;
        let items = select(query.select.as_deref().unwrap_or_default())?;
        if !self.options.aggregates && items.iter().any(Item::aggregates) {
            return Err(pgrst("PGRST123", "Use of aggregate functions is not allowed"));
        }
        let asked = Asked {
            catalogue: self.catalogue,
            table,
            items: &items,
            conditions: &query.conditions,
            order: query.order.as_deref().unwrap_or_default(),
            below: &query.below,
            has_limit: window.limit.is_some(),
            has_offset: window.offset > 0,
            capped: reads && self.options.most_rows.is_some(),
            zone: None,
        };
        let node = node(&asked)?;
        let role = self.caller.role;
        let form = RowForm {
            nulls_stripped: accept.nulls_stripped,
            geography: None,
        };
        let columns = match query.columns.as_deref() {
            None => vec![0],
            Some(list) => name_list("columns parameter", list)?
                .iter()
                .map(|name| table.column(name).map(|_| table.position(name).unwrap_or(0)))
                .collect::<Result<_>>()?,
        };
        let statements: Vec<Statement> = match request.method {
            Method::Get | Method::Head => {
                let read = Read { node, role, form };
                let plan = crate::render::read(self.dialect, &read)?;
                vec![plan.rows, plan.page, plan.total]
            }
            Method::Post | Method::Put => {
                let target = table.primary_key.clone();
                let conflict =
                    (!target.is_empty() && request.method == Method::Put).then_some(Conflict::Merge {
                        target: &target,
                        columns: &columns,
                    });
                let insert_of = Insert {
                    table,
                    role,
                    columns: &columns,
                    rows: 1,
                    conflict,
                    returning: Some(&node),
                    form,
                };
                vec![insert(self.dialect, &insert_of)?.statement]
            }
            // Nothing to set changes nothing.
            Method::Patch if columns.is_empty() => Vec::new(),
            Method::Patch | Method::Delete => {
                let kind = if request.method == Method::Patch {
                    ChangeKind::Update {
                        columns: &columns,
                        defaults: &[],
                    }
                } else {
                    ChangeKind::Delete
                };
                let changing = change(
                    self.dialect,
                    &Change {
                        kind,
                        table,
                        role,
                        node: &node,
                        returning: true,
                        form,
                    },
                )?;
                changing.before.into_iter().chain([changing.statement]).collect()
            }
        };
        let mut found = Vec::new();
        literals(&query.conditions, &mut found);
        for below in &query.below {
            if let Part::Condition(tree) = &below.part {
                literals(std::slice::from_ref(tree), &mut found);
            }
        }
        let inputs = Inputs {
            clock: self.clock,
            dialect: self.dialect,
            literals: &found,
            window,
            below: &query.below,
            most: self.options.most_rows,
            caller: self.caller,
            zone: None,
        };
        let rendered = statements.into_iter().map(|statement| {
            let mut cells = vec![Value::Null; columns.len()];
            let params = inputs.params(&statement, &mut cells, Some(&mut "{}".to_owned()))?;
            Ok(Rendered {
                sql: statement.sql.to_string(),
                params,
            })
        });
        rendered.collect()
    }
}
