//! `busbar health`: asks the running server, for container health checks.

use std::process::ExitCode;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::output::{say, say_problems};
use crate::{config, environment};

/// Succeeds when the server on this machine answers that it is ready.
pub(super) async fn run() -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    let host = match settings.get(&config::HOST) {
        Some(host) if host != "0.0.0.0" && host != "::" => host,
        _ => "127.0.0.1".to_owned(),
    };
    let asked = tokio::time::timeout(Duration::from_secs(5), ask(&host, settings.get(&config::PORT))).await;
    match asked {
        Ok(Ok(head)) if head.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(Ok(head)) => {
            say(head.lines().next().unwrap_or("an empty answer"));
            ExitCode::FAILURE
        }
        Ok(Err(error)) => {
            say(&format!("no answer: {error}"));
            ExitCode::FAILURE
        }
        Err(_) => {
            say("no answer within five seconds");
            ExitCode::FAILURE
        }
    }
}

async fn ask(host: &str, port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((host, port)).await?;
    let request = format!("GET /health/ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
