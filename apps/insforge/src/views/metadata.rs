//! What a project is made of, as InsForge tells it (InsForge's contract, 9.7).

use std::fmt::Write as _;

use busbar_files::BucketUsage;
use busbar_kernel::Result;
use busbar_kernel::clock::iso_millis;
use busbar_workbench::TableCount;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth_config::ConfigView;
use super::database::{ColumnView, ForeignKeyView, IndexView, PolicyView, TableSchemaView};
use super::workbench::TriggerView;
use crate::Services;

const GIGABYTE: f64 = 1024.0 * 1024.0 * 1024.0;

/// All of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetadataView {
    pub(crate) auth: ConfigView,
    pub(crate) database: DatabaseView,
    pub(crate) storage: StorageView,
    /// There are none yet.
    #[schema(value_type = Vec<Object>)]
    pub(crate) functions: [(); 0],
    pub(crate) realtime: RealtimeView,
    pub(crate) version: &'static str,
}

impl MetadataView {
    /// The same as a text.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("# Project\n\nVersion {}\n\n## Tables\n\n", self.version);
        for table in &self.database.tables {
            let _ = writeln!(text, "- `{}`: {} records", table.table_name, table.record_count);
        }
        text.push_str("\n## Buckets\n\n");
        for bucket in &self.storage.buckets {
            let reach = if bucket.public { "public" } else { "private" };
            let _ = writeln!(
                text,
                "- `{}` ({reach}): {} objects",
                bucket.name, bucket.object_count
            );
        }
        text
    }
}

/// Tables and how much they take.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DatabaseMetadata)]
pub(crate) struct DatabaseView {
    tables: Vec<TableCountView>,
    #[serde(rename = "totalSizeInGB")]
    total_size_in_gb: f64,
    hint: &'static str,
}

/// A table.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TableCountView {
    table_name: String,
    record_count: u64,
}

impl DatabaseView {
    pub(crate) fn of(tables: Vec<TableCount>, bytes: u64) -> Self {
        let view = |table: TableCount| TableCountView {
            table_name: table.name,
            record_count: table.rows,
        };
        Self {
            tables: tables.into_iter().map(view).collect(),
            total_size_in_gb: gigabytes(bytes),
            hint: "GET /api/metadata/{tableName} tells one table with its columns, indexes and policies",
        }
    }
}

/// Buckets and how much they hold.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StorageMetadata)]
pub(crate) struct StorageView {
    buckets: Vec<BucketCountView>,
    #[serde(rename = "totalSizeInGB")]
    total_size_in_gb: f64,
}

/// A bucket.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct BucketCountView {
    name: String,
    public: bool,
    created_at: String,
    object_count: u64,
}

impl From<Vec<BucketUsage>> for StorageView {
    fn from(buckets: Vec<BucketUsage>) -> Self {
        let bytes = buckets.iter().map(|usage| usage.bytes).sum();
        let view = |usage: BucketUsage| BucketCountView {
            name: usage.bucket.name.to_string(),
            public: usage.bucket.public,
            created_at: iso_millis(usage.bucket.created_at),
            object_count: usage.objects,
        };
        Self {
            buckets: buckets.into_iter().map(view).collect(),
            total_size_in_gb: gigabytes(bytes),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a size that is shown in gigabytes needs no more digits than a double has"
)]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / GIGABYTE
}

/// Channels; there are none yet.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct RealtimeView {
    #[schema(value_type = Vec<Object>)]
    channels: [(); 0],
    permissions: RealtimePermissions,
}

/// Who may do what in channels.
#[derive(Default, Serialize, ToSchema)]
struct RealtimePermissions {}

/// The administrator's key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiKeyView {
    pub(crate) api_key: String,
}

/// The public key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnonKeyView {
    pub(crate) anon_key: String,
}

/// The project in the cloud.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProjectIdView {
    pub(crate) project_id: Option<String>,
}

/// A table with all that belongs to it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TableMetadata)]
pub(crate) struct TableView {
    schema: Vec<ColumnView>,
    indexes: Vec<IndexView>,
    foreign_keys: Vec<ForeignKeyView>,
    rls_enabled: bool,
    policies: Vec<PolicyView>,
    triggers: Vec<TriggerView>,
    record_count: u64,
}

impl TableView {
    /// Reads it.
    ///
    /// # Errors
    /// 42P01 without the table.
    pub(crate) async fn read(services: &Services, name: &str) -> Result<Self> {
        let table: TableSchemaView = services.data.tables.describe("public", name).await?.into();
        let indexes = services.data.tables.indexes("public").await?;
        let policies = services.data.policies.list("public").await?;
        let triggers = services.workbench.listing.triggers("public").await?;
        Ok(Self {
            schema: table.columns,
            foreign_keys: table.foreign_keys,
            rls_enabled: table.rls_enabled,
            record_count: table.record_count,
            indexes: indexes
                .into_iter()
                .filter(|index| index.table_name == name)
                .map(IndexView::from)
                .collect(),
            policies: policies
                .into_iter()
                .filter(|policy| policy.table == name)
                .map(PolicyView::from)
                .collect(),
            triggers: triggers
                .into_iter()
                .filter(|trigger| trigger.table_name == name)
                .map(TriggerView::from)
                .collect(),
        })
    }
}
