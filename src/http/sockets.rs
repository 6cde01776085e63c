//! Settings of each accepted connection, and the last ones.

use std::{future::pending, io, time::Duration};

use axum::serve::Listener;
use futures_util::FutureExt;
use socket2::SockRef;
use tokio::{net::TcpStream, task::coop::unconstrained};
use tokio_util::sync::CancellationToken;

/// The kernel keeps this much of what is not yet sent, in bytes, before it says that it takes no more. It would keep
/// megabytes: a slow reader would get seconds of overtaken publications before the newest.
const UNSENT: u32 = 32 * 1024;
/// A peer that acknowledges nothing for so long, or takes nothing, is gone: the kernel ends its connection, whatever we wait
/// for. Without it a stream to a client that vanished would stay for a quarter of an hour.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sets up a connection; what the system does not know it does without.
pub fn tune(stream: &mut TcpStream) {
    // A push is one small write that nothing follows: waiting to fill a packet would only delay it.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        let socket = SockRef::from(&*stream);
        let _ = socket.set_tcp_user_timeout(Some(PATIENCE));
        let _ = socket.set_tcp_notsent_lowat(UNSENT);
    }
}

/// Accepts until it is told to close, and then still everybody who waits already: a connection that nobody accepts is reset,
/// and its client, or the proxy in between, may have sent a mutation over it.
pub struct LastCall<L> {
    listener: L,
    closing: CancellationToken,
    closed: CancellationToken,
}

impl<L: Listener> LastCall<L> {
    /// Told by `closing`; cancels `closed` when nobody waits any more, and accepts nobody after that.
    pub fn new(listener: L, closing: CancellationToken, closed: CancellationToken) -> Self {
        Self { listener, closing, closed }
    }
}

impl<L: Listener> Listener for LastCall<L> {
    type Io = L::Io;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (L::Io, L::Addr) {
        tokio::select! {
            connection = self.listener.accept() => return connection,
            () = self.closing.cancelled() => {}
        }
        // Out of tokio's turns, in which it may be told to wait although somebody is there.
        if let Some(connection) = unconstrained(self.listener.accept()).now_or_never() {
            return connection;
        }
        self.closed.cancel();
        pending().await
    }

    fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
    }
}
