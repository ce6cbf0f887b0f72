//! The API key and the anonymous key: long-lived, opaque, compared in constant time and without the database.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Digest, SHA256, digest};
use busbar_kernel::{Result, Secret, random};

use crate::config::IdentitySettings;
use crate::secrets::Vault;

/// Which of the two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKey {
    /// Full rights over the project: `ik_…`.
    Api,
    /// The public key of anonymous callers: `anon_…`.
    Anon,
}

impl AccessKey {
    /// What the key begins with, by which it is told from a token.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Api => "ik_",
            Self::Anon => "anon_",
        }
    }

    fn row(self) -> &'static str {
        match self {
            Self::Api => "API_KEY",
            Self::Anon => "ANON_KEY",
        }
    }

    /// Remembers by its digest which configured value was taken over, so that a start with an unchanged
    /// variable does not undo a later rotation.
    fn seed_row(self) -> &'static str {
        match self {
            Self::Api => "API_KEY_SEED",
            Self::Anon => "ANON_KEY_SEED",
        }
    }
}

/// Both keys of a directory, in memory.
pub struct AccessKeys {
    api: Key,
    anon: Key,
}

struct Key {
    text: Secret,
    digest: Digest,
}

impl AccessKeys {
    /// Takes both keys from the vault; at the first start, and whenever its variable changed, from the
    /// variable, else at random.
    ///
    /// # Errors
    /// Troubles of the vault.
    pub async fn open(vault: &Vault, settings: &IdentitySettings) -> Result<Self> {
        Ok(Self {
            api: open_one(vault, AccessKey::Api, settings.api_key.as_ref()).await?,
            anon: open_one(vault, AccessKey::Anon, settings.anon_key.as_ref()).await?,
        })
    }

    /// Whether a shown key is the one of this directory.
    pub fn is(&self, which: AccessKey, shown: &str) -> bool {
        let shown = digest(&SHA256, shown.as_bytes());
        verify_slices_are_equal(shown.as_ref(), self.key(which).digest.as_ref()).is_ok()
    }

    /// The key itself, for the operator.
    pub fn reveal(&self, which: AccessKey) -> &Secret {
        &self.key(which).text
    }

    fn key(&self, which: AccessKey) -> &Key {
        match which {
            AccessKey::Api => &self.api,
            AccessKey::Anon => &self.anon,
        }
    }
}

async fn open_one(vault: &Vault, which: AccessKey, configured: Option<&Secret>) -> Result<Key> {
    let seed = configured.map(|secret| match secret.expose().strip_prefix(which.prefix()) {
        Some(_) => secret.clone(),
        None => Secret::new(format!("{}{}", which.prefix(), secret.expose())),
    });
    if let Some(seed) = &seed {
        let fingerprint = hex::encode(digest(&SHA256, seed.expose().as_bytes()));
        let known = vault.get(which.seed_row()).await?;
        if known.is_none_or(|known| known.expose() != fingerprint) {
            let rows = [
                (which.row(), seed.clone()),
                (which.seed_row(), Secret::new(fingerprint)),
            ];
            vault.replace(&rows).await?;
        }
    }
    let text = match vault.get(which.row()).await? {
        Some(text) => text,
        None => {
            let fresh = Secret::new(format!("{}{}", which.prefix(), random::hex(32)));
            vault.keep_first(&[(which.row(), fresh.clone())]).await?;
            vault.get(which.row()).await?.unwrap_or(fresh)
        }
    };
    let digest = digest(&SHA256, text.expose().as_bytes());
    Ok(Key { text, digest })
}
