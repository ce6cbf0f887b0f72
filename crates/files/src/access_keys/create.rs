//! Making an access key.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result, Secret, random};
use busbar_store::params;

use super::{AccessKey, AccessKeys, COLUMNS};
use crate::rules::administrator;

impl AccessKeys {
    /// Makes a key and answers it with its secret, which nobody is shown again.
    ///
    /// # Errors
    /// `Forbidden` for others than administrators; `Invalid` for a description that is too long;
    /// `files.access_keys_full` at [`AccessKeys::MOST`].
    pub async fn create(&self, actor: &Actor, description: Option<&str>) -> Result<(AccessKey, Secret)> {
        administrator(actor)?;
        if description.is_some_and(|text| text.chars().count() > Self::LONGEST_DESCRIPTION) {
            return Err(Error::invalid(
                "description",
                "A description has at most 500 characters",
            ));
        }
        let secret = Secret::new(random::hex(20));
        let sealed = self.0.settings.sealer.seal(&secret)?;
        let name = format!("BB{}", random::hex(9).to_ascii_uppercase());
        let sql = format!(
            "INSERT INTO storage.s3_access_keys (id, access_key_id, secret_sealed, description, created_at)
             SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM storage.s3_access_keys) < $6
             RETURNING {COLUMNS}"
        );
        let values = params![
            Id::new(self.0.clock.as_ref()),
            name,
            sealed,
            description,
            self.0.clock.now(),
            u64::try_from(Self::MOST).unwrap_or(u64::MAX),
        ];
        let made: Vec<AccessKey> = self.0.db.returning(&sql, values).await?;
        let key = made.into_iter().next().ok_or_else(|| {
            let message = format!("There are {} access keys already: remove one first", Self::MOST);
            Error::conflict("files.access_keys_full", message)
        })?;
        Ok((key, secret))
    }
}
