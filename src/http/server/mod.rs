//! Accepts connections and serves HTTP on them, within limits of number and time.

use std::{sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

mod connection;
pub mod fast_path;
mod io;
pub mod listener;
mod overflow;
mod request_id;
mod watch;

use crate::http::activity::Activity;
use connection::Protocol;
use fast_path::FastPath;
use listener::DrainingListener;
use overflow::{MAX_OVERFLOW, Overflow};

/// Open files that are reserved for everything but connections: databases, Redis, the files of SQLite, the runtime.
const RESERVED_FILES: u64 = 256;

/// Time limits of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From the start of the connection to the end of the head of its first request, in any version of HTTP.
    pub first_request: Duration,
    /// For the body of a request, from the moment in which it is first waited for.
    pub body: Duration,
    /// Without a request and without a successful write, including the time for the next request's head: a connection
    /// is closed after at least this time, and at most half as much again. A response that its client does not read
    /// counts as no write. A stream writes keep-alive messages more often than this.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(10),
            body: Duration::from_secs(15),
            // Load balancers keep a connection for 60 s and must be the first to close it: else they may send a request
            // in the moment in which the server closes.
            idle: Duration::from_secs(70),
        }
    }
}

impl Timeouts {
    /// Raises the idle timeout so that a stream with a keep-alive message every `keep_alive` is never idle.
    pub fn outlast(&mut self, keep_alive: Duration) {
        self.idle = self.idle.max(2 * keep_alive);
    }
}

/// Returns the number of connections that are wanted, or fewer if this process may not open that many files.
pub fn connection_capacity(wanted: usize) -> usize {
    let files = rlimit::Resource::NOFILE.get_soft().unwrap_or(u64::MAX);
    let allowed = files.saturating_sub(RESERVED_FILES).saturating_sub(MAX_OVERFLOW as u64);
    wanted.min(usize::try_from(allowed).unwrap_or(usize::MAX))
}

/// Serves until `closing` is cancelled, and then finishes the requests that have begun.
pub async fn serve(listener: TcpListener, fast_path: FastPath, timeouts: Timeouts, closing: CancellationToken) {
    let mut listener = DrainingListener::new(listener, closing);
    let (tasks, closed) = (TaskTracker::new(), CancellationToken::new());
    let mut overflow = Overflow::default();
    let protocol = Arc::new(Protocol::new(fast_path.clone(), timeouts));
    while let Some((stream, peer)) = listener.accept().await {
        let permit = fast_path.admit(peer);
        let over = permit.as_ref().err().copied();
        let (protocol, closed, activity) = (Arc::clone(&protocol), closed.clone(), Arc::<Activity>::default());
        let connection_activity = Arc::clone(&activity);
        let serving = async move { protocol.serve(stream, peer, permit, connection_activity, closed).await };
        match over {
            None => drop(tasks.spawn(serving)),
            Some(limit) => {
                overflow.log(limit, fast_path.open_connections());
                overflow.serve(&tasks, activity, serving).await;
            }
        }
    }
    drop(listener);
    closed.cancel();
    tasks.close();
    tasks.wait().await;
}
