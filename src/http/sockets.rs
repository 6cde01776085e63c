//! Settings of each accepted connection.

use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;

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
