//! One sort of caller, with the same verbs as every other.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use busbar_platform::Front;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{Answer, Listening, socket};

/// Somebody who calls, with the credential that is shown at every call.
#[derive(Clone)]
pub struct Caller {
    way: Way,
    headers: HeaderMap,
    address: Option<IpAddr>,
}

#[derive(Clone)]
enum Way {
    Front(Front),
    Socket(SocketAddr),
}

impl Caller {
    pub(crate) fn through(front: Front) -> Self {
        Self {
            way: Way::Front(front),
            headers: HeaderMap::new(),
            address: None,
        }
    }

    /// The same caller with one more header at every call.
    ///
    /// # Panics
    /// When it is no header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        let value: HeaderValue = value.parse().expect("a header's value");
        self.headers.insert(name, value);
        self
    }

    /// The same caller with this bearer token.
    #[must_use]
    pub fn bearing(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The same caller from another address; has no effect over a socket.
    #[must_use]
    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// The same caller over a real connection.
    #[must_use]
    pub fn over(mut self, listening: &Listening) -> Self {
        self.way = Way::Socket(listening.address());
        self
    }

    /// The headers shown at every call.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::POST, path, &body).await
    }

    /// `PUT` of JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PUT, path, &body).await
    }

    /// `PATCH` with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(Method::PATCH, path, &body).await
    }

    /// `DELETE`
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    /// Any method with a JSON body.
    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let headers = [(header::CONTENT_TYPE.as_str(), "application/json")];
        self.send(method, path, &headers, body.to_string()).await
    }

    /// Any method, headers and body.
    ///
    /// # Panics
    /// When it is no request, or the answer breaks off.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body.into())
            .unwrap_or_else(|error| panic!("{asked}: {error}"));
        let response = self.deliver(request).await;
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .unwrap_or_else(|error| panic!("{asked}: {error}"));
        Answer {
            asked,
            status: parts.status,
            headers: parts.headers,
            body: body.to_bytes(),
        }
    }

    async fn deliver(&self, mut request: Request<Body>) -> Response {
        match &self.way {
            Way::Socket(address) => socket::send(*address, request).await,
            Way::Front(front) => {
                if let Some(address) = self.address {
                    let peer = SocketAddr::new(address, 40_000);
                    request.extensions_mut().insert(ConnectInfo(peer));
                }
                let Ok(response) = front.clone().oneshot(request).await;
                response
            }
        }
    }
}
