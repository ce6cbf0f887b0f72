//! A body that must keep coming: whoever sends nothing, or next to nothing, does not hold a place until the request's time is over.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use busbar_kernel::Clock;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

/// How long we wait for bytes before any came; what came buys more, up to as much again.
const PATIENCE: Duration = Duration::from_secs(30);

/// So many bytes buy a second: what is slower for long has its body ended.
const BYTES_PER_SECOND: usize = 1024;

/// The body did not keep coming.
#[derive(Debug)]
pub(crate) struct Stalled;

impl std::fmt::Display for Stalled {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the body did not keep coming")
    }
}

impl std::error::Error for Stalled {}

/// A body whose sender is waited for no longer than it earns. Only waiting counts: a handler that takes its time does not
/// use up its client's.
pub(crate) struct Steady {
    body: Body,
    clock: Arc<dyn Clock>,
    left: Duration,
    waiting: Option<Waiting>,
}

/// Nothing is there to be read.
struct Waiting {
    since: Duration,
    until: Pin<Box<Sleep>>,
}

impl Steady {
    pub(crate) fn over(body: Body, clock: Arc<dyn Clock>) -> Self {
        Self {
            body,
            clock,
            left: PATIENCE,
            waiting: None,
        }
    }

    /// Counts what was waited for `length` bytes.
    fn came(&mut self, length: usize) -> Result<(), Stalled> {
        if let Some(waiting) = self.waiting.take() {
            let waited = self.clock.monotonic().saturating_sub(waiting.since);
            self.left = self.left.checked_sub(waited).ok_or(Stalled)?;
        }
        let seconds = Duration::from_secs(u64::try_from(length).unwrap_or(u64::MAX));
        let earned = seconds / u32::try_from(BYTES_PER_SECOND).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(earned).min(PATIENCE);
        Ok(())
    }
}

impl HttpBody for Steady {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            let length = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) | None => return Poll::Ready(frame),
            };
            return Poll::Ready(match this.came(length) {
                Ok(()) => frame,
                Err(stalled) => Some(Err(axum::Error::new(stalled))),
            });
        }
        let (clock, left) = (&this.clock, this.left);
        let waiting = this.waiting.get_or_insert_with(|| Waiting {
            since: clock.monotonic(),
            until: Box::pin(tokio::time::sleep(left)),
        });
        ready!(waiting.until.as_mut().poll(context));
        Poll::Ready(Some(Err(axum::Error::new(Stalled))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use busbar_kernel::MovableClock;
    use futures_util::stream::{self, StreamExt};
    use http_body_util::BodyExt;

    use super::*;
    use crate::http::input::read_whole;

    /// A body of `count` pieces of `length` bytes, each a second after the one before.
    fn dripping(count: usize, length: usize) -> Body {
        let clock = MovableClock::at_2026();
        let told = clock.clone();
        let pieces = stream::iter(0..count).then(move |_| {
            let clock = clock.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                clock.advance(Duration::from_secs(1));
                Ok::<_, std::convert::Infallible>(Bytes::from(vec![0; length]))
            }
        });
        Body::new(Steady::over(Body::from_stream(pieces), Arc::new(told)))
    }

    #[tokio::test(start_paused = true)]
    async fn what_stops_or_only_drips_is_ended() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::convert::Infallible>>());
        let silent = Body::new(Steady::over(silent, Arc::new(MovableClock::at_2026())));
        for body in [silent, dripping(1000, 1), dripping(1000, 500)] {
            let error = read_whole(body).await.unwrap_err();
            assert_eq!(error.code_str(), "input.body_stalled");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_slow_but_steady_arrives_and_a_slow_reader_costs_nothing() {
        assert_eq!(read_whole(dripping(1000, 1024)).await.unwrap().len(), 1_024_000);
        assert_eq!(read_whole(dripping(25, 1)).await.unwrap().len(), 25);
        let mut body = dripping(3, 1);
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(1000)).await;
            body.frame().await.unwrap().unwrap();
        }
        assert!(body.frame().await.is_none());
    }
}
