//! Switching the change events of a table on.

use busbar_kernel::ids::new_uuid;
use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Step, params};

use super::{Events, KINDS, Publication, on_postgres, on_sqlite};
use crate::catalogue::Table;
use crate::policy::{Expression, Nothing, Piece, parse, predicate};
use crate::quote::quoted;
use crate::refusal::sqlstate;
use crate::tables::bump_policies;

/// The longest name of a channel, in bytes.
const CHANNEL: usize = 255;
/// The longest address of a webhook, in bytes.
const ADDRESS: usize = 2048;

/// What is to be published of a table, and where.
#[derive(Clone, Debug, Default)]
pub struct NewPublication {
    /// `INSERT`, `UPDATE`, `DELETE`; none means all three.
    pub kinds: Vec<String>,
    /// The columns that events show, with the primary key; none means all, also those that come later.
    pub columns: Option<Vec<String>>,
    /// Only rows that meet this are recorded: the new row, or the deleted one. An expression as policies have it,
    /// without `auth.*`.
    pub condition: Option<String>,
    /// The channel that events go to; `table:<name>` when there is neither a channel nor an address.
    pub channel: Option<String>,
    /// The `http` or `https` address that events are sent to.
    pub webhook_url: Option<String>,
}

/// A publication whose every part is sound.
pub(super) struct Checked {
    pub(super) id: String,
    pub(super) kinds: Vec<&'static str>,
    pub(super) columns: Option<Vec<String>>,
    pub(super) condition: Option<Expression>,
    /// On SQLite: the condition of the new row and of the old one.
    pub(super) whens: Option<(String, String)>,
    pub(super) channel: Option<String>,
    pub(super) webhook_url: Option<String>,
}

impl Events {
    /// Records the changes of a table from now on, in place of whatever was switched on for it before.
    ///
    /// # Errors
    /// 42P01 without the table, 42809 for a view, 42703 for a column that is not there, 0A000 and others for a
    /// condition as for a policy's, `input.invalid` for a kind, channel or address that cannot be.
    pub async fn publish(&self, table: &str, wanted: &NewPublication) -> Result<Publication> {
        let catalogue = self.library.current();
        let table = catalogue.table("public", table)?.clone();
        if table.is_view {
            return Err(sqlstate("42809", format!("\"{}\" is a view", table.name))
                .hint("Switch events on for the tables behind it"));
        }
        let clock = &*self.library.clock;
        let (checked, now) = (check(&table, wanted, new_uuid(clock).to_string())?, clock.now());
        let steps = match self.library.dialect() {
            Dialect::Postgres => on_postgres::publish(&table, &checked, now),
            Dialect::Sqlite => on_sqlite::publish(&table, &checked, now)
                .into_iter()
                .chain([bump_policies()])
                .collect(),
        };
        self.library.db.batch(steps).await?;
        self.library.refresh().await?;
        let made = self
            .list()
            .await?
            .into_iter()
            .find(|made| made.table == table.name);
        made.ok_or_else(|| Error::internal("a publication that was made is not there"))
    }
}

fn check(table: &Table, wanted: &NewPublication, id: String) -> Result<Checked> {
    let mut kinds = Vec::new();
    for (index, kind) in wanted.kinds.iter().enumerate() {
        let known = KINDS.iter().find(|known| known.eq_ignore_ascii_case(kind));
        let known = known.ok_or_else(|| {
            Error::invalid(format!("events.{index}"), "An event is INSERT, UPDATE or DELETE")
        })?;
        if !kinds.contains(known) {
            kinds.push(*known);
        }
    }
    if kinds.is_empty() {
        kinds.extend(KINDS);
    }
    if let Some(columns) = &wanted.columns {
        if columns.is_empty() {
            return Err(Error::invalid(
                "columns",
                "At least one column is shown; leave it out for all",
            ));
        }
        for (index, name) in columns.iter().enumerate() {
            table
                .column(name)
                .map_err(|error| error.field(format!("columns.{index}")))?;
        }
    }
    let condition = match wanted.condition.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => Some(condition(text, table).map_err(|error| error.field("condition"))?),
        None => None,
    };
    let whens = match &condition {
        Some(tree) => Some((when(tree, table, "NEW", &[])?, when(tree, table, "OLD", &[])?)),
        None => None,
    };
    let webhook_url = wanted.webhook_url.as_deref().map(address).transpose()?;
    let channel = match (&wanted.channel, &webhook_url) {
        (Some(name), _) => Some(channel(name)?),
        (None, Some(_)) => None,
        (None, None) => Some(format!("table:{}", table.name)),
    };
    Ok(Checked {
        id,
        kinds,
        columns: wanted.columns.clone(),
        condition,
        whens,
        channel,
        webhook_url,
    })
}

fn condition(text: &str, table: &Table) -> Result<Expression> {
    let tree = parse(text, &table.name)?;
    // Both databases hold it to the same types, as they do policies.
    let compiled = predicate(&tree, table, &Nothing)?;
    if compiled.0.iter().any(|piece| matches!(piece, Piece::Claim(_))) {
        return Err(sqlstate(
            "0A000",
            "an event's condition speaks of the row alone, not of who changes it",
        ));
    }
    Ok(tree)
}

/// The condition of one row in SQLite's SQL; `renamed` pairs old names of columns with new ones.
pub(super) fn when(
    tree: &Expression,
    table: &Table,
    row: &str,
    renamed: &[(String, String)],
) -> Result<String> {
    let compiled = predicate(tree, table, &Nothing)?;
    let mut sql = String::new();
    for piece in &compiled.0 {
        match piece {
            Piece::Sql(text) => sql.push_str(text),
            Piece::Column(name) => {
                let pair = renamed.iter().find(|(old, _)| old == name);
                let name = pair.map_or(name, |(_, new)| new);
                sql.push_str(&format!("{row}.{}", quoted(name)));
            }
            Piece::Claim(_) | Piece::Visible { .. } => {
                return Err(Error::internal("an event's condition asks for more than the row"));
            }
        }
    }
    Ok(sql)
}

fn channel(name: &str) -> Result<String> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '/');
    if name.is_empty() || name.len() > CHANNEL || !name.chars().all(fits) {
        return Err(Error::invalid(
            "channel",
            "A channel's name is made of 1 to 255 letters, digits, -, _, :, . and /",
        ));
    }
    Ok(name.to_owned())
}

/// What can be told from the text alone; whether the address may be called is decided when it is.
fn address(given: &str) -> Result<String> {
    let refuse = || Error::invalid("webhookUrl", "This is no http or https address of a host");
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| given.strip_prefix(scheme))
        .ok_or_else(refuse)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let printable = given.chars().all(|c| c.is_ascii_graphic());
    if host.is_empty()
        || host.starts_with(':')
        || host.contains(['@', '\\'])
        || !printable
        || given.len() > ADDRESS
    {
        return Err(refuse());
    }
    Ok(given.to_owned())
}

/// The step that makes room for what is published of a table.
pub(super) fn withdrawn(sql: &'static str, table: &str) -> Step {
    Step::new(sql, params![table])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_a_host_or_with_a_name_in_them_are_refused() {
        for good in [
            "https://example.org",
            "http://example.org:8080/a?b=c",
            "https://[::1]/x",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "https:///x",
            "https://:80/",
            "https://user:secret@example.org/",
            "https://exa mple.org",
            "https://example.org/\n",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
