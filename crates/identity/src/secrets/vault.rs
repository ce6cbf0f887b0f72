//! The table of sealed secrets, `system.secrets`, of one directory.

use std::sync::Arc;

use busbar_kernel::ids::Id;
use busbar_kernel::{Clock, Error, Result, Secret};
use busbar_store::{Db, Step, Value, params};
use serde::Deserialize;

use super::{Cipher, RootSecrets};
use crate::codes;

/// Sealed secrets by name. Reserved ones belong to Busbar itself.
pub struct Vault {
    db: Db,
    cipher: Cipher,
    sealing_source: String,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Sealed {
    key: String,
    value_ciphertext: String,
}

impl Vault {
    /// Opens the vault and tries the key on what is already there.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key` when a reserved secret was sealed with another key.
    pub async fn open(db: Db, root: &RootSecrets, clock: Arc<dyn Clock>) -> Result<Self> {
        let cipher = Cipher::new(&root.sealing)?;
        let sealing_source = root.sealing_source.clone();
        let vault = Self {
            db,
            cipher,
            sealing_source,
            clock,
        };
        let reserved: Vec<Sealed> = vault
            .db
            .all(
                "SELECT key, value_ciphertext FROM system.secrets WHERE is_reserved = $1 ORDER BY key",
                params![true],
            )
            .await?;
        for row in reserved {
            vault.unseal(&row)?;
        }
        Ok(vault)
    }

    /// The secret named `key`, if it is there and active.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key` when it was sealed with another key.
    pub async fn get(&self, key: &str) -> Result<Option<Secret>> {
        let row: Option<Sealed> = self
            .db
            .optional(
                "SELECT key, value_ciphertext FROM system.secrets WHERE key = $1 AND is_active = $2",
                params![key, true],
            )
            .await?;
        row.map(|row| self.unseal(&row)).transpose()
    }

    /// Keeps a set of reserved secrets unless one of them is there already: of several processes that start
    /// at once, the first wins as a whole.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn keep_first(&self, secrets: &[(&str, Secret)]) -> Result<()> {
        const TAKEN: &str = "identity.secret_taken";
        let mut steps = Vec::with_capacity(secrets.len());
        for (key, secret) in secrets {
            let sql = "INSERT INTO system.secrets \
                 (id, key, value_ciphertext, is_active, is_reserved, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $4, $5, $5) ON CONFLICT (key) DO NOTHING";
            let step = Step::new(sql, self.row(key, secret)?).check(|done| match done.affected {
                0 => Err(Error::conflict(TAKEN, "The secret is there already")),
                _ => Ok(()),
            });
            steps.push(step);
        }
        match self.db.batch(steps).await {
            Err(error) if error.code_str() == TAKEN => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Replaces reserved secrets, or adds them, all or none.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn replace(&self, secrets: &[(&str, Secret)]) -> Result<()> {
        let mut steps = Vec::with_capacity(secrets.len());
        for (key, secret) in secrets {
            let sql = "INSERT INTO system.secrets \
                 (id, key, value_ciphertext, is_active, is_reserved, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $4, $5, $5) ON CONFLICT (key) DO UPDATE SET \
                 value_ciphertext = excluded.value_ciphertext, is_active = excluded.is_active, \
                 updated_at = excluded.updated_at";
            steps.push(Step::new(sql, self.row(key, secret)?));
        }
        self.db.batch(steps).await.map(|_| ())
    }

    fn row(&self, key: &str, secret: &Secret) -> Result<Vec<Value>> {
        let id = Id::new(self.clock.as_ref()).0;
        Ok(params![
            id,
            key,
            self.cipher.seal(secret)?,
            true,
            self.clock.now()
        ])
    }

    fn unseal(&self, row: &Sealed) -> Result<Secret> {
        self.cipher.open(&row.value_ciphertext).ok_or_else(|| {
            let message = format!(
                "The stored secret {} cannot be opened with {}: start with the key it was sealed with. \
                 Nothing was changed.",
                row.key, self.sealing_source
            );
            Error::invalid("ENCRYPTION_KEY", message).code(codes::WRONG_ENCRYPTION_KEY)
        })
    }
}
