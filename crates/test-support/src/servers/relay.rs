//! A TCP relay that can fall silent: what is sent into it vanishes, nothing comes out, and no connection is closed.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::task::AbortOnDropHandle;

/// A way to one address; ended when dropped.
pub struct Relay {
    pub address: SocketAddr,
    is_silent: watch::Sender<bool>,
    _accepting: AbortOnDropHandle<()>,
}

impl Relay {
    pub async fn to(target: SocketAddr) -> Self {
        Self::at(0, target).await
    }

    /// The same on this port.
    pub async fn at(port: u16, target: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_silent, silence) = watch::channel(false);
        let accepting = AbortOnDropHandle::new(tokio::spawn(async move {
            // Of this task's own, so that they end with it.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(pass(stream, target, silence.clone()));
                while connections.try_join_next().is_some() {}
            }
        }));
        Self { address, is_silent, _accepting: accepting }
    }

    /// From now on every connection, old or new, is a hole.
    pub fn fall_silent(&self) {
        self.is_silent.send_replace(true);
    }

    /// New connections get through again. Those that fell silent stay so, as after a router forgot them.
    pub fn recover(&self) {
        self.is_silent.send_replace(false);
    }
}

async fn pass(mut near: TcpStream, target: SocketAddr, mut silence: watch::Receiver<bool>) {
    let far = async {
        if let Ok(mut far) = TcpStream::connect(target).await {
            let _ = copy_bidirectional(&mut near, &mut far).await;
        }
    };
    tokio::select! {
        biased;
        _ = silence.wait_for(|silent| *silent) => {}
        () = far => return,
    }
    // Dropping the far side tells nobody near. Read until whoever is there gives up: a full window would be a sign.
    let mut nothing = vec![0; 4096];
    while near.read(&mut nothing).await.is_ok_and(|length| length > 0) {}
    let _ = tokio::time::timeout(Duration::from_secs(1), near.shutdown()).await;
}
