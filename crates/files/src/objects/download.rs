//! Reading an object: who may, which part, and bytes that belong to the row that was looked at.

use std::ops::Range;

use busbar_kernel::{Actor, Error, Kind, Result};
use busbar_ports::objects::ByteStream;

use super::{Object, Objects};
use crate::links::Links;
use crate::reach::Reach;
use crate::rules::no_credential;
use crate::{BucketName, ObjectKey};

/// Which bytes are to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// None: only the object's facts are wanted.
    Nothing,
    /// All of them.
    Whole,
    /// These; the end is exclusive.
    Part(Range<u64>),
}

/// An object with the bytes that were selected.
pub struct Download {
    /// The object.
    pub object: Object,
    /// Whether its bucket is open to everybody.
    pub public: bool,
    /// What was selected.
    pub selection: Selection,
    /// The bytes; empty for [`Selection::Nothing`].
    pub body: ByteStream,
}

impl Objects {
    /// An object that `actor` may read, or that the signed `token` opens, without its bytes.
    ///
    /// # Errors
    /// `object.not_found`, also where the caller may not know that it exists; `Unauthenticated` for nobody,
    /// `Forbidden` for the application without a person, for a link that is wrong or has expired.
    pub async fn find(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        token: Option<&str>,
    ) -> Result<(Object, bool)> {
        let found = self.0.look_up(bucket, key).await?;
        let public = matches!(found, Some((true, _)));
        let object = found.and_then(|(_, object)| object);
        let signed = || Links::new(self.0.clone());
        let seen = match (actor, token) {
            _ if public => object,
            (Actor::Service { .. } | Actor::Operator { .. }, _) => object,
            (Actor::User(_), None) => match self.0.reach(actor).await? {
                reach @ Reach::Policies(_) => self.0.within(&reach, bucket, key).await?,
                reach => object.filter(|object| reach.has(object.uploaded_by.as_deref())),
            },
            (_, Some(token)) => {
                signed().verify(bucket, key, object.as_ref(), token)?;
                object
            }
            (Actor::Anonymous, None) => {
                return Err(Error::forbidden(
                    "files.sign_in_required",
                    "This file is not public: sign in or use a signed link",
                ));
            }
            (Actor::Nobody, None) => return Err(no_credential()),
        };
        let object = seen.ok_or_else(|| Error::not_found("object"))?;
        Ok((object, public))
    }

    /// Reads an object. `select` sees the object first and says which bytes it wants, so that a range or a
    /// condition is judged by the same version that is read.
    ///
    /// # Errors
    /// As [`Objects::find`]; whatever `select` answers; trouble with the object store.
    pub async fn download(
        &self,
        actor: &Actor,
        bucket: &BucketName,
        key: &ObjectKey,
        token: Option<&str>,
        select: impl Fn(&Object) -> Result<Selection> + Send + Sync,
    ) -> Result<Download> {
        let mut attempts = 0;
        loop {
            let (object, public) = self.find(actor, bucket, key, token).await?;
            let selection = select(&object)?;
            let range = match &selection {
                Selection::Nothing => Some(0..0),
                Selection::Whole => None,
                Selection::Part(range) => Some(range.clone()),
            };
            match self.0.bytes.get(&self.0.name(object.blob), range).await {
                Ok(body) => {
                    return Ok(Download {
                        object,
                        public,
                        selection,
                        body,
                    });
                }
                // Names of ours are of version 7: this one stands for bytes that an adopted database did not bring.
                Err(error) if error.kind() == Kind::NotFound && object.blob.0.get_version_num() != 7 => {
                    return Err(Error::not_found("object"));
                }
                // Replaced between the look at the row and the look at the bytes: the new row has new bytes.
                Err(error) if error.kind() == Kind::NotFound && attempts < 3 => attempts += 1,
                Err(error) if error.kind() == Kind::NotFound => {
                    let lost = Error::internal("the bytes of an object are missing");
                    return Err(lost.with("blob", object.blob.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
    }
}
