//! The edge: the first to see a request and the last to see its answer.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use busbar_cache::Cache;
use busbar_kernel::ids::RequestId;
use busbar_kernel::{Clock, Error, Kind};
use futures_util::FutureExt;
use http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method};
use tower_service::Service;

use super::address::client_address;
use super::cors::{self, Cors};
use super::failure::{Failure, Reported, Shape, give_shape};
use super::meter::Meter;
use super::rate;
use super::seen::Seen;
use super::unread;
use crate::route::Limit;
use crate::{Mount, Origins};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the edge needs.
pub(crate) struct EdgeState {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cache: Cache,
    pub(crate) cors: Cors,
    pub(crate) trusted_proxies: usize,
    pub(crate) general_limit: Option<Limit>,
    pub(crate) strict: bool,
    pub(crate) places: Vec<Place>,
    pub(crate) platform_shape: Shape,
    /// Counts what no route answers.
    pub(crate) unrouted: Meter,
}

/// Where an app answers, for what happens outside of its routes.
pub(crate) struct Place {
    pub(crate) mount: Mount,
    pub(crate) shape: Shape,
    pub(crate) origins: Origins,
}

/// Runs a request between its id and its access-log line.
pub(crate) async fn run(edge: Arc<EdgeState>, mut request: Request, router: Router) -> Response {
    let began = edge.clock.monotonic();
    let seen = Arc::new(edge.see(&request));
    let method = request.method().clone();
    let place = edge.place(request.headers(), &seen.path);
    let origins = place.map_or(Origins::Configured, |place| place.origins);
    let shape = place.map_or(edge.platform_shape, |place| place.shape);
    let origin = match origins {
        Origins::Configured => edge.cors.allowed(request.headers()),
        Origins::Own => None,
    };
    let mut response = if cors::is_preflight(&method, request.headers()) {
        cors::preflight(request.headers(), origin)
    } else {
        request.extensions_mut().insert(Arc::clone(&seen));
        let (request, unread) = unread::hold(request);
        let response = edge.answer(request, router, &seen).await;
        if let Some(unread) = unread
            && (response.status().is_client_error() || response.status().is_server_error())
        {
            unread.pass_over().await;
        }
        let mut response = give_shape(response, shape, &seen);
        cors::tell(&mut response, origin);
        response
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&seen.request_id) {
        headers.insert(REQUEST_ID.clone(), id);
    }
    headers
        .entry(X_CONTENT_TYPE_OPTIONS)
        .or_insert(HeaderValue::from_static("nosniff"));
    edge.report(
        &seen,
        &method,
        &response,
        edge.clock.monotonic().saturating_sub(began),
    );
    response
}

impl EdgeState {
    fn see(&self, request: &Request) -> Seen {
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0);
        let peer = peer.unwrap_or_else(|| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
        let (client, forwarded_unverified) = client_address(request.headers(), peer, self.trusted_proxies);
        Seen {
            request_id: self.request_id(request.headers()),
            client,
            forwarded_unverified,
            path: request.uri().path().to_owned(),
            strict: self.strict,
            credential: std::sync::OnceLock::new(),
        }
    }

    fn request_id(&self, headers: &HeaderMap) -> String {
        let plain = |text: &&str| {
            (1..=128).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
        };
        let given = headers
            .get(&REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(plain);
        given.map_or_else(|| RequestId::new(self.clock.as_ref()).to_string(), str::to_owned)
    }

    /// The app that owns a path: by host, else by the longest mount.
    fn place(&self, headers: &HeaderMap, path: &str) -> Option<&Place> {
        let by_host = self
            .places
            .iter()
            .any(|place| matches!(&place.mount, Mount::Host(_)));
        let host = by_host.then(|| host_name(headers)).flatten();
        let at_host = self
            .places
            .iter()
            .find(|place| matches!(&place.mount, Mount::Host(name) if Some(name) == host.as_ref()));
        at_host.or_else(|| {
            let covering = self
                .places
                .iter()
                .filter_map(|place| Some((place.mount.covers(path)?, place)));
            covering.max_by_key(|(length, _)| *length).map(|(_, place)| place)
        })
    }

    async fn answer(&self, request: Request, mut router: Router, seen: &Seen) -> Response {
        if let Some(limit) = self.general_limit
            && let Err(error) = rate::count(&self.cache, limit, &seen.client.to_string()).await
        {
            return Failure::from(error).into_response();
        }
        match AssertUnwindSafe(router.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            Err(panic) => {
                let what = panic.downcast_ref::<&str>().map(ToString::to_string);
                let what = what
                    .or_else(|| panic.downcast_ref::<String>().cloned())
                    .unwrap_or_default();
                Failure::from(Error::internal(format!("a handler panicked: {what}"))).into_response()
            }
        }
    }

    fn report(&self, seen: &Seen, method: &Method, response: &Response, took: Duration) {
        let status = response.status().as_u16();
        let meter = response.extensions().get::<Arc<Meter>>();
        let meter = meter.map_or(&self.unrouted, Arc::as_ref);
        meter.count(response.status(), took);
        let route = meter.route();
        let took_ms = took.as_micros() as f64 / 1000.0;
        let client = seen.client;
        let (path, id) = (seen.path.as_str(), seen.request_id.as_str());
        if let Some(Reported(error)) = response.extensions().get::<Reported>()
            && error.kind() == Kind::Internal
        {
            tracing::error!(target: "busbar::failure", request_id = id, route, error = error.operator_line());
        } else if let Some(Reported(error)) = response.extensions().get::<Reported>() {
            tracing::debug!(target: "busbar::failure", request_id = id, route, error = error.operator_line());
        }
        if !path.starts_with("/health") {
            tracing::info!(target: "busbar::access", request_id = id, %method, path, status, took_ms, %client, "answered");
        }
    }
}

/// The host a request names, without port, in lower case.
pub(crate) fn host_name(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(http::header::HOST)?.to_str().ok()?;
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    Some(name.to_ascii_lowercase())
}
