//! Accepts connections and serves HTTP on them, within limits of number and time.

use std::{sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Front;

mod body;
mod connection;
mod header_spelling;
mod io;
mod limiter;
mod listener;
mod overflow;
mod watch;

pub use body::BodyTimeout;
pub use header_spelling::websocket_protocol_spelling;
pub use limiter::{ConnectionLimiter, ConnectionPermit, LimitReached};
pub use listener::listen;

use connection::Protocol;
use listener::LastCall;
use overflow::{MAX_OVERFLOW, Overflow};
use watch::Activity;

/// Open files that connections leave to everything else: databases, Redis, the files of SQLite, the runtime.
const RESERVED_FILES: u64 = 256;

/// How long a connection may take for what it does.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From its beginning to the end of the head of its first request, whichever version of HTTP it speaks.
    pub first_request: Duration,
    /// For the body of a request, from when it is first waited for.
    pub body: Duration,
    /// Without a request and without anything written, the next request's head included: at least this, at most half as much
    /// again. A response that its client does not read counts as nothing written; a stream says something more often.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(10),
            body: Duration::from_secs(15),
            // Load balancers keep a connection for 60 s, and must be the first to close it: else they may send a request
            // in the moment in which it closes.
            idle: Duration::from_secs(70),
        }
    }
}

impl Timeouts {
    /// Lengthens the idle time so that a stream which says something every `keep_alive` is never idle.
    pub fn outlast(&mut self, keep_alive: Duration) {
        self.idle = self.idle.max(2 * keep_alive);
    }
}

/// As many connections as wanted, as far as the open files that this process may have allow them.
pub fn connection_capacity(wanted: usize) -> usize {
    let files = rlimit::Resource::NOFILE.get_soft().unwrap_or(u64::MAX);
    let allowed = files.saturating_sub(RESERVED_FILES).saturating_sub(MAX_OVERFLOW as u64);
    wanted.min(usize::try_from(allowed).unwrap_or(usize::MAX))
}

/// Serves until `closing`, and then what was begun.
pub async fn serve(listener: TcpListener, front: Front, timeouts: Timeouts, closing: CancellationToken) {
    let mut listener = LastCall::new(listener, closing);
    let (tasks, closed) = (TaskTracker::new(), CancellationToken::new());
    let mut overflow = Overflow::default();
    let protocol = Arc::new(Protocol::new(front.clone(), timeouts));
    while let Some((stream, peer)) = listener.accept().await {
        let admission = front.admit(peer);
        let over = admission.as_ref().err().copied();
        let (protocol, closed, activity) = (Arc::clone(&protocol), closed.clone(), Arc::<Activity>::default());
        let its_activity = Arc::clone(&activity);
        let serving = async move { protocol.serve(stream, peer, admission, its_activity, closed).await };
        match over {
            None => drop(tasks.spawn(serving)),
            Some(limit) => {
                overflow.log(limit, front.open_connections());
                overflow.serve(&tasks, activity, serving).await;
            }
        }
    }
    drop(listener);
    closed.cancel();
    tasks.close();
    tasks.wait().await;
}
