//! Altering a table.

use busbar_kernel::{Error, Result};
use busbar_store::{Dialect, Step, params};

use super::Tables;
use super::create::trigger_name;
use super::default::default_sql;
use super::definition::{
    ColumnDefinition, Definition, NewColumn, NewForeignKey, column_definition, constraint, foreign_key,
    place, unique_index,
};
use super::follow::followed;
use super::names::checked_name;
use super::rebuild::{bump_policies, rebuild};
use crate::catalogue::{ForeignKey, Table, change};
use crate::events;
use crate::quote::quoted;
use crate::refusal::{sqlstate, undefined_column};

/// What is to change; everything happens, or nothing.
#[derive(Clone, Debug, Default)]
pub struct TableChanges {
    /// References to drop, by name.
    pub drop_foreign_keys: Vec<String>,
    /// Columns to drop.
    pub drop_columns: Vec<String>,
    /// Columns to rename or to give another default.
    pub update_columns: Vec<ColumnChange>,
    /// Columns to add.
    pub add_columns: Vec<NewColumn>,
    /// References to add.
    pub add_foreign_keys: Vec<NewForeignKey>,
    /// The table's new name.
    pub rename: Option<String>,
}

/// A change of one column.
#[derive(Clone, Debug)]
pub struct ColumnChange {
    /// The column.
    pub name: String,
    /// Its new name.
    pub rename: Option<String>,
    /// Its new default; an empty text takes the default away.
    pub default: Option<String>,
}

/// The changes, checked against the table.
struct Checked {
    dropped_keys: Vec<String>,
    dropped: Vec<String>,
    renamed: Vec<(String, String)>,
    /// By the column's old name.
    defaults: Vec<(String, Option<String>)>,
    added: Vec<ColumnDefinition>,
    added_keys: Vec<ForeignKey>,
    rename: Option<String>,
}

impl Tables {
    /// Alters a table; the answer lists what was done, in the order in which it was done.
    ///
    /// # Errors
    /// 42P01 and 42703 for what is not there, 42701 and 42P07 for what is there already, 2BP01 when policies or, on
    /// SQLite, other tables depend on it, `data.column_reserved` for `id`, `created_at` and `updated_at`.
    pub async fn alter(&self, name: &str, changes: &TableChanges) -> Result<Vec<String>> {
        let catalogue = self.library.current();
        let table = catalogue.table("public", name)?;
        if let Some(new) = &changes.rename
            && catalogue
                .tables("public")
                .iter()
                .any(|known| known.name.eq_ignore_ascii_case(new) && known.name != name)
        {
            return Err(sqlstate("42P07", format!("relation \"{new}\" already exists")));
        }
        let dialect = self.library.dialect();
        let checked = check(dialect, table, changes)?;
        let following = events::follow(
            &self.library,
            table,
            &checked.dropped,
            &checked.renamed,
            checked.rename.as_deref(),
        )
        .await?;
        let (steps, after) = match dialect {
            Dialect::Postgres => (postgres(table, &checked), following),
            Dialect::Sqlite => (self.sqlite(table, &checked, following).await?, Vec::new()),
        };
        if !steps.is_empty() {
            change(&self.library.db, "public", name, steps).await?;
            // Only the owner may say what is published; until then a renamed column is not shown.
            if !after.is_empty() {
                self.library.db.batch(after).await?;
            }
            self.library.refresh().await?;
        }
        Ok(operations(&checked))
    }

    async fn sqlite(&self, table: &Table, checked: &Checked, following: Vec<Step>) -> Result<Vec<Step>> {
        let mut steps = followed(
            &self.library.db,
            table,
            &checked.dropped,
            &checked.renamed,
            checked.rename.as_deref(),
        )
        .await?;
        let statement = |sql: String| Step::new(sql, params![]);
        let catalogue = self.library.current();
        let published = catalogue
            .published()
            .iter()
            .any(|known| known.table == table.name);
        if published {
            steps.extend(events::drop_triggers(&table.name).into_iter().map(statement));
            steps.extend(following);
        }
        let place = place(Dialect::Sqlite, &table.name);
        if needs_rebuild(table, checked) {
            let definition = target(table, checked);
            steps.extend(rebuild(&self.library, table, &definition, &checked.renamed).await?);
        } else {
            for (old, new) in &checked.renamed {
                steps.push(statement(format!(
                    "ALTER TABLE {place} RENAME COLUMN {} TO {}",
                    quoted(old),
                    quoted(new)
                )));
            }
            for name in &checked.dropped {
                let index = quoted(&format!("{}_{name}_key", table.name));
                steps.push(statement(format!("DROP INDEX IF EXISTS {index}")));
                steps.push(statement(format!(
                    "ALTER TABLE {place} DROP COLUMN {}",
                    quoted(name)
                )));
            }
            for column in &checked.added {
                steps.push(statement(format!(
                    "ALTER TABLE {place} ADD COLUMN {}",
                    column.sql()
                )));
                if column.unique {
                    steps.push(statement(unique_index(
                        Dialect::Sqlite,
                        &table.name,
                        &column.name,
                    )));
                }
            }
        }
        if let Some(new) = &checked.rename {
            steps.push(statement(format!(
                "ALTER TABLE {place} RENAME TO {}",
                quoted(new)
            )));
            if table.stamped.is_some() {
                steps.push(statement(format!(
                    "DROP TRIGGER {}",
                    quoted(&trigger_name(&table.name))
                )));
                steps.push(statement(super::create::stamp_trigger(Dialect::Sqlite, new)));
            }
            for known in [
                "system.row_security",
                "system.policies",
                "system.change_publications",
            ] {
                let sql = format!("UPDATE {known} SET table_name = $1 WHERE table_name = $2");
                steps.push(Step::new(sql, params![new, table.name.as_str()]));
            }
        }
        if !steps.is_empty() {
            if published {
                steps.push(events::make_triggers());
            }
            steps.push(bump_policies());
        }
        Ok(steps)
    }
}

