//! The same callers over a real loopback connection.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use busbar_platform::Front;
use busbar_server::listen;
use http::{HeaderValue, Request, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A Busbar that listens on a free loopback port until this value is dropped.
pub struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: Option<JoinHandle<()>>,
}

impl Listening {
    pub(crate) async fn start(front: Front) -> Self {
        let listener = listen::bind("127.0.0.1", 0, "PORT")
            .await
            .expect("a free loopback port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(listen::serve(
            listener,
            front,
            stopped,
            Duration::from_secs(10),
            listen::Load {
                workers: 2,
                per_address: 0,
            },
        ));
        Self {
            address,
            stop,
            serving: Some(serving),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops as at a signal, and waits until running requests are answered.
    ///
    /// # Panics
    /// When the listener failed.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.take() {
            serving.await.expect("the server ends well");
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.abort();
        }
    }
}

/// One request on a connection of its own.
pub(crate) async fn send(address: SocketAddr, mut request: Request<Body>) -> Response {
    let host = HeaderValue::from_str(&address.to_string()).expect("an address is a header value");
    request.headers_mut().entry(header::HOST).or_insert(host);
    let stream = TcpStream::connect(address).await.expect("the server listens");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .expect("HTTP is spoken");
    tokio::spawn(connection);
    let response = sender.send_request(request).await.expect("the server answers");
    response.map(Body::new)
}
