//! One subscriber, so cheap that one thread can run ten thousand.

use std::{
    cell::RefCell,
    future::poll_fn,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Poll, ready},
    time::Duration,
};

use anyhow::Context;
use chrono::DateTime;
use nix::sys::socket::{setsockopt, sockopt::IpBindAddressNoPort};
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    net::{TcpSocket, TcpStream},
};

use crate::{
    clock,
    events::Events,
    floor::MOMENT,
    frames::{self, Frames},
    http::find,
};

const TIMEOUT: Duration = Duration::from_secs(30);
const FIELDS: &str = "revision version asOf participantCount submissionCount \
    categories { averagePercent medianPercent category { key label color } }";
/// The request that opens a WebSocket.
pub const UPGRADE: &[u8] =
    b"GET /graphql/ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    sec-websocket-protocol: graphql-transport-ws\r\n\r\n";

thread_local! {
    // One buffer for all connections: bytes are processed before the next read.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// What a subscriber subscribes to, and how.
#[derive(Clone, Copy)]
pub enum Feed {
    /// Our WebSocket, with the selection that all others have too.
    Shared,
    /// Our WebSocket, with a selection that no other subscriber has, of the same size.
    Own(usize),
    /// Our event stream, with the selection that all others have too.
    Events,
    /// A WebSocket of the peer, which sends the same to everybody and wants no messages.
    PeerSocket,
    /// An event stream of the peer.
    PeerEvents,
}

impl Feed {
    fn query(self) -> String {
        let own = match self {
            Self::Own(number) => format!("own{number}: version "),
            _ => String::new(),
        };
        format!("subscription {{ aggregate(budget: \"federal\") {{ {own}{FIELDS} }} }}")
    }

    fn is_events(self) -> bool {
        matches!(self, Self::Events | Self::PeerEvents)
    }

    fn request(self) -> Vec<u8> {
        let events = |path: &str| {
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n").into_bytes()
        };
        match self {
            Self::Shared | Self::Own(_) => UPGRADE.to_vec(),
            Self::PeerSocket => String::from_utf8_lossy(UPGRADE)
                .replace("sec-websocket-protocol: graphql-transport-ws\r\n", "")
                .into_bytes(),
            Self::Events => {
                let mut url = form_urlencoded::Serializer::new(String::new());
                url.append_pair("query", &self.query());
                events(&format!("/graphql/stream?{}", url.finish()))
            }
            Self::PeerEvents => events("/graphql/stream"),
        }
    }

    /// Returns what is sent after the head of the response.
    fn greeting(self) -> Vec<u8> {
        match self {
            Self::Shared | Self::Own(_) => {
                let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": self.query() } });
                let mut greeting = frames::text("{\"type\":\"connection_init\"}");
                greeting.extend(frames::text(&subscribe.to_string()));
                greeting
            }
            Self::Events | Self::PeerSocket | Self::PeerEvents => Vec::new(),
        }
    }
}

/// An open subscription.
pub struct Socket {
    stream: TcpStream,
    messages: Messages,
}

/// Splits what was received into messages.
enum Messages {
    Frames(Frames),
    Events(Events),
}

/// A publication that arrived.
#[derive(Clone, Copy)]
pub struct Push {
    /// The moment in the message.
    pub as_of_micros: i64,
    /// The moment of its arrival.
    pub received_micros: i64,
}

impl Push {
    /// Returns the time from publication to arrival.
    pub fn latency_micros(self) -> i64 {
        self.received_micros - self.as_of_micros
    }

    /// Reads only the moment from a message; none if the message is no publication.
    pub fn read(message: &[u8]) -> Option<Self> {
        let begin = find(message, MOMENT.as_bytes())? + MOMENT.len();
        let length = message[begin..].iter().position(|byte| *byte == b'"')?;
        let moment = std::str::from_utf8(&message[begin..begin + length]).ok()?;
        let as_of_micros = DateTime::parse_from_rfc3339(moment).ok()?.timestamp_micros();
        Some(Self { as_of_micros, received_micros: clock::now_micros() })
    }
}

impl Socket {
    /// Connects, subscribes, and returns the first message, which holds the current aggregate.
    pub async fn open(address: SocketAddr, feed: Feed) -> anyhow::Result<(Self, String)> {
        Self::open_from(None, address, feed).await
    }

    /// Does the same from this address of our own.
    pub async fn open_from(source: Option<IpAddr>, address: SocketAddr, feed: Feed) -> anyhow::Result<(Self, String)> {
        let opening = async {
            let stream = match source {
                Some(source) => {
                    let socket = TcpSocket::new_v4()?;
                    // Finding a port that no connection of this address uses, also to another server, takes long
                    // where there are thousands.
                    setsockopt(&socket, IpBindAddressNoPort, &true)?;
                    socket.bind(SocketAddr::new(source, 0))?;
                    socket.connect(address).await?
                }
                None => TcpStream::connect(address).await?,
            };
            Self::subscribe(stream, feed).await
        };
        tokio::time::timeout(TIMEOUT, opening).await.context("no first message")?
    }

    async fn subscribe(stream: TcpStream, feed: Feed) -> anyhow::Result<(Self, String)> {
        stream.set_nodelay(true)?;
        let messages =
            if feed.is_events() { Messages::Events(Events::default()) } else { Messages::Frames(Frames::default()) };
        let mut socket = Self { stream, messages };
        socket.stream.write_all(&feed.request()).await?;
        let mut head = Vec::new();
        let end = loop {
            if let Some(end) = find(&head, b"\r\n\r\n") {
                break end + 4;
            }
            let before = head.len();
            read(&mut socket.stream, |received| {
                head.extend_from_slice(received);
                Ok(())
            })
            .await?;
            anyhow::ensure!(head.len() > before, "closed before the upgrade");
        };
        let is_open = head.starts_with(b"HTTP/1.1 101") || head.starts_with(b"HTTP/1.1 200");
        anyhow::ensure!(is_open, "{}", String::from_utf8_lossy(&head));
        socket.stream.write_all(&feed.greeting()).await?;
        let mut first = None;
        let mut take = |text: &[u8]| {
            let is_push = find(text, MOMENT.as_bytes()).is_some();
            if is_push && first.is_none() {
                first = Some(String::from_utf8_lossy(text).into_owned());
            }
        };
        if head.len() > end {
            socket.messages.take(&head[end..], &mut take)?;
        }
        while first.is_none() {
            socket
                .receive(|text| {
                    let is_push = find(text, MOMENT.as_bytes()).is_some();
                    first = is_push.then(|| String::from_utf8_lossy(text).into_owned());
                })
                .await?;
        }
        Ok((socket, first.unwrap_or_default()))
    }

    /// Waits for bytes and passes each publication among them to `on_push`.
    pub async fn pushes(&mut self, mut on_push: impl FnMut(Push)) -> anyhow::Result<()> {
        self.receive(|text| {
            if let Some(push) = Push::read(text) {
                on_push(push);
            }
        })
        .await
    }

    async fn receive(&mut self, mut on_text: impl FnMut(&[u8])) -> anyhow::Result<()> {
        let Self { stream, messages } = self;
        let answer = read(stream, |received| messages.take(received, &mut on_text)).await?;
        if !answer.is_empty() {
            stream.write_all(&answer).await?;
        }
        Ok(())
    }
}

impl Messages {
    /// Passes each complete message to `on_text`. Returns what is to be sent back.
    fn take(&mut self, received: &[u8], on_text: impl FnMut(&[u8])) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Frames(frames) => frames.take(received, on_text),
            Self::Events(events) => events.take(received, on_text).map(|()| Vec::new()),
        }
    }
}

/// Reads once into the shared buffer and processes the bytes there.
async fn read<T>(stream: &mut TcpStream, mut deal: impl FnMut(&[u8]) -> std::io::Result<T>) -> std::io::Result<T> {
    poll_fn(|context| {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut *stream).poll_read(context, &mut buffer))?;
            Poll::Ready(deal(buffer.filled()))
        })
    })
    .await
}
