//! DeleteObject and DeleteObjects.

use axum::response::Response;
use busbar_files::Objects;
use busbar_files::objects::Deletion;
use busbar_kernel::{Kind, Result};
use http::StatusCode;
use serde::Deserialize;

use super::Call;
use crate::gateway::refusal;
use crate::gateway::xml::{Answer, empty, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted {
    #[serde(default)]
    object: Vec<Key>,
    #[serde(default)]
    quiet: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    key: String,
}

/// Removes one; that it was not there is no error.
pub(super) async fn one(call: &Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    match call
        .services
        .files
        .objects
        .delete(&call.actor, &bucket, &key)
        .await
    {
        Ok(()) => {}
        Err(error) if error.kind() == Kind::NotFound => {
            call.services.files.buckets.find(&bucket).await?;
        }
        Err(error) => return Err(error),
    }
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Removes up to a thousand.
pub(super) async fn many(call: Call) -> Result<Response> {
    let body = call.xml().await?;
    let wanted: Wanted = read(&body)?;
    if wanted.object.is_empty() || wanted.object.len() > Objects::MAX_DELETED {
        return Err(refusal("MalformedXML", "Name 1 to 1000 keys"));
    }
    let bucket = call.bucket()?;
    call.services.files.buckets.find(&bucket).await?;
    let keys: Vec<String> = wanted.object.into_iter().map(|object| object.key).collect();
    let done = call
        .services
        .files
        .objects
        .delete_many(&call.actor, &bucket, &keys)
        .await?;
    let mut answer = Answer::new("DeleteResult");
    for (key, deletion) in keys.iter().zip(done) {
        match deletion {
            Deletion::Refused(why) => {
                answer.nest("Error", |inner| {
                    inner
                        .put("Key", key)
                        .put("Code", "InvalidArgument")
                        .put("Message", why);
                });
            }
            Deletion::Deleted | Deletion::NotFound if !wanted.quiet => {
                answer.nest("Deleted", |inner| {
                    inner.put("Key", key);
                });
            }
            Deletion::Deleted | Deletion::NotFound => {}
        }
    }
    Ok(answer.send())
}
