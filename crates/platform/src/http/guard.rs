//! The guard of one route: limit, caller, permission, body, time, and the shape of its errors.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use busbar_cache::Cache;
use busbar_kernel::{Actor, Clock, Error, Kind, Result};
use http::header;
use http::request::Parts;
use http_body::Body as _;

use super::failure::{Failure, Shape, give_shape};
use super::input::too_large;
use super::internal::InternalRule;
use super::meter::Meter;
use super::rate::{self, Standing};
use super::steady::Steady;
use crate::route::{Limit, Per};
use crate::{Access, Ctx, Gate, Head, Seen};

/// Everything a route's guard needs.
pub(crate) struct Guard {
    pub(crate) access: Access,
    pub(crate) limit: Option<Limit>,
    pub(crate) body_limit: usize,
    pub(crate) time_limit: Duration,
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) shape: Shape,
    pub(crate) cache: Cache,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) internal: Arc<InternalRule>,
    pub(crate) meter: Arc<Meter>,
}

/// A handler behind its guard: a handler again, and not a layer around one, because each layer of a route costs every
/// request several allocations.
#[derive(Clone)]
pub(crate) struct Guarded<H> {
    pub(crate) guard: Arc<Guard>,
    pub(crate) handler: H,
}

/// A handler on its way.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

impl<H, T, S> Handler<T, S> for Guarded<H>
where
    H: Handler<T, S>,
    S: Send + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let Self { guard, handler } = self;
        // Boxed, so that the guard is compiled once and not once for every handler.
        let handler = Box::new(|request| -> Answering { Box::pin(handler.call(request, state)) });
        Box::pin(run(guard, request, handler))
    }
}

type Handling = Box<dyn FnOnce(Request) -> Answering + Send>;

async fn run(guard: Arc<Guard>, request: Request, handler: Handling) -> Response {
    let Some(seen) = request.extensions().get::<Arc<Seen>>().cloned() else {
        return Failure::from(Error::internal("a guard ran without the edge")).into_response();
    };
    let response = guard
        .pass(request, handler, &seen)
        .await
        .unwrap_or_else(|error| Failure::from(error).into_response());
    let mut response = give_shape(response, guard.shape, &seen);
    response.extensions_mut().insert(Arc::clone(&guard.meter));
    response
}

impl Guard {
    async fn pass(&self, request: Request, handler: Handling, seen: &Arc<Seen>) -> Result<Response> {
        let (mut parts, body) = request.into_parts();
        let (actor, standing) = self.admit(&parts, seen).await?;
        self.check_length(&parts)?;
        let context = Ctx {
            seen: Arc::clone(seen),
            actor: Arc::new(actor),
            gate: Arc::clone(&self.gate),
        };
        parts.extensions.insert(context);
        let body = if body.is_end_stream() {
            body
        } else {
            let steady = Steady::over(body, Arc::clone(&self.clock));
            Body::new(http_body_util::Limited::new(steady, self.body_limit))
        };
        let request = Request::from_parts(parts, body);
        let running = tokio::time::timeout(self.time_limit, handler(request));
        let mut response = running.await.map_err(|_| {
            Error::new(
                Kind::Timeout,
                "request.timeout",
                "The request took longer than it may",
            )
        })?;
        if let Some(standing) = standing {
            standing.tell(&mut response);
        }
        Ok(response)
    }

    async fn admit(&self, parts: &Parts, seen: &Seen) -> Result<(Actor, Option<Standing>)> {
        let head = Head {
            method: &parts.method,
            uri: &parts.uri,
            headers: &parts.headers,
            seen,
        };
        let mut standing = None;
        if let Some(limit) = self.limit.filter(|limit| matches!(limit.per, Per::Address)) {
            standing = Some(rate::count(&self.cache, limit, &seen.client.to_string()).await?);
        }
        self.gate.screen(&head)?;
        let actor = match self.access {
            Access::Permission(permission) => {
                let actor = self.gate.identify(&head).await?;
                self.gate.permit(&actor, permission).await?;
                actor
            }
            Access::Internal => {
                self.internal.check(&parts.headers, seen)?;
                Actor::Service {
                    name: "internal".to_owned(),
                }
            }
            Access::Public(_) | Access::SignedWebhook(_) => Actor::Nobody,
        };
        if let Some(limit) = self.limit.filter(|limit| matches!(limit.per, Per::Actor)) {
            let whom = match &actor {
                Actor::Nobody | Actor::Anonymous => seen.client.to_string(),
                known => known.log_name().to_owned(),
            };
            standing = Some(rate::count(&self.cache, limit, &whom).await?);
        }
        Ok((actor, standing))
    }

    /// Refuses an announced length before a byte of it is read.
    fn check_length(&self, parts: &Parts) -> Result<()> {
        let announced = parts.headers.get(header::CONTENT_LENGTH);
        let length = announced
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<usize>().ok());
        if length.is_some_and(|length| length > self.body_limit) {
            Err(too_large())
        } else {
            Ok(())
        }
    }
}
