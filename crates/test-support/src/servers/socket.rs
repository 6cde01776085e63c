//! A `graphql-transport-ws` client, message by message.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, Role},
    },
};

use super::TIMEOUT;

pub const WATCH: &str = "subscription ($budget: String!) { aggregate(budget: $budget) {
  revision version asOf source stale participantCount submissionCount categories { averagePercent } } }";

/// An open socket.
pub struct Socket(WebSocketStream<TcpStream>);

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    Json(Value),
    Closed(Option<CloseFrame>),
}

impl Socket {
    /// Connects and speaks the protocol's greeting; an error when the server is away.
    pub async fn try_connect(address: SocketAddr) -> Result<Self, Box<dyn std::error::Error>> {
        Self::open(address, "/graphql/ws", Value::Null).await
    }

    /// The same at this path, with a payload in the greeting.
    pub async fn open(address: SocketAddr, path: &str, payload: Value) -> Result<Self, Box<dyn std::error::Error>> {
        let mut socket = Self::dial(address, path, Some("graphql-transport-ws")).await?;
        socket.send(json!({ "type": "connection_init", "payload": payload })).await?;
        match socket.receive().await? {
            Incoming::Json(message) if message["type"] == "connection_ack" => Ok(socket),
            other => Err(format!("expected connection_ack, got {other:?}").into()),
        }
    }

    /// The same as a page of this origin opens it.
    pub async fn open_from(
        address: SocketAddr,
        origin: &str,
        payload: Value,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let mut request = format!("ws://{address}/graphql/ws").into_client_request()?;
        request.headers_mut().insert("origin", origin.parse()?);
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        let (socket, _) = client_async(request, TcpStream::connect(address).await?).await?;
        let mut socket = Self(socket);
        socket.send(json!({ "type": "connection_init", "payload": payload })).await?;
        match socket.receive().await? {
            Incoming::Json(message) if message["type"] == "connection_ack" => Ok(socket),
            Incoming::Closed(Some(frame)) => Err(format!("{}: {}", u16::from(frame.code), frame.reason).into()),
            other => Err(format!("expected connection_ack, got {other:?}").into()),
        }
    }

    /// The same at this path with these headers; an error also when the server refuses the upgrade.
    pub async fn open_with(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        let (socket, _) = client_async(request, TcpStream::connect(address).await?).await?;
        let mut socket = Self(socket);
        socket.send(json!({ "type": "connection_init" })).await?;
        match socket.receive().await? {
            Incoming::Json(message) if message["type"] == "connection_ack" => Ok(socket),
            other => Err(format!("expected connection_ack, got {other:?}").into()),
        }
    }

    /// A socket without a greeting that offers this subprotocol.
    pub async fn dial(
        address: SocketAddr,
        path: &str,
        protocol: Option<&str>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let stream = upgraded(TcpStream::connect(address).await?, path, protocol).await?;
        Ok(Self(WebSocketStream::from_raw_socket(stream, Role::Client, None).await))
    }

    pub async fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).await.unwrap()
    }

    pub async fn send(&mut self, message: Value) -> Result<(), Box<dyn std::error::Error>> {
        Ok(self.0.send(Message::text(message.to_string())).await?)
    }

    /// Begins to watch `federal` under the id `1`.
    pub async fn watch(&mut self) {
        self.try_watch().await.unwrap();
    }

    /// The same; an error when the connection broke.
    pub async fn try_watch(&mut self) -> Result<(), Box<dyn std::error::Error>> {
        let payload = json!({ "query": WATCH, "variables": { "budget": "federal" } });
        self.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await
    }

    /// Begins an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await.unwrap();
    }

    /// Sends a frame as it is.
    pub async fn send_frame(&mut self, frame: Message) {
        self.0.send(frame).await.unwrap();
    }

    /// The next frame, whatever it is; none at the end.
    pub async fn next_frame(&mut self) -> Option<Message> {
        tokio::time::timeout(TIMEOUT, self.0.next()).await.expect("nothing came").and_then(Result::ok)
    }

    /// The connection below, for what the protocol does not allow.
    pub fn into_stream(self) -> TcpStream {
        self.0.into_inner()
    }

    /// The next JSON message or the end; an error when the connection broke or nothing came in a long time.
    pub async fn receive(&mut self) -> Result<Incoming, Box<dyn std::error::Error>> {
        // Signs of life in between don't lengthen it.
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let message = tokio::time::timeout_at(deadline, self.0.next()).await?;
            match message {
                Some(Ok(Message::Text(text))) => return Ok(Incoming::Json(serde_json::from_str(&text)?)),
                Some(Ok(Message::Close(frame))) => return Ok(Incoming::Closed(frame)),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(Incoming::Closed(None)),
            }
        }
    }

    /// The next JSON message, whatever it says.
    pub async fn next_message(&mut self) -> Value {
        match self.receive().await.unwrap() {
            Incoming::Json(message) => message,
            Incoming::Closed(frame) => panic!("the socket was closed: {frame:?}"),
        }
    }

    /// Skips messages until the socket is closed; code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.receive().await.unwrap() {
                Incoming::Json(_) => {}
                Incoming::Closed(frame) => {
                    let frame = frame.expect("closed without a code");
                    return (frame.code.into(), frame.reason.to_string());
                }
            }
        }
    }

    /// The aggregate of the next `next` message.
    pub async fn next_aggregate(&mut self) -> Value {
        match self.receive().await.unwrap() {
            Incoming::Json(message) if message["type"] == "next" => message["payload"]["data"]["aggregate"].clone(),
            other => panic!("expected an aggregate, got {other:?}"),
        }
    }

    /// Skips until so many participants are shown; that aggregate.
    pub async fn until_participants(&mut self, participants: i64) -> Value {
        loop {
            let aggregate = self.next_aggregate().await;
            if aggregate["participantCount"] == participants {
                return aggregate;
            }
        }
    }
}

/// Asks for the upgrade and reads the answer's head.
pub async fn upgraded(
    mut stream: TcpStream,
    path: &str,
    protocol: Option<&str>,
) -> Result<TcpStream, Box<dyn std::error::Error>> {
    let protocol = protocol.map(|name| format!("sec-websocket-protocol: {name}\r\n")).unwrap_or_default();
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    // Byte by byte: what follows the head belongs to the socket.
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tokio::time::timeout(TIMEOUT, stream.read_u8()).await??);
    }
    let head = String::from_utf8(head)?;
    if head.starts_with("HTTP/1.1 101 ") { Ok(stream) } else { Err(head.into()) }
}

/// The order of aggregates: epoch, then version.
pub fn revision(aggregate: &Value) -> (i64, i64) {
    let (epoch, version) = aggregate["revision"].as_str().unwrap().split_once('-').unwrap();
    (epoch.parse().unwrap(), version.parse().unwrap())
}
