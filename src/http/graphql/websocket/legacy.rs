//! The older protocol `graphql-ws` (of the library subscriptions-transport-ws), for clients that know no other. Off unless
//! asked for; the protocol is the engine's own implementation, and operations are executed as everywhere else.

use std::{
    any::TypeId,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use async_graphql::{Data, Executor, Request, Response, ServerError};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    Error,
    body::Bytes,
    extract::{
        FromRequestParts,
        ws::{Message, WebSocket},
    },
    http::{self, header},
};
use futures_util::{
    Sink, SinkExt, Stream, StreamExt,
    future::pending,
    stream::{self, BoxStream},
};
use serde_json::Value;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::{Instant, Interval, interval_at},
};

use super::connection::{self, INIT_TIMEOUT, MAX_OPERATIONS};
use crate::{
    engine::{Engine, GraphQLParams, OperationResult},
    fault::ErrorCode,
    graphql::caller::Caller,
    http::{
        limits::streams::{RunningOperation, StreamPermit},
        state::HttpState,
    },
};

/// The name of the subprotocol.
pub const PROTOCOL: &str = "graphql-ws";

/// Serves a socket until its end.
pub async fn serve(state: HttpState, caller: Caller, permit: StreamPermit, socket: WebSocket) {
    let Some(protocol) = protocol().await else { return };
    let identity = state.services.identity.clone();
    let (greeted, greeting) = oneshot::channel();
    let greet = move |payload: Value| async move {
        let _ = greeted.send(());
        let caller = connection::with_token(&identity, caller, payload.as_object())
            .map_err(|refused| async_graphql::Error::new(refused.reason()))?;
        let mut data = Data::default();
        data.insert(caller);
        Ok(data)
    };
    let operations = Operations::new(Arc::clone(&state.engine), permit);
    let keep_alive = interval_at(Instant::now() + state.keep_alive, state.keep_alive);
    let socket = Pinged { socket, keep_alive, is_heard: true };
    let serving = GraphQLWebSocket::new(socket, operations, protocol).on_connection_init(greet).serve();
    let greeting_is_late = async {
        if tokio::time::timeout(INIT_TIMEOUT, greeting).await.is_ok() {
            pending::<()>().await;
        }
    };
    // Dropped without a close frame: a client takes it for a broken connection and comes back.
    tokio::select! {
        () = serving => {}
        () = greeting_is_late => {}
        () = state.drain.staggered_close() => {}
    }
}

/// The engine knows its protocol only from a request's header.
async fn protocol() -> Option<GraphQLProtocol> {
    let request = http::Request::builder().header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL).body(()).ok()?;
    GraphQLProtocol::from_request_parts(&mut request.into_parts().0, &()).await.ok()
}

/// Executes the operations of one socket, few at a time.
#[derive(Clone)]
struct Operations {
    engine: Arc<Engine>,
    room: Arc<Semaphore>,
    permit: Arc<StreamPermit>,
}

impl Operations {
    fn new(engine: Arc<Engine>, permit: StreamPermit) -> Self {
        Self { engine, room: Arc::new(Semaphore::new(MAX_OPERATIONS)), permit: Arc::new(permit) }
    }

    /// Room for an operation until it is dropped, or why it is not executed.
    fn admit(&self) -> Result<(OwnedSemaphorePermit, RunningOperation), ServerError> {
        let room = Arc::clone(&self.room).try_acquire_owned();
        room.map(|room| (room, self.permit.operation())).map_err(|_| {
            let mut error = ServerError::new(connection::too_many_operations(), None);
            error.extensions.get_or_insert_default().set("code", ErrorCode::Overloaded.as_str());
            error
        })
    }
}

impl Executor for Operations {
    async fn execute(&self, request: Request) -> Response {
        self.execute_stream(request, None).next().await.unwrap_or_default()
    }

    fn execute_stream(&self, mut request: Request, data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let running = match self.admit() {
            Ok(running) => running,
            Err(error) => return stream::iter([Response::from_errors(vec![error])]).boxed(),
        };
        // The greeting put it there, and no operation comes before the greeting.
        let caller = data.as_ref().and_then(|data| data.get(&TypeId::of::<Caller>())?.downcast_ref::<Caller>());
        let Some(caller) = caller.cloned() else { return stream::empty().boxed() };
        let variables = std::mem::take(&mut request.variables).into_value().into_json();
        let params = GraphQLParams {
            query: Some(request.query),
            operation_name: request.operation_name,
            variables: variables.ok().and_then(|variables| variables.as_object().cloned()),
            extensions: None,
        };
        let engine = Arc::clone(&self.engine);
        let events = stream::once(async move { engine.subscribe_or_execute(params, caller).await }).flatten();
        let responses = events.map(move |event| {
            // Held as long as the stream.
            let _ = &running;
            match event {
                OperationResult::Next(payload) => serde_json::from_str(&payload.json).unwrap_or_default(),
                OperationResult::Refused(refusal) => serde_json::from_slice(&refusal.response()).unwrap_or_default(),
            }
        });
        responses.boxed()
    }
}

/// A socket that is pinged, and ends when nothing was heard between two pings.
struct Pinged {
    socket: WebSocket,
    keep_alive: Interval,
    is_heard: bool,
}

impl Stream for Pinged {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.keep_alive.poll_tick(cx).is_ready() {
            if !std::mem::take(&mut self.is_heard) {
                return Poll::Ready(None);
            }
            // A socket that takes no ping has something else to send, which shows as well that somebody is there.
            if self.socket.poll_ready_unpin(cx)?.is_ready() {
                self.socket.start_send_unpin(Message::Ping(Bytes::new()))?;
                let _ = self.socket.poll_flush_unpin(cx)?;
            }
        }
        let message = ready!(self.socket.poll_next_unpin(cx));
        self.is_heard = true;
        Poll::Ready(message)
    }
}

impl Sink<Message> for Pinged {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_ready_unpin(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        self.socket.start_send_unpin(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_flush_unpin(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.socket.poll_close_unpin(cx)
    }
}
