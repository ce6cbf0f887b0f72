//! Removing objects: the row first, then the bytes.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_schema::policy::Command;
use busbar_store::{Step, params};

use super::Objects;
use crate::reach::Reach;
use crate::{BucketName, ObjectKey};

/// What became of one of many keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was there and is gone.
    Deleted,
    /// It was not there, or not in the caller's reach.
    NotFound,
    /// It is no key; the text says why.
    Refused(String),
}

/// The statement that removes the object at a key, when it is in reach.
fn step(bucket: &BucketName, key: &ObjectKey, reach: &Reach) -> Result<Step> {
    let within = reach.condition(&[Command::Delete, Command::Select], 3)?;
    let sql = format!(
        "DELETE FROM storage.objects AS o WHERE o.bucket = $1 AND o.key = $2 AND {} RETURNING blob",
        within.sql
    );
    let mut values = params![bucket.as_str(), key.as_str()];
    values.extend(within.params);
    Ok(Step::new(sql, values))
}

impl Objects {
    /// The most keys of one call of [`Objects::delete_many`].
    pub const MAX_DELETED: usize = 1000;

    /// Removes an object.
    ///
    /// # Errors
    /// `object.not_found`, also for an object outside of the caller's reach; `Unauthenticated` for nobody,
    /// `Forbidden` for the application without a person.
    pub async fn delete(&self, actor: &Actor, bucket: &BucketName, key: &ObjectKey) -> Result<()> {
        let reach = self.0.reach(actor).await?;
        let steps = vec![step(bucket, key, &reach)?];
        let done = self.0.db.batch_as(&reach.session(false), steps).await?;
        let done = done
            .first()
            .ok_or_else(|| Error::internal("a batch of one answered none"))?;
        let blobs: Vec<Id> = done.read()?;
        if blobs.is_empty() {
            return Err(Error::not_found("object"));
        }
        self.0.discard(&blobs).await;
        Ok(())
    }

    /// Removes up to 1,000 objects at once and says of each key, in order, what became of it.
    ///
    /// # Errors
    /// `Invalid` for no key or too many; `Unauthenticated` for nobody, `Forbidden` for the application without
    /// a person. Nothing is removed then.
    pub async fn delete_many(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        keys: &[String],
    ) -> Result<Vec<Deletion>> {
        let reach = self.0.reach(actor).await?;
        if keys.is_empty() || keys.len() > Self::MAX_DELETED {
            let message = "Name 1 to 1000 keys";
            return Err(Error::invalid("keys", message));
        }
        let parsed: Vec<Result<ObjectKey>> = keys.iter().map(|key| key.parse()).collect();
        let steps = parsed
            .iter()
            .flatten()
            .map(|key| step(bucket, key, &reach))
            .collect::<Result<_>>()?;
        let mut done = self
            .0
            .db
            .batch_as(&reach.session(false), steps)
            .await?
            .into_iter();
        let mut blobs = Vec::new();
        let mut outcome = Vec::with_capacity(keys.len());
        for key in parsed {
            outcome.push(match key {
                Err(error) => Deletion::Refused(error.message().to_owned()),
                Ok(_) => match done.next().and_then(|step| step.rows.into_iter().next()) {
                    Some(row) => {
                        blobs.push(row.read()?);
                        Deletion::Deleted
                    }
                    None => Deletion::NotFound,
                },
            });
        }
        self.0.discard(&blobs).await;
        Ok(outcome)
    }
}
