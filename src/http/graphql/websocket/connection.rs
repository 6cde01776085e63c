//! One WebSocket that speaks `graphql-transport-ws`, after the protocol's PROTOCOL.md of 2024.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Extension,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
use futures_util::{Stream, StreamExt, future::OptionFuture};
use serde_json::{Map, Value};
use tokio::time::{Instant, Sleep};
use tokio_stream::StreamMap;

use super::messages::{self, ClientMessage};
use crate::{
    counters::pushes::{PushMeter, Transport},
    engine::{GraphQLParams, OperationResult, RequestError, ResultStream},
    fault::{ErrorCode, Fault},
    graphql::caller::Caller,
    http::{
        caller::{self, TokenRefused},
        graphql::frames::{ConnectionOutlet, WebSocketWriter},
        limits::streams::{RunningOperation, StreamPermit},
        outlet::Outlet,
        state::HttpState,
    },
    service::identity::Identity,
};

/// How long a client may take to send `connection_init`.
pub const INIT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long to wait for the client's close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Operations that may run at once on one WebSocket.
pub const MAX_OPERATIONS: usize = 10;

/// A WebSocket and the operations that run on it.
pub struct Connection {
    state: HttpState,
    caller: Caller,
    permit: StreamPermit,
    outlet: Option<Arc<Outlet>>,
    socket: WebSocket,
    init: InitState,
    operations: StreamMap<Arc<str>, Running>,
    /// Whether a message arrived since the last keep-alive.
    has_received: bool,
}

#[derive(PartialEq, Eq)]
enum InitState {
    Awaited,
    Acknowledged,
}

/// A running operation.
struct Running {
    results: ResultStream,
    id: Arc<str>,
    /// Made by [`messages::next_prefix`].
    prefix: Arc<str>,
    /// For a subscription.
    meter: Option<PushMeter>,
    _permit: RunningOperation,
}

/// One message of an operation.
struct Outgoing {
    text: Utf8Bytes,
    is_last: bool,
}

impl Stream for Running {
    type Item = Outgoing;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outgoing>> {
        let outgoing = match ready!(self.results.poll_next_unpin(context)) {
            Some(OperationResult::Next(payload)) => {
                payload.count(self.meter.as_ref());
                Outgoing { text: messages::next(&self.prefix, &payload.json), is_last: false }
            }
            Some(OperationResult::Refused(refusal)) => {
                Outgoing { text: messages::error(&self.id, &refusal.errors), is_last: true }
            }
            None => Outgoing { text: messages::complete(&self.id), is_last: true },
        };
        Poll::Ready(Some(outgoing))
    }
}

/// Why a WebSocket is closed. The codes are the protocol's. Clients of its reference library reconnect after the codes
/// of RFC 6455 that blame the server, and after 4403 and 4408, but not after the others.
pub struct Closing {
    code: u16,
    reason: Utf8Bytes,
}

impl Closing {
    /// Shortens the reason to the length that a close frame allows.
    pub fn new(code: u16, reason: &str) -> Self {
        Self { code, reason: messages::close_reason(reason) }
    }

    /// This process stops, and another one will take its place.
    pub fn restart() -> Self {
        Self::new(close_code::RESTART, "restarting")
    }

    /// Returns the close frame.
    pub fn message(self) -> Message {
        Message::Close(Some(CloseFrame { code: self.code, reason: self.reason }))
    }

    /// Closes the WebSocket. What the client still sends is read to its end: a connection that is dropped with unread
    /// bytes is reset, and the client might then never see the close frame.
    pub async fn send(self, mut socket: WebSocket) {
        let closing = async {
            if socket.send(self.message()).await.is_ok() {
                while let Some(Ok(_)) = socket.recv().await {}
            }
        };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, closing).await;
    }
}

/// How a WebSocket ends.
enum End {
    /// The server closes it.
    Close(Closing),
    /// It is closed, or the client is gone.
    Gone,
}

impl Connection {
    /// Takes over a WebSocket that was just opened.
    pub fn new(
        state: HttpState,
        caller: Caller,
        permit: StreamPermit,
        outlet: ConnectionOutlet,
        socket: WebSocket,
    ) -> Self {
        let (init, operations) = (InitState::Awaited, StreamMap::new());
        let outlet = outlet.map(|Extension(outlet)| outlet);
        Self { state, caller, permit, outlet, socket, init, operations, has_received: true }
    }

    /// Serves the WebSocket until its end.
    pub async fn serve(mut self) {
        let stop = self.state.drain.staggered_close();
        let timer = tokio::time::sleep(INIT_TIMEOUT);
        let end = self.run(std::pin::pin!(stop), std::pin::pin!(timer)).await;
        drop(self.operations);
        if let End::Close(closing) = end {
            closing.send(self.socket).await;
        }
    }

