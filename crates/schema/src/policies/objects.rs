//! Policies of `storage.objects`, the one table of the system that people's policies guard.

use std::sync::Arc;

use busbar_kernel::Result;
use busbar_store::{Dialect, Step, params};
use serde::Deserialize;

use super::Policies;
use super::create::{self, NewPolicy};
use super::drop::dropped;
use crate::catalogue::{Column, ColumnType, Library, Security, Table};
use crate::policy::Policy;
use crate::tables::bump_policies;

/// The table's name wherever a policy's table is named.
pub const OBJECTS: &str = "storage.objects";

/// The columns that policies may speak of.
const COLUMNS: [(&str, ColumnType); 9] = [
    ("bucket", ColumnType::Text),
    ("key", ColumnType::Text),
    ("size", ColumnType::BigInt),
    ("mime_type", ColumnType::Text),
    ("uploaded_at", ColumnType::TimestampTz),
    ("uploaded_by", ColumnType::Text),
    ("uploaded_via", ColumnType::Text),
    ("s3_access_key_id", ColumnType::Text),
    ("etag", ColumnType::Text),
];

/// One change of the policies of `storage.objects`.
#[derive(Clone, Debug)]
pub enum ObjectsChange {
    /// A policy to be made.
    Create(NewPolicy),
    /// A policy to be dropped.
    Drop {
        /// Its name.
        name: String,
        /// Whether it is no error that there is none.
        if_exists: bool,
    },
    /// Whether the policies count; else it is as if there were none.
    Secure(bool),
}

/// The table as policies see it.
pub(crate) fn table() -> Table {
    let column = |(name, kind): &(&str, ColumnType)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        declared: kind.name().to_owned(),
        nullable: !["bucket", "key", "size", "uploaded_at", "uploaded_via"].contains(name),
        default: None,
        computed: None,
        generated: false,
        origin: None,
    };
    Table {
        schema: "storage".to_owned(),
        name: "objects".to_owned(),
        is_view: false,
        columns: COLUMNS.iter().map(column).collect(),
        primary_key: vec![0, 1],
        unique: vec![vec![0, 1]],
        constraints: vec![vec![0, 1]],
        foreign_keys: Vec::new(),
        computed_fields: Vec::new(),
        rows_of: None,
        security: Security::Native { enabled: true },
        stamped: None,
        written_to: None,
        shown_by: None,
        row_ids: true,
    }
}

impl Policies {
    /// Changes the policies of `storage.objects`, all of it or nothing.
    ///
    /// # Errors
    /// As [`Policies::create`] and [`Policies::drop`].
    pub async fn change_objects(&self, changes: &[ObjectsChange]) -> Result<()> {
        let mut steps = Vec::new();
        for change in changes {
            match change {
                ObjectsChange::Create(policy) => steps.extend(self.creation(&table(), policy)?),
                ObjectsChange::Drop { name, if_exists } => {
                    steps.push(dropped(self.library.dialect(), &table(), name, *if_exists));
                }
                ObjectsChange::Secure(secure) => steps.extend(self.switch(*secure)),
            }
        }
        if self.library.dialect() == Dialect::Sqlite {
            steps.push(bump_policies());
        }
        self.library.db.batch(steps).await.map_err(create::named_twice)?;
        self.library.refresh().await
    }

    fn switch(&self, secure: bool) -> Vec<Step> {
        let word = if secure { "ENABLE" } else { "DISABLE" };
        let sql = match (self.library.dialect(), secure) {
            (Dialect::Postgres, _) => {
                return vec![Step::new(
                    format!("ALTER TABLE {OBJECTS} {word} ROW LEVEL SECURITY"),
                    params![],
                )];
            }
            (Dialect::Sqlite, true) => {
                "INSERT INTO system.row_security (table_name) VALUES ($1) ON CONFLICT (table_name) DO NOTHING"
            }
            (Dialect::Sqlite, false) => "DELETE FROM system.row_security WHERE table_name = $1",
        };
        vec![Step::new(sql, params![OBJECTS])]
    }
}

/// What policies say about `storage.objects`.
#[derive(Clone, Debug)]
pub enum ObjectSecurity {
    /// There are none that count: whoever keeps the objects has a rule of its own.
    None,
    /// The database itself applies them to the roles of requests.
    Native,
    /// They are to be written into each statement.
    Rendered(Arc<[Policy]>),
}

#[derive(Deserialize)]
struct Counts {
    counts: bool,
}

const COUNTS_IN_POSTGRES: &str = "SELECT c.relrowsecurity AND EXISTS \
 (SELECT 1 FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid) AS counts \
 FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass('storage.objects')";

/// What stands at this moment. PostgreSQL is asked each time, so that a policy counts from the moment it is made,
/// wherever that was; SQLite's catalogue is read anew with every change.
///
/// # Errors
/// The database's.
pub async fn object_security(library: &Arc<Library>) -> Result<ObjectSecurity> {
    if library.dialect() == Dialect::Sqlite {
        return Ok(match library.current().object_policies() {
            Some(policies) => ObjectSecurity::Rendered(policies.clone()),
            None => ObjectSecurity::None,
        });
    }
    let found: Option<Counts> = library.db.optional(COUNTS_IN_POSTGRES, params![]).await?;
    Ok(match found {
        Some(Counts { counts: true }) => ObjectSecurity::Native,
        _ => ObjectSecurity::None,
    })
}
