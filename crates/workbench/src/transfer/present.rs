//! What a file of SQL would make although it is there already.

use std::collections::HashSet;
use std::sync::Arc;

use busbar_kernel::Result;
use busbar_schema::Schema;
use busbar_schema::catalogue::Catalogue;
use busbar_store::{Statement, Token};

use crate::listing::Listing;

/// What `public` holds, by name.
pub(super) struct Present {
    catalogue: Arc<Catalogue>,
    indexes: HashSet<String>,
    /// With their tables.
    policies: HashSet<(String, String)>,
    triggers: HashSet<(String, String)>,
}

impl Present {
    /// Looks.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn look(schema: &Schema) -> Result<Self> {
        let indexes = schema.tables.indexes("public").await?;
        let policies = schema.policies.list("public").await?;
        let triggers = Listing::new(schema.clone()).triggers("public").await?;
        Ok(Self {
            catalogue: schema.library.current(),
            indexes: indexes.into_iter().map(|index| index.index_name).collect(),
            policies: policies
                .into_iter()
                .map(|policy| (policy.table, policy.name))
                .collect(),
            triggers: triggers
                .into_iter()
                .map(|trigger| (trigger.table_name, trigger.trigger_name))
                .collect(),
        })
    }

    /// Whether the statement makes a table, view, index, trigger or policy of a name that is taken.
    pub(super) fn has(&self, statement: &Statement) -> bool {
        let mut tokens = statement.tokens.as_slice();
        if !skip(&mut tokens, "create") {
            return false;
        }
        for word in ["unique", "materialized"] {
            skip(&mut tokens, word);
        }
        let Some((kind, mut tokens)) = tokens.split_first() else {
            return false;
        };
        for word in ["if", "not", "exists"] {
            skip(&mut tokens, word);
        }
        let Some(name) = name(&mut tokens) else {
            return false;
        };
        let on_table = || {
            let at = tokens.iter().position(|token| token.is("on"))?;
            self::name(&mut tokens.get(at + 1..)?)
        };
        let among = |known: &HashSet<(String, String)>| {
            on_table().is_some_and(|table| known.contains(&(table, name.clone())))
        };
        match kind {
            kind if kind.is("table") || kind.is("view") => self.catalogue.table("public", &name).is_ok(),
            kind if kind.is("index") => self.indexes.contains(&name),
            kind if kind.is("policy") => among(&self.policies),
            kind if kind.is("trigger") => among(&self.triggers),
            _ => false,
        }
    }
}

/// Passes over a word, where it is next.
fn skip(tokens: &mut &[Token], word: &str) -> bool {
    match tokens.split_first() {
        Some((first, rest)) if first.is(word) => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

/// The name that is next, without the schema `public`.
fn name(tokens: &mut &[Token]) -> Option<String> {
    if let [schema, dot, rest @ ..] = *tokens
        && schema.text == "public"
        && dot.text == "."
    {
        *tokens = rest;
    }
    let (first, rest) = tokens.split_first()?;
    *tokens = rest;
    Some(first.text.clone())
}