fn check(dialect: Dialect, table: &Table, changes: &TableChanges) -> Result<Checked> {
    let known = |name: &str| {
        table
            .position(name)
            .map(|_| ())
            .ok_or_else(|| undefined_column(&table.name, name))
    };
    let own = |field: String, name: &str| match name {
        "id" | "created_at" | "updated_at" => {
            Err(Error::invalid(field, format!("The column {name} is reserved")).code("data.column_reserved"))
        }
        _ => known(name),
    };
    for (index, name) in changes.drop_columns.iter().enumerate() {
        own(format!("dropColumns.{index}"), name)?;
    }
    let mut renamed = Vec::new();
    let mut defaults = Vec::new();
    for (index, change) in changes.update_columns.iter().enumerate() {
        own(format!("updateColumns.{index}.columnName"), &change.name)?;
        if let Some(new) = change.rename.as_deref().filter(|new| *new != change.name) {
            let new = checked_name(&format!("updateColumns.{index}.newColumnName"), new)?;
            if table
                .columns
                .iter()
                .any(|column| column.name.eq_ignore_ascii_case(new) && column.name != change.name)
            {
                return Err(sqlstate(
                    "42701",
                    format!("column \"{new}\" of relation \"{}\" already exists", table.name),
                ));
            }
            renamed.push((change.name.clone(), new.to_owned()));
        }
        if let Some(written) = &change.default {
            let kind = table.column(&change.name)?.kind;
            let sql = if written.is_empty() {
                None
            } else {
                default_sql(dialect, kind, written)?
            };
            defaults.push((change.name.clone(), sql));
        }
    }
    let mut added: Vec<ColumnDefinition> = Vec::new();
    for (index, column) in changes.add_columns.iter().enumerate() {
        let definition = column_definition(dialect, &format!("addColumns.{index}"), column)?;
        let same = |name: &str| name.eq_ignore_ascii_case(&definition.name);
        let dropped = changes.drop_columns.iter().any(|name| same(name));
        if (table.columns.iter().any(|known| same(&known.name)) && !dropped)
            || added.iter().any(|new| same(&new.name))
        {
            let message = format!(
                "column \"{}\" of relation \"{}\" already exists",
                definition.name, table.name
            );
            return Err(sqlstate("42701", message));
        }
        added.push(definition);
    }
    for name in &changes.drop_foreign_keys {
        if !table.foreign_keys.iter().any(|key| key.name == *name) {
            return Err(sqlstate(
                "42704",
                format!(
                    "constraint \"{name}\" of relation \"{}\" does not exist",
                    table.name
                ),
            ));
        }
    }
    let keys = changes.add_foreign_keys.iter().enumerate();
    let rename = changes.rename.as_deref().filter(|new| *new != table.name);
    Ok(Checked {
        dropped_keys: changes.drop_foreign_keys.clone(),
        dropped: changes.drop_columns.clone(),
        renamed,
        defaults,
        added,
        added_keys: keys
            .map(|(index, key)| foreign_key(&format!("addForeignKeys.{index}"), key))
            .collect::<Result<_>>()?,
        rename: rename
            .map(|new| checked_name("renameTable.newTableName", new).map(str::to_owned))
            .transpose()?,
    })
}

