//! Tables, indexes and policies as InsForge shows them (InsForge's contract, 6.1).

use busbar_schema::{ColumnDescription, IndexDescription, PolicyDescription, TableDescription};
use serde::Serialize;
use utoipa::ToSchema;

use crate::handlers::tables::list::is_protected;

const PUBLIC: &str = "public";

/// A column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnView {
    column_name: String,
    /// A word of the type map, else PostgreSQL's name.
    #[serde(rename = "type")]
    kind: String,
    sql_type: String,
    is_nullable: bool,
    is_primary_key: bool,
    is_unique: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<String>,
}

impl From<ColumnDescription> for ColumnView {
    fn from(column: ColumnDescription) -> Self {
        Self {
            kind: column
                .kind
                .api_word()
                .map_or_else(|| column.sql_type.clone(), str::to_owned),
            column_name: column.name,
            sql_type: column.sql_type,
            is_nullable: column.nullable,
            is_primary_key: column.primary_key,
            is_unique: column.unique,
            default_value: column.default,
        }
    }
}

/// A table that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Created {
    schema_name: &'static str,
    message: &'static str,
    table_name: String,
    columns: Vec<ColumnView>,
    auto_fields: [&'static str; 3],
    next_actions: &'static str,
}

impl Created {
    pub(crate) fn of(table: TableDescription, guarded: bool) -> Self {
        Self {
            schema_name: PUBLIC,
            message: "Table created successfully",
            table_name: table.name,
            columns: table.columns.into_iter().map(ColumnView::from).collect(),
            auto_fields: ["id", "created_at", "updated_at"],
            next_actions: if guarded {
                "Make policies so that others than administrators can reach its rows"
            } else {
                "Everybody with the public key can read and write its rows; turn on row security and make policies to change that"
            },
        }
    }
}

/// A table that is gone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Dropped {
    schema_name: &'static str,
    message: &'static str,
    table_name: String,
    next_actions: &'static str,
}

impl Dropped {
    pub(crate) fn of(table_name: String) -> Self {
        Self {
            schema_name: PUBLIC,
            message: "Table deleted successfully",
            table_name,
            next_actions: "Its rows are gone; a backup is the way back",
        }
    }
}

/// A table as it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TableSchemaView {
    schema_name: String,
    table_name: String,
    pub(super) columns: Vec<ColumnView>,
    pub(super) foreign_keys: Vec<ForeignKeyView>,
    pub(super) rls_enabled: bool,
    pub(super) record_count: u64,
}

/// A reference.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ForeignKeyView {
    constraint_name: String,
    reference_table: String,
    reference_columns: Vec<ColumnPairView>,
    on_delete: String,
    on_update: String,
}

/// A pair of own and referred column.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnPairView {
    source_column: String,
    reference_column: String,
}

impl From<TableDescription> for TableSchemaView {
    fn from(table: TableDescription) -> Self {
        let pair = |(source_column, reference_column)| ColumnPairView {
            source_column,
            reference_column,
        };
        let keys = table.foreign_keys.into_iter().map(|key| ForeignKeyView {
            constraint_name: key.name,
            reference_table: key.table,
            reference_columns: key.columns.into_iter().map(pair).collect(),
            on_delete: key.on_delete,
            on_update: key.on_update,
        });
        Self {
            schema_name: table.schema,
            table_name: table.name,
            columns: table.columns.into_iter().map(ColumnView::from).collect(),
            foreign_keys: keys.collect(),
            rls_enabled: table.row_security,
            record_count: table.rows,
        }
    }
}

/// What was changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Altered {
    schema_name: &'static str,
    message: &'static str,
    table_name: String,
    operations: Vec<String>,
}

impl Altered {
    pub(crate) fn of(table_name: String, operations: Vec<String>) -> Self {
        Self {
            schema_name: PUBLIC,
            message: "Table schema updated successfully",
            table_name,
            operations,
        }
    }
}

/// The schemas that hold tables.
#[derive(Serialize, ToSchema)]
pub(crate) struct SchemasView {
    schemas: Vec<SchemaView>,
}

/// A schema.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemaView {
    name: String,
    is_protected: bool,
}

impl From<Vec<String>> for SchemasView {
    fn from(names: Vec<String>) -> Self {
        let view = |name: String| SchemaView {
            is_protected: is_protected(&name),
            name,
        };
        Self {
            schemas: names.into_iter().map(view).collect(),
        }
    }
}

/// Indexes.
#[derive(Serialize, ToSchema)]
pub(crate) struct IndexesView {
    indexes: Vec<IndexView>,
}

/// An index.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexView {
    table_name: String,
    index_name: String,
    index_def: String,
    is_unique: bool,
    is_primary: bool,
}

impl From<Vec<IndexDescription>> for IndexesView {
    fn from(indexes: Vec<IndexDescription>) -> Self {
        Self {
            indexes: indexes.into_iter().map(IndexView::from).collect(),
        }
    }
}

impl From<IndexDescription> for IndexView {
    fn from(index: IndexDescription) -> Self {
        Self {
            table_name: index.table_name,
            index_name: index.index_name,
            index_def: index.definition,
            is_unique: index.is_unique,
            is_primary: index.is_primary,
        }
    }
}

/// Policies.
#[derive(Serialize, ToSchema)]
pub(crate) struct PoliciesView {
    policies: Vec<PolicyView>,
}

/// A policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyView {
    table_name: String,
    policy_name: String,
    cmd: String,
    permissive: bool,
    roles: Vec<String>,
    /// Which rows may be seen or touched.
    qual: Option<String>,
    with_check: Option<String>,
}

impl From<PolicyDescription> for PolicyView {
    fn from(policy: PolicyDescription) -> Self {
        Self {
            table_name: policy.table,
            policy_name: policy.name,
            cmd: policy.command,
            permissive: policy.permissive,
            roles: policy.roles,
            qual: policy.using,
            with_check: policy.check,
        }
    }
}

impl From<Vec<PolicyDescription>> for PoliciesView {
    fn from(policies: Vec<PolicyDescription>) -> Self {
        Self {
            policies: policies.into_iter().map(PolicyView::from).collect(),
        }
    }
}
