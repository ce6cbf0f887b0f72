//! Publications in a backup of PostgreSQL's tables: kept by name beside the copy, and back in the restore's transaction.
//!
//! Only the owner may make their triggers, and a restore runs as the administrator. So the owner writes down beforehand,
//! under a ticket that nobody can guess, what `system.restore_publications` will make.

use busbar_kernel::ids::new_uuid;
use busbar_kernel::{Error, Result, Timestamp};
use busbar_store::{Dialect, Params, Step, Value, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::on_postgres::{array, triggers};
use super::{Events, KINDS, Publication};
use crate::policy::parse;
use crate::quote::quoted;

const CLEAR: &str = "DELETE FROM system.restored_publications";

/// A publication as a backup keeps it.
#[derive(Deserialize, Serialize)]
struct Kept {
    table: String,
    kinds: Vec<String>,
    columns: Option<Vec<String>>,
    condition: Option<String>,
    channel: Option<String>,
    webhook_url: Option<String>,
    created_at: Timestamp,
}

impl From<Publication> for Kept {
    fn from(published: Publication) -> Self {
        Self {
            table: published.table,
            kinds: published.kinds,
            columns: published.columns,
            condition: published.condition,
            channel: published.channel,
            webhook_url: published.webhook_url,
            created_at: published.created_at,
        }
    }
}

impl Events {
    /// What a backup keeps of the publications; none on SQLite, where they are in the copy.
    ///
    /// # Errors
    /// The database's.
    pub async fn kept(&self) -> Result<Option<String>> {
        if self.library.dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        let kept: Vec<Kept> = self.list().await?.into_iter().map(Kept::from).collect();
        let text = serde_json::to_string(&kept);
        text.map(Some)
            .map_err(|error| Error::internal("publications cannot be kept").source(error))
    }

    /// Writes down what a backup kept, for a restore that is about to begin. What comes back is what the restore runs
    /// last, as the administrator, in its own transaction; none when nothing was published.
    ///
    /// # Errors
    /// The database's.
    pub async fn before_restore(&self, kept: &str) -> Result<Option<(String, Params)>> {
        let kept: Vec<Kept> = serde_json::from_str(kept)
            .map_err(|error| Error::internal("kept publications cannot be read").source(error))?;
        if kept.is_empty() {
            return Ok(None);
        }
        let ticket = new_uuid(&*self.library.clock);
        let mut steps = vec![Step::new(CLEAR, params![])];
        for one in &kept {
            steps.push(self.written(one, ticket)?);
        }
        self.library.db.batch(steps).await?;
        let sql = "SELECT system.restore_publications($1::uuid)";
        Ok(Some((sql.to_owned(), params![ticket.to_string()])))
    }

    /// Forgets what was written down for a restore that did not happen.
    ///
    /// # Errors
    /// The database's.
    pub async fn after_restore(&self) -> Result<()> {
        self.library.db.execute(CLEAR, params![]).await?;
        Ok(())
    }

    fn written(&self, kept: &Kept, ticket: Uuid) -> Result<Step> {
        let id = new_uuid(&*self.library.clock).to_string();
        let kinds: Vec<&str> = KINDS
            .into_iter()
            .filter(|kind| kept.kinds.iter().any(|known| known == kind))
            .collect();
        let condition = kept.condition.as_deref();
        let tree = condition.map(|text| parse(text, &kept.table)).transpose()?;
        let place = format!("public.{}", quoted(&kept.table));
        Ok(Step::new(
            "INSERT INTO system.restored_publications (id, ticket, table_name, kinds, columns, condition, channel, \
             webhook_url, created_at, triggers) \
             VALUES ($1::uuid, $2::uuid, $3, $4, $5::text[], $6, $7, $8, $9::timestamptz, $10::text[])",
            params![
                id.as_str(),
                ticket.to_string(),
                kept.table.as_str(),
                kinds.join(","),
                kept.columns.as_deref().map(array),
                condition,
                kept.channel.clone(),
                kept.webhook_url.clone(),
                Value::Timestamp(kept.created_at),
                array(&triggers(&place, &id, &kinds, tree.as_ref())),
            ],
        ))
    }
}
