//! `/storage/v1/s3/{bucket}`: which verb is meant, and the small ones.

use axum::extract::{Request, State};
use axum::response::Response;
use busbar_kernel::Result;
use busbar_platform::Reply;
use http::{HeaderValue, Method, StatusCode, header};

use super::{Call, deletion, form, listing};
use crate::Services;
use crate::gateway::xml::{Answer, empty};
use crate::gateway::{REGION, refusal};

/// Answers what is asked of a bucket.
pub(crate) async fn handle(State(services): State<Services>, request: Request) -> Reply<Response> {
    if form::is_one(&request) {
        return Ok(form::answer(services, request).await?);
    }
    let call = Call::open(services, request).await?;
    let answer = match call.parts.method {
        Method::GET => read(&call).await,
        Method::HEAD => exists(&call).await,
        Method::PUT => create(&call).await,
        Method::DELETE => remove(&call).await,
        Method::POST if call.query.has("delete") => deletion::many(call).await,
        _ => Err(call.not_implemented()),
    };
    Ok(answer?)
}

/// Parameters of settings that a bucket here never has, and how S3 says so.
const ABSENT: [(&str, &str); 6] = [
    ("cors", "NoSuchCORSConfiguration"),
    ("encryption", "ServerSideEncryptionConfigurationNotFoundError"),
    ("lifecycle", "NoSuchLifecycleConfiguration"),
    ("object-lock", "ObjectLockConfigurationNotFoundError"),
    ("policy", "NoSuchBucketPolicy"),
    ("tagging", "NoSuchTagSet"),
];

async fn read(call: &Call) -> Result<Response> {
    let bucket = call.services.files.buckets.find(&call.bucket()?).await?;
    let query = &call.query;
    if query.has("location") {
        let mut answer = Answer::new("LocationConstraint");
        return Ok(answer.raw(REGION).send());
    }
    if query.has("versioning") {
        return Ok(Answer::new("VersioningConfiguration").send());
    }
    if let Some((_, code)) = ABSENT.iter().find(|(name, _)| query.has(name)) {
        return Err(refusal(code, "The bucket has no such configuration"));
    }
    if [
        "acl",
        "versions",
        "notification",
        "website",
        "logging",
        "replication",
    ]
    .iter()
    .any(|name| query.has(name))
    {
        return Err(call.not_implemented());
    }
    if query.has("uploads") {
        return listing::uploads(call, &bucket.name).await;
    }
    match query.get("list-type") {
        Some("2") => listing::second(call, &bucket.name).await,
        _ => listing::first(call, &bucket.name).await,
    }
}

async fn exists(call: &Call) -> Result<Response> {
    call.services.files.buckets.find(&call.bucket()?).await?;
    let mut answer = empty(StatusCode::OK);
    let region = HeaderValue::from_static(REGION);
    answer.headers_mut().insert("x-amz-bucket-region", region);
    Ok(answer)
}

async fn create(call: &Call) -> Result<Response> {
    let settings = [
        "acl",
        "cors",
        "encryption",
        "lifecycle",
        "policy",
        "tagging",
        "versioning",
        "website",
    ];
    if settings.iter().any(|name| call.query.has(name)) {
        return Err(call.not_implemented());
    }
    let name = call.bucket()?;
    call.services
        .files
        .buckets
        .create(&call.actor, &name, false)
        .await?;
    let mut answer = empty(StatusCode::OK);
    if let Ok(place) = HeaderValue::from_str(&format!("/{name}")) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

async fn remove(call: &Call) -> Result<Response> {
    let name = call.bucket()?;
    if ["cors", "lifecycle", "policy", "tagging"]
        .iter()
        .any(|setting| call.query.has(setting))
    {
        call.services.files.buckets.find(&name).await?;
        return Ok(empty(StatusCode::NO_CONTENT));
    }
    call.services
        .files
        .buckets
        .delete_empty(&call.actor, &name)
        .await?;
    Ok(empty(StatusCode::NO_CONTENT))
}
