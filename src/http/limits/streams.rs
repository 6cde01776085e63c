//! Counts and limits the open WebSockets and streams.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::connections::{ConnectionLimiter, ConnectionPermit, LimitReached};
pub use crate::counters::pushes::Transport;
use crate::service::networks::NetworkKey;

/// The open WebSockets and streams of this process.
pub struct Streams {
    /// How many may be open.
    pub limiter: Arc<ConnectionLimiter>,
    open: [AtomicUsize; Transport::ALL.len()],
    /// Operations that run on the WebSockets.
    operations: AtomicUsize,
}

impl Streams {
    /// Allows this many at once, in total and for one network.
    pub fn new(total: usize, per_network: usize) -> Arc<Self> {
        let limiter = ConnectionLimiter::new(total, per_network);
        Arc::new(Self { limiter, open: Default::default(), operations: AtomicUsize::new(0) })
    }

    /// Returns a permit for one more from this network.
    pub fn acquire(self: &Arc<Self>, transport: Transport, network: NetworkKey) -> Result<StreamPermit, LimitReached> {
        let permit = self.limiter.acquire(Some(network))?;
        self.open[transport as usize].fetch_add(1, Ordering::Relaxed);
        Ok(StreamPermit { streams: Arc::clone(self), transport, _permit: permit })
    }

    /// Returns how many of this transport are open.
    pub fn open(&self, transport: Transport) -> usize {
        self.open[transport as usize].load(Ordering::Relaxed)
    }

    /// Returns how many operations run on WebSockets.
    pub fn operations(&self) -> usize {
        self.operations.load(Ordering::Relaxed)
    }
}

/// Permission for one WebSocket or stream to be open. Dropping it gives the permit back.
pub struct StreamPermit {
    streams: Arc<Streams>,
    transport: Transport,
    _permit: ConnectionPermit,
}

impl StreamPermit {
    /// Counts an operation as running until the returned value is dropped.
    pub fn operation(&self) -> RunningOperation {
        self.streams.operations.fetch_add(1, Ordering::Relaxed);
        RunningOperation(Arc::clone(&self.streams))
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        self.streams.open[self.transport as usize].fetch_sub(1, Ordering::Relaxed);
    }
}

/// An operation that runs on a WebSocket.
pub struct RunningOperation(Arc<Streams>);

impl Drop for RunningOperation {
    fn drop(&mut self) {
        self.0.operations.fetch_sub(1, Ordering::Relaxed);
    }
}
