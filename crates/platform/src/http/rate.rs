//! Counting requests against a limit.

use std::time::Duration;

use axum::response::Response;
use busbar_cache::Cache;
use busbar_kernel::{Error, Kind, Result};
use http::HeaderValue;

use crate::route::Limit;

/// Where a counter stands after this request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    limit: Limit,
    remaining: u64,
    resets_in: Duration,
}

/// Counts one request of `whom`.
///
/// # Errors
/// `RateLimited` above the budget; `Unavailable` when the cache does not answer, because a limit that is not
/// counted is no limit.
pub(crate) async fn count(cache: &Cache, limit: Limit, whom: &str) -> Result<Standing> {
    let count = cache
        .increment(&format!("limit:{}:{whom}", limit.name), limit.window)
        .await?;
    if count.count > limit.budget {
        let error = Error::new(
            Kind::RateLimited,
            "access.rate_limited",
            "Too many requests; try again later",
        );
        return Err(error.retry_after(count.resets_in));
    }
    Ok(Standing {
        limit,
        remaining: limit.budget - count.count,
        resets_in: count.resets_in,
    })
}

impl Standing {
    /// Writes the standing into an answer.
    pub(crate) fn tell(&self, response: &mut Response) {
        let headers = response.headers_mut();
        let policy = format!("{};w={}", self.limit.budget, self.limit.window.as_secs());
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert("ratelimit-policy", policy);
        }
        headers.insert("ratelimit-limit", HeaderValue::from(self.limit.budget));
        headers.insert("ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert(
            "ratelimit-reset",
            HeaderValue::from(self.resets_in.as_secs().max(1)),
        );
    }
}
