//! How many sockets and streams are open, and how many may be.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::error::graphql_error;

/// How subscriptions come to their clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `graphql-transport-ws`
    WebSocket,
    /// `text/event-stream`
    Events,
    /// `multipart/mixed`
    Multipart,
}

impl Transport {
    /// Every one, with its name.
    pub const ALL: [(Self, &str); 3] =
        [(Self::WebSocket, "websocket"), (Self::Events, "events"), (Self::Multipart, "multipart")];
}

/// The open sockets and streams of this process.
pub struct Streams {
    /// So many may be open at once.
    pub most: usize,
    open: [AtomicUsize; Transport::ALL.len()],
    /// Subscriptions and other operations that run on the sockets.
    operations: AtomicUsize,
}

impl Streams {
    /// None open, at most so many at once.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Default::default(), operations: AtomicUsize::new(0) })
    }

    /// A place for one more, until it is dropped; none when all are taken.
    pub fn take(self: &Arc<Self>, transport: Transport) -> Option<Place> {
        // Taken first, given back when it was one too many: two that come at once can't both get the last.
        let place = Place { streams: Arc::clone(self), transport };
        self.open[transport as usize].fetch_add(1, Ordering::Relaxed);
        let open: usize = self.open.iter().map(|open| open.load(Ordering::Relaxed)).sum();
        (open <= self.most).then_some(place)
    }

    /// How many are open.
    pub fn open(&self, transport: Transport) -> usize {
        self.open[transport as usize].load(Ordering::Relaxed)
    }

    /// How many operations run on sockets.
    pub fn operations(&self) -> usize {
        self.operations.load(Ordering::Relaxed)
    }
}

/// A place among the open ones.
pub struct Place {
    streams: Arc<Streams>,
    transport: Transport,
}

impl Place {
    /// Counts an operation as running until it is dropped.
    pub fn operation(&self) -> RunningOperation {
        self.streams.operations.fetch_add(1, Ordering::Relaxed);
        RunningOperation(Arc::clone(&self.streams))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.open[self.transport as usize].fetch_sub(1, Ordering::Relaxed);
    }
}

/// An operation that runs on a socket.
pub struct RunningOperation(Arc<Streams>);

impl Drop for RunningOperation {
    fn drop(&mut self) {
        self.0.operations.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The answer to one too many.
pub fn full() -> Response {
    let message = "This server has as many open connections as it may. Try again in a moment.";
    let mut response = graphql_error(StatusCode::SERVICE_UNAVAILABLE, "OVERLOADED", message);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
