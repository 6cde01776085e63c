//! Listens and accepts, up to the last connection before the listener closes.

use std::{io, net::SocketAddr, time::Duration};

use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

/// The kernel keeps this much of what is not yet sent, in bytes, before it says that it takes no more. It would keep
/// megabytes: a slow reader would get seconds of overtaken publications before the newest.
const UNSENT: u32 = 32 * 1024;
/// A peer that acknowledges nothing for so long, or takes nothing, is gone: the kernel ends its connection, whatever we wait
/// for. Without it a stream to a client that vanished would stay for a quarter of an hour.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Connections that may wait to be accepted: everybody at once after a restart. The system may allow fewer; with too few,
/// those left out wait for seconds before they try again.
const BACKLOG: u32 = 8_192;

/// How long a connection that has begun may take to come in when the listener closes.
const LAST_CALL: Duration = Duration::from_millis(100);
/// The pause after the system refused to accept, for example because all open files are in use.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens at this address; port 0 takes a free one.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that comes back need not wait until the connections of the last one are forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Sets up a connection; what the system does not know it does without.
fn tune(stream: &TcpStream) {
    // A push is one small write that nothing follows: waiting to fill a packet would only delay it.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        let socket = SockRef::from(stream);
        let _ = socket.set_tcp_user_timeout(Some(SEND_TIMEOUT));
        let _ = socket.set_tcp_notsent_lowat(UNSENT);
    }
}

/// Accepts until it is told to close, and then still everybody who is on the way in: a connection that nobody accepts is
/// reset, and its client, or the proxy in between, may have sent a mutation over it.
pub struct DrainingListener {
    listener: TcpListener,
    closing: CancellationToken,
    /// When it closes, once it was told to.
    closes_at: Option<Instant>,
}

impl DrainingListener {
    /// Told by `closing`.
    pub fn new(listener: TcpListener, closing: CancellationToken) -> Self {
        Self { listener, closing, closes_at: None }
    }

    /// The next connection; none when it was told to close and nobody is on the way in any more.
    pub async fn accept(&mut self) -> Option<(TcpStream, SocketAddr)> {
        let closes_at = if let Some(closes_at) = self.closes_at {
            closes_at
        } else {
            tokio::select! {
                connection = accept(&self.listener) => return Some(connection),
                () = self.closing.cancelled() => {}
            }
            drop_new_connections(&self.listener);
            *self.closes_at.insert(Instant::now() + LAST_CALL)
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
        // These are about the one connection, which its client has already given up.
        if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
            tracing::error!(%error, "no connection can be accepted");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Lets the kernel pass over segments that would begin a connection. Who sent one tries again, is refused when the listener is
/// closed, and has not sent anything yet. Without this there would always be one who has just come in at the closing.
#[cfg(target_os = "linux")]
fn drop_new_connections(listener: &TcpListener) {
    use socket2::SockFilter;

    // In the classic language of packet filters, over the TCP header: load its byte 13, and with SYN (2) set keep nothing.
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
        tracing::debug!(%error, "newcomers are not turned away");
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
        let mut last_call = DrainingListener::new(listener, closing.clone());
        // They lie in the kernel's queue, of which the runtime has not heard yet.
        let waiting: Vec<_> = (0..3).map(|_| BlockingStream::connect(address).unwrap()).collect();
        closing.cancel();
        for stream in &waiting {
            let (_, peer) = last_call.accept().await.unwrap();
            assert_eq!(peer, stream.local_addr().unwrap());
        }
        #[cfg(target_os = "linux")]
        assert!(BlockingStream::connect_timeout(&address, LAST_CALL / 4).is_err(), "a newcomer is turned away");
        assert!(last_call.accept().await.is_none());
    }
}
