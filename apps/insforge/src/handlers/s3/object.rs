//! `/storage/v1/s3/{bucket}/{key}`: which verb is meant, and tags.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::response::Response;
use busbar_kernel::Result;
use busbar_platform::Reply;
use http::{Method, StatusCode};
use serde::Deserialize;

use super::{Call, copy, deletion, multipart, read, write};
use crate::Services;
use crate::gateway::xml::{self, Answer, empty};

/// Answers what is asked of an object.
pub(crate) async fn handle(State(services): State<Services>, request: Request) -> Reply<Response> {
    let call = Call::open(services, request).await?;
    let has = |name: &str| call.query.has(name);
    let upload = has("uploadId");
    let copies = call.parts.headers.contains_key("x-amz-copy-source");
    let settings = [
        "acl",
        "attributes",
        "legal-hold",
        "restore",
        "retention",
        "select",
        "torrent",
    ];
    if settings.iter().any(|name| has(name)) {
        return Err(call.not_implemented().into());
    }
    let answer = match (&call.parts.method, has("tagging")) {
        (&Method::GET, true) => tags(&call).await,
        (&Method::PUT, true) => put_tags(call).await,
        (&Method::DELETE, true) => no_tags(&call).await,
        (&Method::GET, _) if upload => multipart::list(&call).await,
        (&Method::GET | &Method::HEAD, _) => read::answer(&call).await,
        (&Method::PUT, _) if upload && copies => multipart::copy_part(call).await,
        (&Method::PUT, _) if upload => multipart::put_part(call).await,
        (&Method::PUT, _) if copies => copy::answer(call).await,
        (&Method::PUT, _) => write::answer(call).await,
        (&Method::POST, _) if has("uploads") => multipart::begin(&call).await,
        (&Method::POST, _) if upload => multipart::complete(call).await,
        (&Method::DELETE, _) if upload => multipart::call_off(&call).await,
        (&Method::DELETE, _) => deletion::one(&call).await,
        _ => Err(call.not_implemented()),
    };
    Ok(answer?)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tagging {
    tag_set: TagSet,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct TagSet {
    tag: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

async fn tags(call: &Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    let (object, _) = call
        .services
        .files
        .objects
        .find(&call.actor, &bucket, &key, None)
        .await?;
    let mut answer = Answer::new("Tagging");
    answer.nest("TagSet", |set| {
        for (name, value) in object.attached().tags {
            set.nest("Tag", |tag| {
                tag.put("Key", name).put("Value", value);
            });
        }
    });
    Ok(answer.send())
}

async fn put_tags(call: Call) -> Result<Response> {
    let tagging: Tagging = xml::read(&call.xml().await?)?;
    let tags: BTreeMap<String, String> = tagging
        .tag_set
        .tag
        .into_iter()
        .map(|tag| (tag.key, tag.value))
        .collect();
    let (bucket, key) = call.object()?;
    call.services
        .files
        .objects
        .set_tags(&call.actor, &bucket, &key, tags)
        .await?;
    Ok(empty(StatusCode::OK))
}

async fn no_tags(call: &Call) -> Result<Response> {
    let (bucket, key) = call.object()?;
    call.services
        .files
        .objects
        .set_tags(&call.actor, &bucket, &key, BTreeMap::new())
        .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
