//! Several networks on one machine: every address that begins with 127 is this one.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use tokio::net::{TcpSocket, TcpStream};

use super::Client;

/// Connects from this address.
pub async fn connect_from(own: IpAddr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(own, 0))?;
    socket.connect(address).await
}

/// Somebody at this address, with a connection for each request.
pub fn client_from(own: IpAddr, address: SocketAddr) -> Client {
    let http = reqwest::Client::builder().local_address(own).pool_max_idle_per_host(0).build().unwrap();
    Client { address, http }
}
