//! The peer: nginx with Nchan, a publish-subscribe server in C, with one worker process.

use std::{fs, net::SocketAddr, path::Path, time::Duration};

use anyhow::Context;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Child,
};

use crate::{command, usage};

const START_TIMEOUT: Duration = Duration::from_secs(10);
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// A running nginx, in a folder of its own.
pub struct Nchan {
    pub address: SocketAddr,
    /// The worker process.
    pub pid: u32,
    pub child: Child,
    pub folder: TempDir,
}

/// Starts nginx. Messages that are posted to `/publish` go to every WebSocket at `/graphql/ws` and every event stream at
/// `/graphql/stream`; a new subscriber gets the last one.
pub async fn start() -> anyhow::Result<Nchan> {
    anyhow::ensure!(Path::new(MODULE).exists(), "nginx with Nchan is missing: apt-get install libnginx-mod-nchan");
    let folder = tempfile::tempdir()?;
    let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let path = folder.path().display();
    let subscriber = "nchan_channel_id all; nchan_subscriber_first_message -1;";
    let configuration = format!(
        "load_module {MODULE}; user root; daemon off; worker_processes 1; worker_rlimit_nofile 20000;
        pid {path}/pid; error_log {path}/error.log warn;
        events {{ worker_connections 16000; }}
        http {{
          access_log off; keepalive_requests 1000000; nchan_shared_memory_size 128m;
          client_body_temp_path {path}/1; proxy_temp_path {path}/2; fastcgi_temp_path {path}/3;
          uwsgi_temp_path {path}/4; scgi_temp_path {path}/5;
          server {{
            listen {address} backlog=8192; tcp_nodelay on;
            location = /publish {{ nchan_publisher; nchan_channel_id all; nchan_message_buffer_length 1; }}
            location = /graphql/ws {{ nchan_subscriber websocket; {subscriber} }}
            location = /graphql/stream {{ nchan_subscriber eventsource; {subscriber} }}
          }}
        }}"
    );
    let file = folder.path().join("nginx.conf");
    fs::write(&file, configuration)?;
    let child = command::on_processors(usage::SERVER, "nginx").arg("-c").arg(&file).spawn()?;
    let master = child.id().context("nginx ended at once")?;
    let worker = async {
        loop {
            let children = fs::read_to_string(format!("/proc/{master}/task/{master}/children")).unwrap_or_default();
            if let Some(worker) = children.split_whitespace().next().and_then(|pid| pid.parse().ok())
                && TcpStream::connect(address).await.is_ok()
            {
                return worker;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let pid = tokio::time::timeout(START_TIMEOUT, worker).await.context("nginx did not start")?;
    Ok(Nchan { address, pid, child, folder })
}

/// Publishes a message, over a connection of its own: the length of nginx's answer is not known before its end.
pub async fn publish(address: SocketAddr, message: &str) -> anyhow::Result<()> {
    let request = format!(
        "POST /publish HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{message}",
        message.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    tokio::time::timeout(START_TIMEOUT, stream.read_to_end(&mut answer)).await.context("no answer of nginx")??;
    anyhow::ensure!(answer.starts_with(b"HTTP/1.1 20"), "nginx refused: {}", String::from_utf8_lossy(&answer));
    Ok(())
}
