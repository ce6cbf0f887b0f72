//! Removing objects: the row first, then the bytes.

use busbar_kernel::ids::Id;
use busbar_kernel::{Actor, Error, Result};
use busbar_store::{Params, Step, params};

use super::Objects;
use crate::rules::{Reach, reach};
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

const DELETE: &str = "DELETE FROM storage.objects WHERE bucket = $1 AND key = $2
                      AND ($3 OR uploaded_by = $4) RETURNING blob";

fn values(bucket: &BucketName, key: &ObjectKey, reach: &Reach) -> Params {
    params![bucket.as_str(), key.as_str(), reach.all(), reach.owner()]
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
        let reach = reach(actor, self.0.settings.rule)?;
        let blobs: Vec<Id> = self.0.db.returning(DELETE, values(bucket, key, &reach)).await?;
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
        let reach = reach(actor, self.0.settings.rule)?;
        if keys.is_empty() || keys.len() > Self::MAX_DELETED {
            let message = "Name 1 to 1000 keys";
            return Err(Error::invalid("keys", message));
        }
        let parsed: Vec<Result<ObjectKey>> = keys.iter().map(|key| key.parse()).collect();
        let steps = parsed
            .iter()
            .flatten()
            .map(|key| Step::new(DELETE, values(bucket, key, &reach)))
            .collect();
        let mut done = self.0.db.batch(steps).await?.into_iter();
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
