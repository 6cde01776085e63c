//! A `graphql-transport-ws` client, message by message.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::CloseFrame},
};

use super::PATIENCE;

pub const WATCH: &str = "subscription ($budget: String!) { aggregate(budget: $budget) {
  revision version asOf source stale participantCount submissionCount categories { averagePercent } } }";

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

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
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        let (stream, _) = connect_async(request).await?;
        let mut socket = Self(stream);
        socket.send(json!({ "type": "connection_init", "payload": payload })).await?;
        match socket.receive().await? {
            Incoming::Json(message) if message["type"] == "connection_ack" => Ok(socket),
            other => Err(format!("expected connection_ack, got {other:?}").into()),
        }
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

    /// The next JSON message or the end; an error when the connection broke or nothing came in a long time.
    pub async fn receive(&mut self) -> Result<Incoming, Box<dyn std::error::Error>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await?;
            match message {
                Some(Ok(Message::Text(text))) => return Ok(Incoming::Json(serde_json::from_str(&text)?)),
                Some(Ok(Message::Close(frame))) => return Ok(Incoming::Closed(frame)),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(Incoming::Closed(None)),
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

/// The order of aggregates: epoch, then version.
pub fn revision(aggregate: &Value) -> (i64, i64) {
    let (epoch, version) = aggregate["revision"].as_str().unwrap().split_once('-').unwrap();
    (epoch.parse().unwrap(), version.parse().unwrap())
}
