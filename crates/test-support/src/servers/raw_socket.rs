//! Frames of a WebSocket client, byte by byte, for who must cost little or read nothing.

use std::net::SocketAddr;

use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
};

use super::socket::upgraded;

/// One who subscribed and reads nothing, with as little room for what comes as the kernel allows.
pub async fn silent(address: SocketAddr, query: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let stream = socket.connect(address).await.unwrap();
    let mut stream = upgraded(stream, "/graphql/ws", Some("graphql-transport-ws")).await.unwrap();
    stream.write_all(&greeting(query)).await.unwrap();
    stream
}

/// The protocol's greeting and a subscription with the id `1`.
pub fn greeting(query: &str) -> Vec<u8> {
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": query } }).to_string();
    [masked(0x81, b"{\"type\":\"connection_init\"}"), masked(0x81, subscribe.as_bytes())].concat()
}

/// A frame of a client: masked, by zeros, which leave the bytes as they are.
pub fn masked(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = match u8::try_from(payload.len()) {
        Ok(length @ 0..126) => vec![0x80 | length],
        _ => [&[0xfe], &u16::try_from(payload.len()).unwrap().to_be_bytes()[..]].concat(),
    };
    [&[kind], &length[..], &[0; 4], payload].concat()
}
