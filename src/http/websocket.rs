//! GraphQL over WebSocket, the `graphql-transport-ws` protocol.

use std::{net::SocketAddr, time::Duration};

use async_graphql::{
    Data,
    http::{WebSocket as Protocol, WebSocketProtocols, WsMessage},
};
use axum::{
    extract::{
        ConnectInfo, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code},
    },
    http::{HeaderMap, StatusCode},
    response::Response,
};
use futures_util::{SinkExt, StreamExt, future};
use tracing::Instrument;

use super::{HttpState, caller, error::graphql_error};
use crate::graphql::caller::Caller;

/// tungstenite fills its read buffer with zeros at every poll and keeps it as long as the socket: small saves both.
const READ_BUFFER: usize = 4 * 1024;
const MAX_MESSAGE: usize = 128 * 1024;
/// A reader that takes nothing for so long is gone.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);

/// `GET /graphql/ws`, and `/graphql` with an upgrade.
pub async fn upgrade(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let caller = caller::identify(&state.services.identity, &state.trusted_proxies, &headers, peer, false);
    let Ok(caller) = caller else { return unauthenticated() };
    let span = tracing::Span::current();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .protocols([WebSocketProtocols::GraphQLWS.sec_websocket_protocol()])
        .on_upgrade(move |socket| {
            let sockets = state.sockets.clone();
            sockets.track_future(serve(state, caller, socket).instrument(span))
        })
}

/// The answer to a token that is not valid.
pub fn unauthenticated() -> Response {
    let message = "The bearer token is not valid. Use the value of the participant cookie, or send no token.";
    graphql_error(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
}

async fn serve(state: HttpState, caller: Caller, socket: WebSocket) {
    let (mut sink, stream) = socket.split();
    let input = stream.take_while(|message| future::ready(message.is_ok())).filter_map(|message| {
        future::ready(match message {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => Some(message.into_data()),
            _ => None,
        })
    });
    let identity = state.services.identity.clone();
    let output = Protocol::new(state.schema.clone(), input, WebSocketProtocols::GraphQLWS).on_connection_init(
        move |payload| async move {
            let mut data = Data::default();
            data.insert(with_token(&identity, caller, &payload)?);
            Ok(data)
        },
    );
    let mut output = std::pin::pin!(output);
    loop {
        let message = tokio::select! {
            // First, for the same token ends the subscriptions: a client that was told that its subscription is complete
            // would not begin it again.
            biased;
            () = state.stop.cancelled() => {
                // A code that clients answer by connecting again, to the next process.
                let restart = CloseFrame { code: close_code::RESTART, reason: "restarting".into() };
                let _ = sink.send(Message::Close(Some(restart))).await;
                return;
            }
            message = output.next() => match message {
                Some(WsMessage::Text(text)) => Message::Text(text.into()),
                Some(WsMessage::Close(code, reason)) => Message::Close(Some(CloseFrame { code, reason: reason.into() })),
                None => return,
            },
        };
        match tokio::time::timeout(WRITE_PATIENCE, sink.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}

/// Browsers can't set headers on a WebSocket: a token may come in the payload of `connection_init`.
fn with_token(
    identity: &crate::service::identity::Identity,
    caller: Caller,
    payload: &serde_json::Value,
) -> async_graphql::Result<Caller> {
    let Some(authorization) = payload.get("authorization").and_then(serde_json::Value::as_str) else {
        return Ok(caller);
    };
    match caller::from_authorization(identity, authorization) {
        Ok(participant) => Ok(Caller { participant: Some(participant), ..caller }),
        Err(caller::BadToken) => Err(async_graphql::Error::new("The bearer token is not valid.")),
    }
}
