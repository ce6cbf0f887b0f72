//! Accepting connections, and letting their requests finish after a signal.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use busbar_kernel::{Error, Result};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tower::{Service, ServiceExt};

use crate::addresses::{Addresses, Held};

/// A client that does not finish its request head in this time is let go.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// Above this many open connections new ones wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 20_000;

/// Binds `host:port`; `variable` is what sets the port.
///
/// # Errors
/// An address that is none, or a port that is taken, named.
pub async fn bind(host: &str, port: u16, variable: &str) -> Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let message = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("Port {port} is taken by another program: set {variable}")
            }
            _ => format!("{host}:{port} cannot be listened on: set HOST and {variable}"),
        };
        Error::unavailable("server.listen_failed", message).source(error)
    })
}

/// How much a listener takes on.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Threads that answer, at least one.
    pub workers: usize,
    /// Connections that one address may hold; 0 is no limit.
    pub per_address: usize,
}

/// Answers until `stop` becomes true, then lets running requests finish for at most `drain`.
///
/// Every one of its threads has a runtime of its own and keeps the connections it is given: a request that is
/// answered where it was read wakes no other thread, which costs more than most reads of a row do.
pub async fn serve<S: Answers>(
    listener: TcpListener,
    service: S,
    mut stop: watch::Receiver<bool>,
    drain: Duration,
    load: Load,
) {
    let addresses = Addresses::with_at_most(load.per_address);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let workers: Vec<Worker> = (0..load.workers.max(1))
        .filter_map(|number| Worker::start(number, service.clone(), drain))
        .collect();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let handed = accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer)));
        let (stream, peer) = match handed {
            Ok(handed) => handed,
            Err(error) => {
                // Out of descriptors, most likely: accepting again at once would only spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(counted_address) = addresses.hold(peer.ip()) else {
            turn_away(&stream);
            continue;
        };
        let least_busy = workers
            .iter()
            .min_by_key(|worker| Arc::strong_count(&worker.connections));
        if let Some(worker) = least_busy {
            let counted = Arc::clone(&worker.connections);
            let connection = Accepted {
                stream,
                peer,
                held: (place, counted, counted_address),
            };
            // A worker ends only when this function lets it.
            let _ = worker.sender.send(connection);
        }
    }
    drop(listener);
    let mut waiting = Vec::new();
    for Worker {
        sender,
        drained,
        release,
        ..
    } in workers
    {
        drop(sender);
        waiting.push((drained, release));
    }
    // One worker's connection to a database may carry another's last request, so they end together.
    for (drained, _) in &mut waiting {
        let _ = drained.await;
    }
}

/// What answers requests: the apps behind their edge, or a router alone.
pub trait Answers:
    Service<Request, Response = Response, Error = std::convert::Infallible, Future: Send> + Clone + Send + 'static
{
}

impl<S> Answers for S where
    S: Service<Request, Response = Response, Error = std::convert::Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// Tells a client that it holds too many connections already, where that costs no waiting.
fn turn_away(mut stream: &std::net::TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";
    // The stream does not block; a client that is not there needs no answer.
    let _ = std::io::Write::write(&mut stream, ANSWER);
}

/// A connection on its way to a worker.
struct Accepted {
    stream: std::net::TcpStream,
    peer: SocketAddr,
    held: (OwnedSemaphorePermit, Arc<()>, Held),
}

/// A thread that answers connections.
struct Worker {
    sender: mpsc::UnboundedSender<Accepted>,
    /// Held once here and once by every open connection.
    connections: Arc<()>,
    drained: oneshot::Receiver<()>,
    /// Dropped when the thread may end.
    release: oneshot::Sender<()>,
}

impl Worker {
    fn start(number: usize, service: impl Answers, drain: Duration) -> Option<Self> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (tell, drained) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let thread = std::thread::Builder::new().name(format!("http-{number}"));
        let started = thread.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(async {
                    work(receiver, service, drain).await;
                    let _ = tell.send(());
                    let _: Result<(), oneshot::error::RecvError> = released.await;
                }),
                Err(error) => tracing::error!(%error, "a thread for requests could not start"),
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "a thread for requests could not start");
            return None;
        }
        Some(Self {
            sender,
            connections: Arc::default(),
            drained,
            release,
        })
    }
}

/// Answers connections until no more can come, then waits for their requests for at most `drain`.
async fn work(mut connections: mpsc::UnboundedReceiver<Accepted>, answering: impl Answers, drain: Duration) {
    let graceful = GracefulShutdown::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(256);
    while let Some(Accepted { stream, peer, held }) = connections.recv().await {
        let stream = match TcpStream::from_std(stream) {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be served");
                continue;
            }
        };
        let service = service_for(&answering, &stream, peer);
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), service)
            .into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(held);
        });
    }
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            seconds = drain.as_secs(),
            "requests were still running when the time to drain was over"
        );
    }
}

fn service_for(
    answering: &impl Answers,
    stream: &TcpStream,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<hyper::body::Incoming>,
    Response = Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Send
+ 'static {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small answers of this connection may wait");
    }
    let service = answering
        .clone()
        .map_request(move |request: hyper::Request<hyper::body::Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
    TowerToHyperService::new(service)
}

/// Becomes true at SIGTERM or Ctrl-C.
pub fn stop_on_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(error) => {
                    tracing::error!(%error, "SIGTERM cannot be listened for");
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::select! {
            () = terminate => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        sender.send_replace(true);
    });
    receiver
}
