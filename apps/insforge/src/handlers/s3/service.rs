//! `/storage/v1/s3`: all buckets.

use axum::extract::{Request, State};
use axum::response::Response;
use busbar_kernel::clock::iso_millis;
use busbar_platform::Reply;

use super::Call;
use crate::Services;
use crate::gateway::xml::Answer;

/// Lists the buckets.
pub(crate) async fn handle(State(services): State<Services>, request: Request) -> Reply<Response> {
    let call = Call::open(services, request).await?;
    let buckets = call.services.files.buckets.names(&call.actor).await?;
    let mut answer = Answer::new("ListAllMyBucketsResult");
    answer.nest("Owner", |owner| {
        owner
            .put("ID", &call.key.access_key_id)
            .put("DisplayName", "busbar");
    });
    answer.nest("Buckets", |list| {
        for bucket in &buckets {
            list.nest("Bucket", |one| {
                one.put("Name", bucket.name.as_str())
                    .put("CreationDate", iso_millis(bucket.created_at));
            });
        }
    });
    Ok(answer.send())
}
