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

/// The reserved secret by which an adopted vault knows its key, when nothing else is in it.
pub const KEY_CHECK: &str = "BUSBAR_KEY_CHECK";

/// A secret as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Sealed {
    /// Its name.
    pub key: String,
    /// What was sealed.
    pub value_ciphertext: String,
    /// Whether it belongs to the system; those always open.
    pub is_reserved: bool,
}

impl RootSecrets {
    /// Tries the sealing key on what is kept: it opens everything reserved, and something where anything is there.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key`, which names a secret that stays shut.
    pub fn try_on(&self, kept: &[Sealed]) -> Result<()> {
        let cipher = Cipher::new(&self.sealing)?;
        let (opened, shut): (Vec<&Sealed>, Vec<&Sealed>) = kept
            .iter()
            .partition(|sealed| cipher.open(&sealed.value_ciphertext).is_some());
        let wrong = shut
            .iter()
            .find(|sealed| sealed.is_reserved)
            .or_else(|| shut.first().filter(|_| opened.is_empty()));
        match wrong {
            Some(sealed) => Err(wrong_key(sealed, &self.sealing_source)),
            None => Ok(()),
        }
    }
}

fn wrong_key(sealed: &Sealed, source: &str) -> Error {
    let message = format!(
        "The stored secret {} cannot be opened with {source}: start with the key it was sealed with. \
         No secret was changed.",
        sealed.key
    );
    Error::invalid("ENCRYPTION_KEY", message).code(codes::WRONG_ENCRYPTION_KEY)
}

impl Vault {
    /// Tries a key on what is in a database, and writes nothing.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key`, as [`RootSecrets::try_on`].
    pub async fn try_key(db: &Db, root: &RootSecrets) -> Result<()> {
        let sql = "SELECT key, value_ciphertext, is_reserved FROM system.secrets ORDER BY key";
        let kept: Vec<Sealed> = db.all(sql, params![]).await?;
        root.try_on(&kept)
    }

    /// Opens the vault and tries the key on what is already there.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key` when it was sealed with another key.
    pub async fn open(db: Db, root: &RootSecrets, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::try_key(&db, root).await?;
        let cipher = Cipher::new(&root.sealing)?;
        let sealing_source = root.sealing_source.clone();
        Ok(Self {
            db,
            cipher,
            sealing_source,
            clock,
        })
    }

    /// The secret named `key`, if it is there and active.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key` when it was sealed with another key.
    pub async fn get(&self, key: &str) -> Result<Option<Secret>> {
        let row: Option<Sealed> = self
            .db
            .optional(
                "SELECT key, value_ciphertext, is_reserved FROM system.secrets WHERE key = $1 AND is_active = $2",
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
        self.cipher
            .open(&row.value_ciphertext)
            .ok_or_else(|| wrong_key(row, &self.sealing_source))
    }
}
