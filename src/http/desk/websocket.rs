//! The desk over WebSocket (`graphql-transport-ws`). async-graphql speaks the protocol. This file checks the session before
//! each operation, and closes the WebSocket when the session ends or the roles change.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Data, Executor, Request, Response as GraphQLResponse,
    http::{WebSocket as Protocol, WebSocketProtocols, WsMessage},
};
use axum::{
    body::Bytes,
    extract::{
        ConnectInfo, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use futures_util::{SinkExt, StreamExt, future::ready, stream, stream::BoxStream};
use tokio::{sync::Semaphore, time::MissedTickBehavior};

use super::{caller::DeskRequest, limited};
use crate::{
    engine::{GraphQLParams, RequestError},
    fault::{ErrorCode, Fault},
    http::{
        limits::streams::{StreamPermit, Transport},
        respond::header_spelling,
        state::HttpState,
    },
    service::desk::sessions::Visitor,
};

const PROTOCOL: &str = "graphql-transport-ws";
const READ_BUFFER: usize = 4 * 1024;
const MAX_MESSAGE: usize = 16 * 1024;
const MAX_WRITE_BUFFER: usize = 2 * 1024 * 1024;
/// Operations that may run at once on one WebSocket.
const MAX_OPERATIONS: usize = 10;
/// How often the session is looked at while no operation begins. What this process itself changes counts at once.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Serves `GET /admin/graphql/ws`. Only those who have signed in get a WebSocket.
pub async fn upgrade(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let opened = async {
        let request = DeskRequest::read(&state, &headers, peer)?;
        let visitor = request.visitor(&state).await?;
        let visitor = visitor.ok_or_else(|| Fault::new(ErrorCode::Unauthenticated, "Sign in first."))?;
        Ok::<_, Fault>((request, visitor))
    };
    let (request, visitor) = match opened.await {
        Ok(opened) => opened,
        Err(fault) => return fault.into_response(),
    };
    let permit = match state.acquire_stream(Transport::WebSocket, request.address()) {
        Ok(permit) => permit,
        Err(response) => return *response,
    };
    let mut response = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .protocols([PROTOCOL])
        .on_upgrade(move |socket| {
            let websockets = state.websockets.clone();
            websockets.track_future(serve(state, request, visitor, permit, socket))
        });
    response.extensions_mut().extend(header_spelling::websocket_protocol_spelling().await.clone());
    response
}

/// Serves a WebSocket until its end.
async fn serve(state: HttpState, request: DeskRequest, visitor: Visitor, permit: StreamPermit, socket: WebSocket) {
    let request = Arc::new(request);
    let (mut sink, source) = socket.split();
    let has_received = Arc::new(AtomicBool::new(true));
    let received = Arc::clone(&has_received);
    let messages = source.take_while(|message| ready(message.is_ok())).filter_map(move |message| {
        received.store(true, Ordering::Relaxed);
        ready(match message {
            Ok(Message::Text(text)) => Some(text.to_string().into_bytes()),
            Ok(Message::Binary(bytes)) => Some(bytes.to_vec()),
            _ => None,
        })
    });
    let operations = Operations {
        state: state.clone(),
        request: Arc::clone(&request),
        slots: Arc::new(Semaphore::new(MAX_OPERATIONS)),
        permit: Arc::new(permit),
    };
    let mut results = pin!(Protocol::new(operations, messages.boxed(), WebSocketProtocols::GraphQLWS));
    let mut session_ended = pin!(session_end(&state, &request, &visitor));
    let mut drained = pin!(state.drain.staggered_close());
    let mut keep_alive = tokio::time::interval(state.keep_alive);
    keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    keep_alive.reset();
    loop {
        let (message, is_last) = tokio::select! {
            // Nothing more is sent to a session that has ended.
            biased;
            closing = &mut session_ended => (closing, true),
            () = &mut drained => (close(close_code::RESTART, "restarting"), true),
            result = results.next() => match result {
                Some(WsMessage::Text(text)) => (Message::Text(text.into()), false),
                Some(WsMessage::Close(code, reason)) => (close(code, &reason), true),
                None => return,
            },
            _ = keep_alive.tick() => {
                if !has_received.swap(false, Ordering::Relaxed) {
                    return;
                }
                (Message::Ping(Bytes::new()), false)
            }
        };
        // A client that reads nothing during two ping intervals is gone.
        let sent = tokio::time::timeout(2 * state.keep_alive, sink.send(message)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

/// Completes when the WebSocket must be closed: the session has ended, or the account has other roles now. Returns the
/// closing message. Clients do not reconnect after 4401; after 1012 they do, and then have the new roles.
async fn session_end(state: &HttpState, request: &DeskRequest, visitor: &Visitor) -> Message {
    let mut changes = state.services.accounts.changes();
    loop {
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep(CHECK_INTERVAL) => {}
        }
        match request.visitor(state).await {
            Ok(Some(now)) if now == *visitor => {}
            Ok(Some(_)) => return close(close_code::RESTART, "the roles have changed"),
            Ok(None) => return close(4401, "the session has ended"),
            // The database is away. Every operation asks for the session itself, and fails then.
            Err(_) => {}
        }
    }
}

fn close(code: u16, reason: &str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

/// Executes the operations of one WebSocket, a limited number at a time.
#[derive(Clone)]
struct Operations {
    state: HttpState,
    request: Arc<DeskRequest>,
    slots: Arc<Semaphore>,
    permit: Arc<StreamPermit>,
}

impl Operations {
    /// Converts a request of the protocol into one that can be executed: within the limits, as the caller of this moment.
    async fn prepare(&self, request: Request) -> Result<Request, RequestError> {
        self.state.counters.operations.desk_operations.inc();
        let variables = request.variables.into_value().into_json().ok();
        let params = GraphQLParams {
            query: Some(request.query),
            operation_name: request.operation_name,
            variables: variables.and_then(|variables| variables.as_object().cloned()),
            extensions: None,
        };
        let visitor = self.request.visitor(&self.state).await.map_err(|fault| RequestError::of_fault(&fault))?;
        limited(params, self.request.caller(visitor, None))
    }
}

impl Executor for Operations {
    async fn execute(&self, request: Request) -> GraphQLResponse {
        self.execute_stream(request, None).next().await.unwrap_or_default()
    }

    fn execute_stream(&self, request: Request, _session: Option<Arc<Data>>) -> BoxStream<'static, GraphQLResponse> {
        let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else {
            let message = format!("One socket runs at most {MAX_OPERATIONS} operations at once. Complete one first.");
            let refusal = RequestError::of_fault(&Fault::new(ErrorCode::Overloaded, message));
            return stream::iter([response(&refusal)]).boxed();
        };
        let (operations, running) = (self.clone(), self.permit.operation());
        let responses = stream::once(async move {
            match operations.prepare(request).await {
                Ok(request) => operations.state.admin.execute_stream(request).boxed(),
                Err(refusal) => stream::iter([response(&refusal)]).boxed(),
            }
        });
        responses
            .flatten()
            .map(move |response| {
                // Held as long as the stream.
                let _ = (&slot, &running);
                response
            })
            .boxed()
    }
}

fn response(refusal: &RequestError) -> GraphQLResponse {
    serde_json::from_slice(&refusal.response()).unwrap_or_default()
}
