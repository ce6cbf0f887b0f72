//! Which relation an embed means, by the rules of PostgREST.

use busbar_kernel::{Error, Result};
use busbar_schema::catalogue::{Cardinality, Catalogue, Link, Relation, Table};
use busbar_schema::similar::closest;
use serde_json::json;

use crate::grammar::Embed;
use crate::refusal::pgrst;

/// The relation that an embed names.
///
/// # Errors
/// `PGRST200` when there is none, `PGRST201` when there are several.
pub(super) fn find<'c>(catalogue: &'c Catalogue, origin: &Table, embed: &Embed) -> Result<&'c Relation> {
    let (schema, name) = origin.known_as();
    let relations = catalogue.relations(schema, name);
    let functions = relations.iter().filter(|relation| match &relation.link {
        Link::Function { name } => *name == embed.name && embed.hint.is_none(),
        _ => false,
    });
    let mut found: Vec<&Relation> = functions.collect();
    if found.is_empty() {
        found = relations
            .iter()
            .filter(|relation| means(origin, embed, relation))
            .collect();
    }
    match found.as_slice() {
        [] => Err(none(catalogue, origin, embed)),
        [one] => Ok(one),
        several => Err(ambiguous(origin, embed, several)),
    }
}

fn means(origin: &Table, embed: &Embed, relation: &Relation) -> bool {
    let (name, target) = (embed.name.as_str(), &relation.target);
    let cardinality = relation.cardinality;
    if matches!(relation.link, Link::Function { .. }) {
        return false;
    }
    if target.name == origin.known_as().1 {
        // One foreign key is two relations: the table's name means the many, the column's name the one.
        return match &embed.hint {
            None => {
                (name == target.name
                    && !matches!(cardinality, Cardinality::ManyToOne | Cardinality::ManyToMany))
                    || (cardinality == Cardinality::ManyToOne && is_column_here(relation, name))
            }
            Some(hint) => name == target.name && is_column_there(relation, hint),
        };
    }
    match &embed.hint {
        None => {
            name == target.name
                || (!target.is_view && (is_constraint(relation, name) || is_column_here(relation, name)))
        }
        Some(hint) => {
            name == target.name
                && (is_constraint(relation, hint)
                    || is_column_here(relation, hint)
                    || is_column_there(relation, hint)
                    || matches!(&relation.link, Link::Junction { table, .. } if table.name == *hint))
        }
    }
}

fn is_constraint(relation: &Relation, name: &str) -> bool {
    matches!(&relation.link, Link::Key { constraint, .. } if constraint == name)
}

fn is_column_here(relation: &Relation, name: &str) -> bool {
    matches!(&relation.link, Link::Key { columns, .. } if matches!(columns.as_slice(), [(here, _)] if here == name))
}

fn is_column_there(relation: &Relation, name: &str) -> bool {
    matches!(&relation.link, Link::Key { columns, .. } if matches!(columns.as_slice(), [(_, there)] if there == name))
}

fn none(catalogue: &Catalogue, origin: &Table, embed: &Embed) -> Error {
    let ((schema, here), there) = (origin.known_as(), embed.name.as_str());
    let hinted = embed
        .hint
        .as_ref()
        .map(|hint| format!(" using the hint '{hint}'"));
    let error = pgrst(
        "PGRST200",
        format!("Could not find a relationship between '{here}' and '{there}' in the schema cache"),
    )
    .details(format!(
        "Searched for a foreign key relationship between '{here}' and '{there}'{} in the schema '{}', but no matches \
         were found.",
        hinted.unwrap_or_default(),
        schema
    ));
    let relations = catalogue.relations(schema, here);
    let known = relations.iter().map(|relation| relation.target.name.as_str());
    let meant = if relations.is_empty() {
        let tables = catalogue.tables(schema);
        let related = tables.iter().map(|table| table.name.as_str());
        let related = related.filter(|name| !catalogue.relations(schema, name).is_empty());
        closest(related, here).map(|name| (name.to_owned(), here))
    } else if known.clone().any(|name| name == there) {
        None
    } else {
        closest(known, there).map(|name| (name.to_owned(), there))
    };
    match meant {
        Some((name, instead)) => error.hint(format!("Perhaps you meant '{name}' instead of '{instead}'.")),
        None => error,
    }
}

fn ambiguous(origin: &Table, embed: &Embed, several: &[&Relation]) -> Error {
    let listed = |columns: Vec<&String>| {
        let columns: Vec<&str> = columns.into_iter().map(String::as_str).collect();
        format!("({})", columns.join(", "))
    };
    let near = |columns: &[(String, String)]| listed(columns.iter().map(|(near, _)| near).collect());
    let far = |columns: &[(String, String)]| listed(columns.iter().map(|(_, far)| far).collect());
    let described = several.iter().map(|relation| {
        let target = &relation.target.name;
        let text = match &relation.link {
            Link::Key { constraint, columns } => format!(
                "{constraint} using {}{} and {target}{}",
                origin.known_as().1,
                near(columns),
                far(columns)
            ),
            Link::Junction {
                table,
                near: nearer,
                far: farther,
            } => format!(
                "{} using {}{} and {}{}",
                table.name,
                nearer.0,
                far(&nearer.1),
                farther.0,
                near(&farther.1)
            ),
            Link::Function { name } => name.clone(),
        };
        json!({
            "cardinality": relation.cardinality.words(),
            "embedding": format!("{} with {target}", origin.known_as().1),
            "relationship": text,
        })
    });
    let details = serde_json::Value::from(described.collect::<Vec<_>>());
    let hints = several.iter().map(|relation| {
        let by = match &relation.link {
            Link::Key { constraint, .. } => constraint,
            Link::Junction { table, .. } => &table.name,
            Link::Function { name } => name,
        };
        format!("'{}!{by}'", relation.target.name)
    });
    let hints: Vec<String> = hints.collect();
    let (here, there) = (origin.known_as().1, &embed.name);
    pgrst(
        "PGRST201",
        format!("Could not embed because more than one relationship was found for '{here}' and '{there}'"),
    )
    .details(details.to_string())
    .hint(format!(
        "Try changing '{there}' to one of the following: {}. Find the desired relationship in the 'details' key.",
        hints.join(", ")
    ))
}
