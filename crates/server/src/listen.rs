//! Accepting connections, and letting them finish after a signal.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use busbar_kernel::{Error, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Binds `host:port`.
///
/// # Errors
/// An address that is none, or a port that is taken, named.
pub async fn bind(host: &str, port: u16) -> Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let message = match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("Port {port} is taken by another program: set PORT"),
            _ => format!("{host}:{port} cannot be listened on: set HOST and PORT"),
        };
        Error::unavailable("server.listen_failed", message).source(error)
    })
}

/// Answers until `stop` becomes true, then lets running requests finish for at most `drain`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
    drain: Duration,
) -> Result<()> {
    let service: IntoMakeServiceWithConnectInfo<Router, SocketAddr> =
        router.into_make_service_with_connect_info();
    let stopped = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(until_true(stopped));
    tokio::select! {
        result = async { server.await } => result.map_err(|error| Error::internal("the listener failed").source(error)),
        () = async { until_true(stop).await; tokio::time::sleep(drain).await } => {
            tracing::warn!(seconds = drain.as_secs(), "requests were still running when the time to drain was over");
            Ok(())
        }
    }
}

async fn until_true(mut stop: watch::Receiver<bool>) {
    // A dropped sender means the program is ending as well.
    let _ended = stop.wait_for(|stop| *stop).await.is_err();
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
