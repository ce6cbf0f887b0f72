//! Bucket and key as they stand in a path, raw or percent-encoded, and who asks for them.

use axum::extract::{FromRequestParts, RawPathParams};
use busbar_files::{BucketName, ObjectKey};
use busbar_kernel::{Actor, Error, Kind};
use busbar_platform::{Ctx, Failure};
use http::request::Parts;

/// The bucket of a path.
pub(crate) struct InBucket(pub(crate) BucketName);

/// The object of a path.
pub(crate) struct At {
    pub(crate) bucket: BucketName,
    pub(crate) key: ObjectKey,
}

/// The object of a path that ends in a verb, the key not yet read.
pub(crate) struct Before {
    pub(crate) bucket: BucketName,
    pub(crate) rest: String,
}

impl<S: Send + Sync> FromRequestParts<S> for InBucket {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Ok(Self(captured(parts, state, "bucket").await?.parse()?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Before {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Ok(Self {
            bucket: captured(parts, state, "bucket").await?.parse()?,
            rest: captured(parts, state, "key").await?,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Before { bucket, rest } = Before::from_request_parts(parts, state).await?;
        Ok(Self {
            bucket,
            key: rest.parse()?,
        })
    }
}

async fn captured<S: Send + Sync>(parts: &mut Parts, state: &S, name: &'static str) -> Result<String, Error> {
    let all = RawPathParams::from_request_parts(parts, state).await;
    let all = all.map_err(|error| Error::invalid(name, "This is not UTF-8").source(error))?;
    let found = all.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, value)| value.to_owned())
        .ok_or_else(|| Error::internal("a route lacks a part of its path").with("part", name))
}

/// Who reads: nobody, where no credential is shown or it is not accepted. What is public is read all the same;
/// where more is needed, [`Reader::refuse`] says what was wrong with the credential.
pub(crate) struct Reader {
    pub(crate) actor: Actor,
    refused: Option<Error>,
}

impl Reader {
    pub(crate) async fn of(ctx: &Ctx, parts: &Parts) -> Self {
        match ctx.identify(parts).await {
            Ok(actor) => Self { actor, refused: None },
            Err(error) => Self {
                actor: Actor::Nobody,
                refused: Some(error),
            },
        }
    }

    pub(crate) fn refuse(self, error: Error) -> Failure {
        match (error.kind(), self.refused) {
            (Kind::Unauthenticated, Some(refused)) => refused.into(),
            (Kind::Unauthenticated, None) => {
                Error::unauthenticated("access.no_credential", "No token provided").into()
            }
            _ => error.into(),
        }
    }
}