    async fn run(&mut self, mut stop: Pin<&mut impl Future<Output = ()>>, mut timer: Pin<&mut Sleep>) -> End {
        loop {
            let is_awaited = self.init == InitState::Awaited;
            let outcome = tokio::select! {
                // Results are sent first. The other branches run only when none is ready.
                biased;
                Some(_) = OptionFuture::from(self.outlet.as_deref().map(Outlet::rest_failed)) => Err(End::Gone),
                Some((id, next)) = self.operations.next() => self.on_result(&id, next).await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.on_message(message).await,
                    Some(Err(error)) => Err(close_for(error)),
                    None => Err(End::Gone),
                },
                () = &mut stop => Err(End::Close(Closing::restart())),
                () = &mut timer => {
                    timer.as_mut().reset(Instant::now() + self.state.keep_alive);
                    self.on_keep_alive().await
                }
            };
            if let Err(end) = outcome {
                return end;
            }
            if is_awaited && self.init == InitState::Acknowledged {
                timer.as_mut().reset(Instant::now() + self.state.keep_alive);
            }
        }
    }

    /// Closes the WebSocket when `connection_init` is overdue. Later, pings the client, or gives up if nothing came
    /// since the last ping.
    async fn on_keep_alive(&mut self) -> Result<(), End> {
        if self.init == InitState::Awaited {
            return Err(End::Close(Closing::new(4408, "Connection initialisation timeout")));
        }
        if !std::mem::take(&mut self.has_received) {
            return Err(End::Gone);
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn on_message(&mut self, message: Message) -> Result<(), End> {
        self.has_received = true;
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                return Err(End::Close(Closing::new(4400, "Binary frames are not understood: send text")));
            }
            // The library responds to pings and close frames by itself.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        match ClientMessage::read(&text) {
            Ok(ClientMessage::ConnectionInit(payload)) => self.on_connection_init(&payload).await,
            Ok(ClientMessage::Ping(payload)) => self.send(Message::Text(messages::pong(payload.as_deref()))).await,
            Ok(ClientMessage::Pong) => Ok(()),
            Ok(ClientMessage::Subscribe { id, params }) => self.subscribe(id, *params).await,
            Ok(ClientMessage::Complete { id }) => {
                self.operations.remove(&*id);
                Ok(())
            }
            Err(reason) => Err(End::Close(Closing::new(4400, &reason))),
        }
    }

    async fn on_connection_init(&mut self, payload: &Map<String, Value>) -> Result<(), End> {
        if self.init == InitState::Acknowledged {
            return Err(End::Close(Closing::new(4429, "Too many initialisation requests")));
        }
        let caller = with_token(&self.state.services.identity, self.caller.clone(), Some(payload));
        self.caller = caller.map_err(|refused| End::Close(Closing::new(4403, refused.reason())))?;
        self.init = InitState::Acknowledged;
        self.send(Message::Text(messages::connection_ack())).await
    }

    async fn subscribe(&mut self, id: String, params: GraphQLParams) -> Result<(), End> {
        if self.init == InitState::Awaited {
            return Err(End::Close(Closing::new(4401, "Unauthorized: send connection_init first")));
        }
        if self.operations.contains_key(&*id) {
            return Err(End::Close(Closing::new(4409, &format!("Subscriber for {id} already exists"))));
        }
        if self.operations.len() >= MAX_OPERATIONS {
            let refusal = RequestError::of_fault(&Fault::new(ErrorCode::Overloaded, too_many_operations()));
            return self.send(Message::Text(messages::error(&id, &refusal.errors))).await;
        }
        let mut results = self.state.engine.subscribe_or_execute(params, self.caller.clone()).await;
        let (prefix, id) = (messages::next_prefix(&id), Arc::<str>::from(id));
        let meter = results.meter(&self.state.counters.pushes, Transport::WebSocket);
        if let Some(outlet) = &self.outlet {
            let (outlet, prefix, meter) = (Arc::clone(outlet), Arc::clone(&prefix), meter.clone());
            results.write_with(WebSocketWriter { outlet, prefix, meter });
        }
        let running = Running { results, id: Arc::clone(&id), prefix, meter, _permit: self.permit.operation() };
        self.operations.insert(id, running);
        Ok(())
    }

    async fn on_result(&mut self, id: &str, outgoing: Outgoing) -> Result<(), End> {
        if outgoing.is_last {
            // The stop of this process also ends subscriptions. `complete` is not sent then: a client that got it would
            // not subscribe again.
            let is_single = self.operations.remove(id).is_some_and(|running| running.results.is_single());
            if !is_single && self.state.stop.is_cancelled() {
                return Err(End::Close(Closing::restart()));
            }
        }
        self.send(Message::Text(outgoing.text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        // A client that reads nothing during two ping intervals is gone, or so slow that it had better reconnect.
        match tokio::time::timeout(2 * self.state.keep_alive, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// Returns the error message for one operation too many.
pub fn too_many_operations() -> String {
    format!("One socket runs at most {MAX_OPERATIONS} operations at once. Complete one first.")
}

/// Identifies a caller by the token in the payload of `connection_init`: browsers cannot set headers on a WebSocket.
pub fn with_token(
    identity: &Identity,
    caller: Caller,
    payload: Option<&Map<String, Value>>,
) -> Result<Caller, TokenRefused> {
    let Some(authorization) = payload.and_then(|payload| payload.get("authorization")) else { return Ok(caller) };
    // No proxy writes into the payload, so any token in it is meant for this server.
    let token = authorization.as_str().and_then(|authorization| caller::token_of(authorization.as_bytes()));
    caller::with_token(identity, caller, token.unwrap_or_default())
}

/// Chooses the close code of RFC 6455 for input that cannot be read as frames.
fn close_for(error: axum::Error) -> End {
    use tungstenite::Error;
    let Ok(error) = error.into_inner().downcast::<Error>() else { return End::Gone };
    let code = match *error {
        Error::Capacity(_) => close_code::SIZE,
        Error::Utf8(_) => close_code::INVALID,
        Error::Protocol(_) => close_code::PROTOCOL,
        _ => return End::Gone,
    };
    End::Close(Closing::new(code, &error.to_string()))
}
