//! A request's body with a timeout.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Sleep;

/// The largest body in bytes. A request that submits an allocation is 2 KB; this leaves room for long queries.
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
    /// Returns the time limit, if this error is a [`BodyTimeout`] or was caused by one.
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

/// A body that fails when it is not complete within the limit.
pub struct LimitedBody {
    body: Incoming,
    limit: Duration,
    /// Starts when the body is first waited for. Most bodies arrive with the head, and then no timer is set.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl LimitedBody {
    pub fn new(body: Incoming, limit: Duration) -> Self {
        Self { body, limit, sleep: None }
    }

    /// Reads the body, whose length the caller has checked. A short one is nearly always a single frame, which is not
    /// copied.
    pub async fn read(mut self) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
        let first = match self.frame().await {
            Some(frame) => frame?.into_data().unwrap_or_default(),
            None => Bytes::new(),
        };
        if self.is_end_stream() {
            return Ok(first);
        }
        let rest = self.collect().await?.to_bytes();
        Ok([first, rest].concat().into())
    }
}

impl From<LimitedBody> for Body {
    fn from(body: LimitedBody) -> Self {
        // Most requests are GETs: an empty body takes no memory.
        if body.is_end_stream() { Self::empty() } else { Self::new(body) }
    }
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
