//! The rest of a refused request's body, read so that the client hears why it was refused.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{Version, header};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;

/// The most that is read of a refused body, in bytes.
const MOST: usize = 64 * 1024 * 1024;

/// The longest that reading it may take.
const LONGEST: Duration = Duration::from_secs(10);

/// A hold on a body that its handler may leave unread.
pub(crate) struct Unread(Arc<Mutex<Body>>);

/// The request with its body, and a hold on that body when it has one that HTTP/1 would leave in the connection.
///
/// A client that waits for `100 Continue` sends nothing before it has heard, so its body is not held.
pub(crate) fn hold(request: Request) -> (Request, Option<Unread>) {
    let waits = request.headers().contains_key(header::EXPECT);
    if waits || request.version() > Version::HTTP_11 || request.body().is_end_stream() {
        return (request, None);
    }
    let (head, body) = request.into_parts();
    let held = Arc::new(Mutex::new(body));
    let given = Body::new(Given(Arc::clone(&held)));
    (Request::from_parts(head, given), Some(Unread(held)))
}

impl Unread {
    /// Reads on to the body's end, because most clients listen for the answer only after they have sent
    /// everything, and a connection closed before loses it; at most 64 MB and ten seconds.
    pub(crate) async fn pass_over(self) {
        let mut rest = Given(self.0);
        let reading = async {
            let mut left = MOST;
            while let Some(Ok(frame)) = rest.frame().await {
                let length = frame.data_ref().map_or(0, Bytes::len);
                let Some(fewer) = left.checked_sub(length) else {
                    return;
                };
                left = fewer;
            }
        };
        // Whoever is slower than that finds the connection closed.
        let _ = tokio::time::timeout(LONGEST, reading).await;
    }
}

/// The body as its handler sees it.
struct Given(Arc<Mutex<Body>>);

impl HttpBody for Given {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::stream::{self, StreamExt};

    use super::*;

    fn request(count: usize, read: &Arc<AtomicUsize>) -> Request {
        let read = Arc::clone(read);
        let chunks = stream::iter(0..count).map(move |_| {
            read.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(Bytes::from_static(&[0; 1024 * 1024]))
        });
        Request::new(Body::from_stream(chunks))
    }

    #[tokio::test]
    async fn what_a_handler_leaves_is_read_up_to_a_bound() {
        for (sent, expected) in [(3, 3), (100, 65)] {
            let read = Arc::new(AtomicUsize::new(0));
            let (request, unread) = hold(request(sent, &read));
            let mut body = request.into_body();
            body.frame().await.unwrap().unwrap();
            drop(body);
            unread.unwrap().pass_over().await;
            let read = read.load(Ordering::Relaxed);
            assert!(
                read >= expected && read <= expected + 1,
                "{read} of {sent} chunks were read"
            );
        }
    }

    #[tokio::test]
    async fn nothing_is_held_of_an_empty_body_or_for_one_who_waits() {
        assert!(hold(Request::new(Body::empty())).1.is_none());
        let mut waiting = request(1, &Arc::default());
        waiting
            .headers_mut()
            .insert(header::EXPECT, "100-continue".parse().unwrap());
        assert!(hold(waiting).1.is_none());
    }
}
