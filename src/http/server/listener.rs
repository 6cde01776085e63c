//! The TCP listener, which also accepts the last connections before it closes.

use std::{io, net::SocketAddr, time::Duration};

use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// The most unsent bytes that the kernel buffers for a connection before it accepts no more. By default the kernel
/// would buffer megabytes, and a slow reader would get seconds of outdated publications before the newest.
const MAX_UNSENT: u32 = 32 * 1024;
/// The kernel ends a connection when the peer acknowledges nothing, or accepts nothing, for this long, whatever the
/// server waits for. Without it a stream to a client that vanished would stay open for a quarter of an hour.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// The most connections that may wait to be accepted, for example when all clients reconnect after a restart. The
/// system may allow fewer. Clients that find no room wait for seconds before they try again.
const BACKLOG: u32 = 8_192;

/// How long the listener still accepts connections that had begun before it closes.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(100);
/// The pause after the system failed to accept, for example because all open files are in use.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// Listens at this address; port 0 picks a free one.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Lets a restarted server listen at once, although connections of the old process are still in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Sets socket options. Options that the system does not support are skipped.
fn tune(stream: &TcpStream) {
    // A push is one small write that nothing follows: waiting to fill a packet would only delay it.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        let socket = SockRef::from(stream);
        let _ = socket.set_tcp_user_timeout(Some(SEND_TIMEOUT));
        let _ = socket.set_tcp_notsent_lowat(MAX_UNSENT);
    }
}

/// Accepts connections until it is told to close, and then those that are already on their way. A connection that
/// nobody accepts is reset, although its client, or a proxy in between, may have sent a mutation over it.
pub struct DrainingListener {
    listener: TcpListener,
    closing: CancellationToken,
    /// When the listener closes, once it was told to.
    closes_at: Option<Instant>,
}

impl DrainingListener {
    /// The listener closes when `closing` is cancelled.
    pub fn new(listener: TcpListener, closing: CancellationToken) -> Self {
        Self { listener, closing, closes_at: None }
    }

    /// Returns the next connection; none when the listener was told to close and no connection is waiting any more.
    pub async fn accept(&mut self) -> Option<(TcpStream, SocketAddr)> {
        let closes_at = if let Some(closes_at) = self.closes_at {
            closes_at
        } else {
            tokio::select! {
                connection = accept(&self.listener) => return Some(connection),
                () = self.closing.cancelled() => {}
            }
            drop_new_connections(&self.listener);
            *self.closes_at.insert(Instant::now() + DRAIN_TIMEOUT)
        };
        tokio::time::timeout_at(closes_at, accept(&self.listener)).await.ok()
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        let error = match listener.accept().await {
            Ok((stream, peer)) => {
                tune(&stream);
                return (stream, peer);
            }
            Err(error) => error,
        };
        // These errors concern one connection, which its client has already given up.
        if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
            tracing::error!(%error, "no connection can be accepted");
            tokio::time::sleep(RETRY_DELAY).await;
        }
    }
}

/// Installs a packet filter that drops SYN segments. New clients retry until the listener closes and then get
/// "connection refused", before having sent a request. Without the filter there could always be a connection that
/// arrives in the moment of closing.
#[cfg(target_os = "linux")]
fn drop_new_connections(listener: &TcpListener) {
    use socket2::SockFilter;

    // The filter is classic BPF over the TCP header: load its byte 13, and drop the packet if SYN (2) is set.
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_ANY: u16 = 0x45;
    const RETURN: u16 = 0x06;
    let filter = [
        SockFilter::new(LOAD_BYTE, 0, 0, 13),
        SockFilter::new(JUMP_IF_ANY, 0, 1, 2),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ];
    if let Err(error) = SockRef::from(listener).attach_filter(&filter) {
        tracing::debug!(%error, "the packet filter could not be installed: a connection that arrives at the closing may be reset");
    }
}

#[cfg(not(target_os = "linux"))]
fn drop_new_connections(_: &TcpListener) {}

#[cfg(test)]
mod tests {
    use std::net::TcpStream as BlockingStream;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_when_the_listener_closes_is_accepted_and_nobody_is_who_comes_later() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let closing = CancellationToken::new();
        let mut listener = DrainingListener::new(listener, closing.clone());
        // The connections are in the kernel's queue, and the runtime has not been told of them yet.
        let waiting: Vec<_> = (0..3).map(|_| BlockingStream::connect(address).unwrap()).collect();
        closing.cancel();
        for stream in &waiting {
            let (_, peer) = listener.accept().await.unwrap();
            assert_eq!(peer, stream.local_addr().unwrap());
        }
        #[cfg(target_os = "linux")]
        assert!(BlockingStream::connect_timeout(&address, DRAIN_TIMEOUT / 4).is_err(), "a newcomer is turned away");
        assert!(listener.accept().await.is_none());
    }
}
