//! One socket that speaks `graphql-transport-ws`, rule by rule as its PROTOCOL.md of 2024 has them.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::{Stream, StreamExt};
use serde_json::{Map, Value};
use tokio::time::{Instant, Sleep};
use tokio_stream::StreamMap;

use super::messages::{self, ClientMessage};
use crate::{
    engine::{GraphQLParams, OperationResult, RequestError, ResultStream},
    fault::{ErrorCode, Fault},
    graphql::caller::Caller,
    http::{
        caller::{self, TokenRefused},
        limits::streams::{RunningOperation, StreamPermit},
        state::HttpState,
    },
    service::identity::Identity,
};

/// How long a client may take to greet.
pub const INIT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long to wait for the other side's half of the closing.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Operations that may run at once on one socket.
pub const MAX_OPERATIONS: usize = 10;

/// A socket and what runs on it.
pub struct Connection {
    state: HttpState,
    caller: Caller,
    permit: StreamPermit,
    socket: WebSocket,
    init: InitState,
    operations: StreamMap<Arc<str>, Running>,
    /// Whether anything came in since it was last asked for.
    is_heard: bool,
}

#[derive(PartialEq, Eq)]
enum InitState {
    Awaited,
    Acknowledged,
}

/// An operation that runs.
struct Running {
    events: ResultStream,
    id: Arc<str>,
    /// See [`messages::next_prefix`].
    prefix: Box<str>,
    _counted: RunningOperation,
}

/// What an operation wants sent.
struct Step {
    text: Utf8Bytes,
    is_last: bool,
}

impl Stream for Running {
    type Item = Step;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Step>> {
        let step = match ready!(self.events.poll_next_unpin(context)) {
            Some(OperationResult::Next(payload)) => {
                Step { text: messages::next(&self.prefix, &payload.json), is_last: false }
            }
            Some(OperationResult::Refused(refusal)) => {
                Step { text: messages::error(&self.id, &refusal.0), is_last: true }
            }
            None => Step { text: messages::complete(&self.id), is_last: true },
        };
        Poll::Ready(Some(step))
    }
}

/// Why a socket is closed. The codes are the protocol's; clients of its reference library come back after those of RFC 6455
/// that speak of the server, and after 4403 and 4408, and don't after the others.
pub struct Closing {
    code: u16,
    reason: Utf8Bytes,
}

impl Closing {
    /// With as much of the reason as fits.
    pub fn new(code: u16, reason: &str) -> Self {
        Self { code, reason: messages::close_reason(reason) }
    }

    /// This process stops; another one will be there.
    pub fn restart() -> Self {
        Self::new(close_code::RESTART, "restarting")
    }

    /// The frame.
    pub fn message(self) -> Message {
        Message::Close(Some(CloseFrame { code: self.code, reason: self.reason }))
    }

    /// Closes. What the client still sends is read to its end: a socket that is dropped with unread bytes is reset, and the
    /// frame may then never be seen.
    pub async fn send(self, mut socket: WebSocket) {
        let closing = async {
            if socket.send(self.message()).await.is_ok() {
                while let Some(Ok(_)) = socket.recv().await {}
            }
        };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, closing).await;
    }
}

/// How a socket ends.
enum End {
    /// We close it.
    Close(Closing),
    /// It is closed, or nobody is there.
    Gone,
}

impl Connection {
    /// A socket that was just opened.
    pub fn new(state: HttpState, caller: Caller, permit: StreamPermit, socket: WebSocket) -> Self {
        let (init, operations) = (InitState::Awaited, StreamMap::new());
        Self { state, caller, permit, socket, init, operations, is_heard: true }
    }

    /// Serves it until its end.
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
                // What is pushed first, and the rest only when nothing is.
                biased;
                Some((id, next)) = self.operations.next() => self.on_result(&id, next).await,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.on_message(message).await,
                    Some(Err(error)) => Err(unreadable(error)),
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

    /// The time for the greeting is over, or it is time to see whether the client is still there.
    async fn on_keep_alive(&mut self) -> Result<(), End> {
        if self.init == InitState::Awaited {
            return Err(End::Close(Closing::new(4408, "Connection initialisation timeout")));
        }
        if !std::mem::take(&mut self.is_heard) {
            return Err(End::Gone);
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn on_message(&mut self, message: Message) -> Result<(), End> {
        self.is_heard = true;
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                return Err(End::Close(Closing::new(4400, "Binary frames are not understood: send text")));
            }
            // The library answers pings and closes by itself.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        match ClientMessage::read(&text) {
            Ok(ClientMessage::ConnectionInit(payload)) => self.on_connection_init(&payload).await,
            Ok(ClientMessage::Ping(payload)) => self.send(Message::Text(messages::pong(payload.as_deref()))).await,
            Ok(ClientMessage::Pong) => Ok(()),
            Ok(ClientMessage::Subscribe { id, params }) => self.begin(id, *params).await,
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

    async fn begin(&mut self, id: String, params: GraphQLParams) -> Result<(), End> {
        if self.init == InitState::Awaited {
            return Err(End::Close(Closing::new(4401, "Unauthorized: send connection_init first")));
        }
        if self.operations.contains_key(&*id) {
            return Err(End::Close(Closing::new(4409, &format!("Subscriber for {id} already exists"))));
        }
        if self.operations.len() >= MAX_OPERATIONS {
            let refusal = RequestError::of_fault(&Fault::new(ErrorCode::Overloaded, too_many_operations()));
            return self.send(Message::Text(messages::error(&id, &refusal.0))).await;
        }
        let events = self.state.engine.subscribe_or_execute(params, self.caller.clone()).await;
        let (prefix, id) = (messages::next_prefix(&id), Arc::<str>::from(id));
        let running = Running { events, id: Arc::clone(&id), prefix, _counted: self.permit.operation() };
        self.operations.insert(id, running);
        Ok(())
    }

    async fn on_result(&mut self, id: &str, step: Step) -> Result<(), End> {
        if step.is_last {
            // The stop of this process ends subscriptions too: a client that was told that its subscription is complete would
            // not begin it again.
            let is_single = self.operations.remove(id).is_some_and(|running| running.events.is_single());
            if !is_single && self.state.stop.is_cancelled() {
                return Err(End::Close(Closing::restart()));
            }
        }
        self.send(Message::Text(step.text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        // Who takes nothing while two pings would have been due is gone, or so slow that it had better begin again.
        match tokio::time::timeout(2 * self.state.keep_alive, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }
}

/// What is said to one operation too many.
pub fn too_many_operations() -> String {
    format!("One socket runs at most {MAX_OPERATIONS} operations at once. Complete one first.")
}

/// Browsers can't set headers on a WebSocket: a token may come in the payload of the greeting.
pub fn with_token(
    identity: &Identity,
    caller: Caller,
    payload: Option<&Map<String, Value>>,
) -> Result<Caller, TokenRefused> {
    let Some(authorization) = payload.and_then(|payload| payload.get("authorization")) else { return Ok(caller) };
    // No proxy writes into the payload: whatever stands here is meant for us.
    let token = authorization.as_str().and_then(|authorization| caller::token_of(authorization.as_bytes()));
    caller::with_token(identity, caller, token.unwrap_or_default())
}

/// What cannot be read as frames is closed with the code of RFC 6455 for it.
fn unreadable(error: axum::Error) -> End {
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
