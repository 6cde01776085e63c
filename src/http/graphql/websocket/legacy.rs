//! The older protocol `graphql-ws` (of the library subscriptions-transport-ws), for clients that know no other. It is
//! off by default. async-graphql implements the protocol; operations are executed as over every other transport.

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
    counters::pushes::{PushCounters, Transport},
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

/// Serves a WebSocket until its end.
pub async fn serve(state: HttpState, caller: Caller, permit: StreamPermit, socket: WebSocket) {
    let Some(protocol) = protocol().await else { return };
    let identity = state.services.identity.clone();
    let (initialised, initialisation) = oneshot::channel();
    let on_init = move |payload: Value| async move {
        let _ = initialised.send(());
        let caller = connection::with_token(&identity, caller, payload.as_object())
            .map_err(|refused| async_graphql::Error::new(refused.reason()))?;
        let mut data = Data::default();
        data.insert(caller);
        Ok(data)
    };
    let operations = Operations::new(Arc::clone(&state.engine), permit, state.counters.pushes.clone());
    let keep_alive = interval_at(Instant::now() + state.keep_alive, state.keep_alive);
    let socket = PingedSocket { socket, keep_alive, has_received: true };
    let serving = GraphQLWebSocket::new(socket, operations, protocol).on_connection_init(on_init).serve();
    let init_timeout = async {
        if tokio::time::timeout(INIT_TIMEOUT, initialisation).await.is_ok() {
            pending::<()>().await;
        }
    };
    // The WebSocket is dropped without a close frame: a client takes that for a broken connection and reconnects.
    tokio::select! {
        () = serving => {}
        () = init_timeout => {}
        () = state.drain.staggered_close() => {}
    }
}

/// Returns the protocol in async-graphql's terms. async-graphql can only read it from a request's header.
async fn protocol() -> Option<GraphQLProtocol> {
    let request = http::Request::builder().header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL).body(()).ok()?;
    GraphQLProtocol::from_request_parts(&mut request.into_parts().0, &()).await.ok()
}

/// Executes the operations of one WebSocket, a limited number at a time.
#[derive(Clone)]
struct Operations {
    engine: Arc<Engine>,
    slots: Arc<Semaphore>,
    permit: Arc<StreamPermit>,
    pushes: PushCounters,
}

impl Operations {
    fn new(engine: Arc<Engine>, permit: StreamPermit, pushes: PushCounters) -> Self {
        Self { engine, slots: Arc::new(Semaphore::new(MAX_OPERATIONS)), permit: Arc::new(permit), pushes }
    }

    /// Returns the permit to run one more operation, or the error that refuses it.
    fn admit(&self) -> Result<(OwnedSemaphorePermit, RunningOperation), ServerError> {
        let slots = Arc::clone(&self.slots).try_acquire_owned();
        slots.map(|slots| (slots, self.permit.operation())).map_err(|_| {
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
        // `connection_init` put the caller there, and no operation runs before that message.
        let caller = data.as_ref().and_then(|data| data.get(&TypeId::of::<Caller>())?.downcast_ref::<Caller>());
        let Some(caller) = caller.cloned() else { return stream::empty().boxed() };
        let variables = std::mem::take(&mut request.variables).into_value().into_json();
        let params = GraphQLParams {
            query: Some(request.query),
            operation_name: request.operation_name,
            variables: variables.ok().and_then(|variables| variables.as_object().cloned()),
            extensions: None,
        };
        let (engine, pushes) = (Arc::clone(&self.engine), self.pushes.clone());
        let results = stream::once(async move {
            let results = engine.subscribe_or_execute(params, caller).await;
            let meter = results.meter(&pushes, Transport::WebSocket);
            results.map(move |result| (result, meter.clone()))
        });
        let responses = results.flatten().map(move |(result, meter)| {
            // Held as long as the stream.
            let _ = &running;
            match result {
                OperationResult::Next(payload) => {
                    payload.count(meter.as_ref());
                    serde_json::from_str(&payload.json).unwrap_or_default()
                }
                OperationResult::Refused(refusal) => serde_json::from_slice(&refusal.response()).unwrap_or_default(),
            }
        });
        responses.boxed()
    }
}

/// A WebSocket that is pinged, and that ends when nothing arrives between two pings.
struct PingedSocket {
    socket: WebSocket,
    keep_alive: Interval,
    has_received: bool,
}

impl Stream for PingedSocket {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while self.keep_alive.poll_tick(cx).is_ready() {
            if !std::mem::take(&mut self.has_received) {
                return Poll::Ready(None);
            }
            // A WebSocket that is not ready for a ping still has data to send, which shows as well whether the client
            // is there.
            if self.socket.poll_ready_unpin(cx)?.is_ready() {
                self.socket.start_send_unpin(Message::Ping(Bytes::new()))?;
                let _ = self.socket.poll_flush_unpin(cx)?;
            }
        }
        let message = ready!(self.socket.poll_next_unpin(cx));
        self.has_received = true;
        Poll::Ready(message)
    }
}

impl Sink<Message> for PingedSocket {
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
