//! What a server serves: the edge around the router, and compression around both.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header;
use http_body::Body as HttpBody;
use tower_http::compression::Compression;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_service::Service;

use super::edge::{self, EdgeState};

/// Answers every request. It stands around the router and is no layer of it, because a router copies its layers into
/// each of its routes and clones them for every request.
#[derive(Clone)]
pub struct Front(Compression<Edged, WorthIt>);

impl Front {
    /// The edge in front of `router`.
    pub(crate) fn new(edge: EdgeState, router: Router) -> Self {
        let edged = Edged {
            edge: Arc::new(edge),
            router,
        };
        Self(Compression::new(edged).compress_when(WorthIt))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let answered = self.0.call(request);
        Box::pin(async move { answered.await.map(|response| response.map(Body::new)) })
    }
}

/// The edge and the router behind it.
#[derive(Clone)]
struct Edged {
    edge: Arc<EdgeState>,
    router: Router,
}

impl Service<Request> for Edged {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let running = edge::run(Arc::clone(&self.edge), request, self.router.clone());
        Box::pin(async move { Ok(running.await) })
    }
}

/// Which answers are compressed.
#[derive(Clone, Copy)]
struct WorthIt;

impl Predicate for WorthIt {
    fn should_compress<B: HttpBody>(&self, response: &http::Response<B>) -> bool {
        // A file that is offered in parts leaves as it is stored: its length and its tag are those of its bytes.
        !response.headers().contains_key(header::ACCEPT_RANGES)
            && SizeAbove::new(1024)
                .and(NotForContentType::IMAGES)
                .and(NotForContentType::SSE)
                .should_compress(response)
    }
}
