//! Connections from one address have a bound, and what is given back counts no more.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use busbar_server::listen::{self, Load};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Asks on a connection and keeps it; the answer's status.
async fn ask(stream: &mut TcpStream) -> String {
    // What is turned away may be closed before it has asked.
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
    let mut answer = [0; 512];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    let text = String::from_utf8_lossy(&answer[..read]).into_owned();
    text.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_address_that_holds_too_many_connections_is_turned_away() {
    let listener = listen::bind("127.0.0.1", 0, "PORT").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(|| async { "here" }));
    let (stop, stopped) = watch::channel(false);
    let load = Load {
        workers: 2,
        per_address: 2,
    };
    let serving = tokio::spawn(listen::serve(
        listener,
        router,
        stopped,
        Duration::from_secs(1),
        load,
    ));
    let (mut one, mut two) = (
        TcpStream::connect(address).await.unwrap(),
        TcpStream::connect(address).await.unwrap(),
    );
    assert_eq!(ask(&mut one).await, "200");
    assert_eq!(ask(&mut two).await, "200");
    let mut three = TcpStream::connect(address).await.unwrap();
    assert_eq!(ask(&mut three).await, "503");
    assert_eq!(ask(&mut one).await, "200", "those that are there stay");
    drop(two);
    let mut status = String::new();
    for _ in 0..100 {
        let mut four = TcpStream::connect(address).await.unwrap();
        status = ask(&mut four).await;
        if status == "200" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status, "200");
    stop.send(true).unwrap();
    drop(one);
    serving.await.unwrap();
}
