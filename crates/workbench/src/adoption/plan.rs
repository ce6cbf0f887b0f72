//! The statements that turn InsForge's system tables into Busbar's, and what they do in words.

use std::collections::HashMap;

use busbar_kernel::{Result, Timestamp};
use busbar_schema::quote::quoted;
use busbar_store::{MigrationSet, SYSTEM_SCHEMAS};

use super::columns::{Column, Existing, Made, made};
use super::look::Found;

/// What makes something, and what makes it unless it is there. The right side of one is the left of none.
const UNLESS_THERE: [(&str, &str); 6] = [
    ("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "),
    ("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "),
    ("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX IF NOT EXISTS "),
    ("CREATE FUNCTION ", "CREATE OR REPLACE FUNCTION "),
    (" ADD COLUMN ", " ADD COLUMN IF NOT EXISTS "),
    (" DEFAULT VALUES;", " DEFAULT VALUES ON CONFLICT DO NOTHING;"),
];

/// Types that Busbar's statements count on.
const TYPES: [&str; 3] = ["bigint", "text", "uuid"];

#[derive(Default)]
pub(super) struct Plan {
    pub(super) statements: Vec<String>,
    pub(super) changes: Vec<String>,
}

impl Plan {
    /// Schemas, and room for Busbar's record of migrations.
    pub(super) fn beginning(&mut self, found: &Found) {
        for schema in SYSTEM_SCHEMAS {
            self.statements
                .push(format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema)));
        }
        if found.record {
            self.statements
                .push("ALTER TABLE system.migrations RENAME TO insforge_migrations".to_owned());
            self.changes.push(
                "system.migrations becomes system.insforge_migrations; Busbar keeps its own".to_owned(),
            );
        }
    }

    /// What the tables of a set lack where InsForge made them.
    pub(super) fn columns(
        &mut self,
        set: &MigrationSet,
        existing: &HashMap<String, Vec<Existing>>,
    ) -> Result<()> {
        for table in made(set)? {
            match existing.get(&table.name) {
                Some(_) if table.name == "system.migrations" => {}
                Some(columns) => self.table(&table, columns),
                None => self.changes.push(format!("{} is made", table.name)),
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &Made, existing: &[Existing]) {
        for column in &table.columns {
            match existing.iter().find(|known| known.name == column.name) {
                None => self.add(&table.name, column),
                Some(known) => self.strengthen(&table.name, column, known),
            }
        }
        let theirs = existing
            .iter()
            .filter(|known| known.not_null && !known.has_default);
        for known in theirs.filter(|known| table.columns.iter().all(|column| column.name != known.name)) {
            let name = quoted(&known.name);
            self.statements.push(format!(
                "ALTER TABLE {} ALTER COLUMN {name} DROP NOT NULL",
                table.name
            ));
            self.changes.push(format!(
                "{}.{} may be null: Busbar does not write it",
                table.name, known.name
            ));
        }
    }

    fn add(&mut self, table: &str, column: &Column) {
        let without_value = column.not_null && column.default.is_none();
        let default = if without_value {
            format!(" DEFAULT {}", column.neutral)
        } else {
            String::new()
        };
        self.statements.push(format!(
            "ALTER TABLE {table} ADD COLUMN {}{default}",
            column.definition
        ));
        if without_value {
            self.statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {} DROP DEFAULT",
                quoted(&column.name)
            ));
        }
        self.changes.push(format!("{table}.{} is added", column.name));
    }

    /// Busbar's columns are never null where they say so, and have the defaults that its statements count on.
    fn strengthen(&mut self, table: &str, column: &Column, known: &Existing) {
        let name = quoted(&column.name);
        let other_type = TYPES.contains(&column.kind.as_str()) && column.kind != known.kind;
        match known.guarded {
            _ if !other_type && !column.plain_order => {}
            true => self.changes.push(format!(
                "{table}.{} stays {}, because its table has policies",
                column.name, known.kind
            )),
            false => {
                let order = if column.plain_order { " COLLATE \"C\"" } else { "" };
                let kind = &column.kind;
                self.statements.push(format!(
                    "ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind}{order} USING {name}::{kind}"
                ));
                self.changes
                    .push(format!("{table}.{} becomes {kind}{order}", column.name));
            }
        }
        if let Some(default) = column.default.as_ref().filter(|_| !known.has_default) {
            self.statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}"
            ));
        }
        if column.not_null && !known.not_null {
            let value = column.default.as_deref().unwrap_or(column.neutral);
            self.statements.push(format!(
                "UPDATE {table} SET {name} = {value} WHERE {name} IS NULL"
            ));
            self.statements
                .push(format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"));
            self.changes.push(format!(
                "{table}.{} is never null; where it was, it is {value}",
                column.name
            ));
        }
    }

    /// A set's migrations, made to pass over what is there, and the record that they are applied.
    pub(super) fn set(&mut self, set: &MigrationSet, now: Timestamp) {
        for migration in set.migrations {
            self.statements.push(unless_there(migration.postgres));
        }
        self.statements.extend(set.recorded(now));
        self.changes.push(format!(
            "the {} migrations of {} are recorded as applied",
            set.migrations.len(),
            set.name
        ));
    }
}

fn unless_there(text: &str) -> String {
    let mut text = text.to_owned();
    for (plain, careful) in UNLESS_THERE {
        // What is careful already stays as it is.
        let marked = text.replace(careful, "\u{0}");
        text = marked.replace(plain, careful).replace('\u{0}', careful);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_passed_over() {
        assert_eq!(
            unless_there("CREATE TABLE a (); CREATE TABLE IF NOT EXISTS b (); INSERT INTO c DEFAULT VALUES;"),
            "CREATE TABLE IF NOT EXISTS a (); CREATE TABLE IF NOT EXISTS b (); \
             INSERT INTO c DEFAULT VALUES ON CONFLICT DO NOTHING;"
        );
    }
}
