//! The body of a request, which must be complete in time.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Sleep;

/// Bytes. A request that submits an allocation is 2 KB; this leaves room for long queries.
pub const BODY_LIMIT: usize = 128 * 1024;

/// The body did not arrive in time.
#[derive(Debug)]
pub struct BodyTimeout(pub Duration);

impl fmt::Display for BodyTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body did not arrive within {} s", self.0.as_secs())
    }
}

impl Error for BodyTimeout {}

impl BodyTimeout {
    /// The time limit, where this error or one that it came from is this one.
    pub fn cause_of(error: &(dyn Error + 'static)) -> Option<Duration> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(BodyTimeout(limit)) = error.downcast_ref() {
                return Some(*limit);
            }
            next = error.source();
        }
        None
    }
}

/// This body, failing when it is not complete within the limit.
pub fn limited(body: Incoming, limit: Duration) -> Body {
    // Most requests are links: their empty body then takes no memory.
    if HttpBody::is_end_stream(&body) { Body::empty() } else { Body::new(LimitedBody { body, limit, sleep: None }) }
}

struct LimitedBody {
    body: Incoming,
    limit: Duration,
    /// Begins when the body is first waited for: mostly it came with the head, and there is nothing to wait for.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for LimitedBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = self.limit;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        sleep.as_mut().poll(cx).map(|()| Some(Err(BodyTimeout(limit).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