/// SQLite adds only what every old row can have without being looked at, and drops only what nothing mentions.
fn needs_rebuild(table: &Table, checked: &Checked) -> bool {
    let in_key = |name: &String| table.foreign_keys.iter().any(|key| key.columns.contains(name));
    let computed = |column: &ColumnDefinition| match &column.default {
        Some(default) => default.contains('('),
        None => column.not_null,
    };
    !checked.dropped_keys.is_empty()
        || !checked.added_keys.is_empty()
        || !checked.defaults.is_empty()
        || checked.dropped.iter().any(in_key)
        || checked.added.iter().any(computed)
}

/// The table as it will be.
fn target(table: &Table, checked: &Checked) -> Definition {
    let mut definition = Definition::of(table);
    definition
        .foreign_keys
        .retain(|key| !checked.dropped_keys.contains(&key.name));
    definition
        .foreign_keys
        .retain(|key| !key.columns.iter().any(|column| checked.dropped.contains(column)));
    definition
        .columns
        .retain(|column| !checked.dropped.contains(&column.name));
    let renamed = |name: &mut String| {
        if let Some((_, new)) = checked.renamed.iter().find(|(old, _)| old == name) {
            name.clone_from(new);
        }
    };
    for column in &mut definition.columns {
        if let Some((_, default)) = checked.defaults.iter().find(|(name, _)| *name == column.name) {
            column.default.clone_from(default);
        }
        renamed(&mut column.name);
    }
    definition
        .foreign_keys
        .iter_mut()
        .flat_map(|key| &mut key.columns)
        .for_each(renamed);
    definition.columns.extend(checked.added.iter().cloned());
    definition.foreign_keys.extend(checked.added_keys.iter().cloned());
    definition
}

fn postgres(table: &Table, checked: &Checked) -> Vec<Step> {
    let place = place(Dialect::Postgres, &table.name);
    let mut actions: Vec<String> = Vec::new();
    let dropped_keys = checked.dropped_keys.iter();
    actions.extend(dropped_keys.map(|name| format!("DROP CONSTRAINT {}", quoted(name))));
    actions.extend(
        checked
            .dropped
            .iter()
            .map(|name| format!("DROP COLUMN {}", quoted(name))),
    );
    for (name, default) in &checked.defaults {
        actions.push(match default {
            Some(sql) => format!("ALTER COLUMN {} SET DEFAULT {sql}", quoted(name)),
            None => format!("ALTER COLUMN {} DROP DEFAULT", quoted(name)),
        });
    }
    for (old, new) in &checked.renamed {
        actions.push(format!("RENAME COLUMN {} TO {}", quoted(old), quoted(new)));
    }
    actions.extend(
        checked
            .added
            .iter()
            .map(|column| format!("ADD COLUMN {}", column.sql())),
    );
    let mut statements: Vec<String> = actions
        .iter()
        .map(|action| format!("ALTER TABLE {place} {action}"))
        .collect();
    let unique = checked.added.iter().filter(|column| column.unique);
    statements.extend(unique.map(|column| unique_index(Dialect::Postgres, &table.name, &column.name)));
    let keys = checked.added_keys.iter();
    statements
        .extend(keys.map(|key| format!("ALTER TABLE {place} ADD {}", constraint(Dialect::Postgres, key))));
    if let Some(new) = &checked.rename {
        statements.push(format!("ALTER TABLE {place} RENAME TO {}", quoted(new)));
        if table.stamped.is_some() {
            let (old_trigger, new_trigger) = (trigger_name(&table.name), trigger_name(new));
            let now = super::definition::place(Dialect::Postgres, new);
            statements.push(format!(
                "ALTER TRIGGER {} ON {now} RENAME TO {}",
                quoted(&old_trigger),
                quoted(&new_trigger)
            ));
        }
    }
    statements
        .into_iter()
        .map(|sql| Step::new(sql, params![]))
        .collect()
}

fn operations(checked: &Checked) -> Vec<String> {
    let mut done = Vec::new();
    done.extend(
        checked
            .dropped_keys
            .iter()
            .map(|name| format!("Dropped foreign key: {name}")),
    );
    done.extend(
        checked
            .dropped
            .iter()
            .map(|name| format!("Dropped column: {name}")),
    );
    let renamed = checked.renamed.iter().map(|(old, _)| old);
    let mut updated: Vec<&String> = renamed
        .chain(checked.defaults.iter().map(|(name, _)| name))
        .collect();
    updated.sort_unstable();
    updated.dedup();
    done.extend(updated.into_iter().map(|name| format!("Updated column: {name}")));
    done.extend(
        checked
            .added
            .iter()
            .map(|column| format!("Added column: {}", column.name)),
    );
    done.extend(
        checked
            .added_keys
            .iter()
            .map(|key| format!("Added foreign key: {}", key.name)),
    );
    done.extend(
        checked
            .rename
            .iter()
            .map(|new| format!("Renamed table to: {new}")),
    );
    done
}
