//! S3 against real servers, where the environment names some, and what it does when a server misbehaves.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{Clock, Kind, SystemClock};
use busbar_ports::objects::{LinkRequest, ObjectStore};
use busbar_providers::objects::{S3, S3Settings};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::object_store::{body, conforms, name};

/// Set by `tests/peers/s3.py` for each server: `http://host:port bucket key secret`.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by the environment where its servers are"
)]
fn told() -> Option<Vec<String>> {
    let told = std::env::var("BUSBAR_TEST_S3").ok()?;
    Some(told.split(' ').map(str::to_owned).collect())
}

fn settings(endpoint: &str, bucket: &str, key: &str, secret: &str) -> S3Settings {
    let pairs = [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_S3_BUCKET", bucket),
        ("AWS_ACCESS_KEY_ID", key),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("S3_USE_PRESIGNED_URLS", "true"),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let source = Source::new(Origin::Environment, pairs);
    let table = busbar_providers::config::variables();
    let settings = Settings::resolve(&table, Mode::Test, vec![source]).unwrap();
    S3Settings::from_settings(&settings).unwrap().unwrap()
}

fn store(settings: S3Settings) -> S3 {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    S3::new(settings, clock).unwrap()
}

#[tokio::test]
async fn a_real_server_conforms() {
    let Some(told) = told() else {
        println!("skipped: no S3 server is named by BUSBAR_TEST_S3");
        return;
    };
    let [endpoint, bucket, key, secret] = told.as_slice() else {
        panic!("BUSBAR_TEST_S3 has four words");
    };
    let ours = store(settings(endpoint, bucket, key, secret));
    conforms(&ours).await;

    // Above one piece: in parts, and every byte comes back.
    let large = name("big/one");
    let chunks = (0..2100u32).map(|number| Ok(Bytes::from(vec![u8::try_from(number % 251).unwrap(); 8192])));
    let sent = 2100 * 8192;
    let size = ours
        .put(&large, stream::iter(chunks.collect::<Vec<_>>()).boxed(), sent)
        .await
        .unwrap();
    assert_eq!(size, sent);
    let came = ours.get(&large, None).await.unwrap();
    let came = came
        .try_fold(0u64, |sum, chunk| async move { Ok(sum + chunk.len() as u64) })
        .await
        .unwrap();
    assert_eq!(came, sent);
    let end = ours.get(&large, Some(sent - 8193..sent)).await.unwrap();
    let end = end.try_collect::<Vec<_>>().await.unwrap().concat();
    assert_eq!(
        (end[0], end[1], end.len()),
        (90, 91, 8193),
        "2098 and 2099 modulo 251"
    );

    // A link reads without a key, for a while.
    let wanted = LinkRequest {
        lifetime: Duration::from_secs(60),
        content_type: Some("text/plain".to_owned()),
        disposition: None,
    };
    let link = ours.link(&name("aa/first"), &wanted).unwrap().unwrap();
    assert!(
        link.starts_with(&format!("{endpoint}/{bucket}/aa/first?X-Amz-Algorithm=")),
        "{link}"
    );

    let missing = store(settings(endpoint, "there-is-no-such-bucket", key, secret));
    let error = missing.check().await.unwrap_err();
    assert_eq!(
        (error.code_str(), error.is_temporary()),
        ("objects.unavailable", false)
    );
}

#[tokio::test]
async fn a_server_that_checks_signatures_refuses_another_secret() {
    let Some(told) = told() else {
        println!("skipped: no S3 server is named by BUSBAR_TEST_S3");
        return;
    };
    let [endpoint, bucket, key, _] = told.as_slice() else {
        panic!("BUSBAR_TEST_S3 has four words");
    };
    let stranger = store(settings(endpoint, bucket, key, "another-secret-of-nobody"));
    let done = stranger.put(&name("aa/stranger"), body(&[b"x"]), 10).await;
    if endpoint_checks() {
        let error = done.unwrap_err();
        assert_eq!((error.kind(), error.is_temporary()), (Kind::Unavailable, false));
        assert!(
            error.operator_line().contains("SignatureDoesNotMatch"),
            "{error:?}"
        );
    } else {
        println!("skipped: this server checks no signature");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by the environment where its servers are"
)]
fn endpoint_checks() -> bool {
    std::env::var("BUSBAR_TEST_S3_CHECKS").is_ok_and(|word| word == "1")
}

/// A server that gives each connection the next of `answers` and counts.
async fn scripted(answers: Vec<&'static str>) -> (String, tokio::task::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut served = 0;
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut seen = Vec::new();
            let mut buffer = [0; 4096];
            while !seen.windows(4).any(|window| window == b"\r\n\r\n") {
                let count = socket.read(&mut buffer).await.unwrap();
                if count == 0 {
                    break;
                }
                seen.extend_from_slice(&buffer[..count]);
            }
            socket.write_all(answer.as_bytes()).await.unwrap();
            socket.shutdown().await.unwrap();
            served += 1;
        }
        served
    });
    (address, task)
}

const SLOW: &str = "HTTP/1.1 503 Slow Down\r\nconnection: close\r\ncontent-length: 36\r\n\r\n<Error><Code>SlowDown</Code></Error>";
const DENIED: &str = "HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 40\r\n\r\n<Error><Code>AccessDenied</Code></Error>";
const FOUND: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\n";

#[tokio::test]
async fn what_passes_by_itself_is_asked_again_and_what_does_not_is_not() {
    let (address, served) = scripted(vec![SLOW, SLOW, FOUND]).await;
    let ours = store(settings(&address, "b", "k", "s"));
    assert_eq!(ours.head(&name("aa/one")).await.unwrap().unwrap().size, 5);
    assert_eq!(served.await.unwrap(), 3);

    let (address, served) = scripted(vec![DENIED]).await;
    let ours = store(settings(&address, "b", "k", "s"));
    let error = ours.get(&name("aa/one"), None).await.err().unwrap();
    assert_eq!(
        (error.code_str(), error.is_temporary()),
        ("objects.unavailable", false)
    );
    assert!(
        !error.message().contains("AccessDenied"),
        "the client hears no more than that"
    );
    assert_eq!(served.await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_there_is_an_error_and_not_a_hang() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let ours = store(settings(&address, "b", "k", "s"));
    let error = tokio::time::timeout(Duration::from_secs(20), ours.check())
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(
        (error.code_str(), error.is_temporary()),
        ("objects.unavailable", true)
    );
}
