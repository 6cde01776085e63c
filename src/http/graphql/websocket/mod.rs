//! GraphQL over WebSocket: the upgrade, and the choice of the protocol.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State, WebSocketUpgrade, ws::WebSocket},
    http::HeaderMap,
    response::Response,
};

use super::frames::ConnectionOutlet;
use crate::{
    graphql::caller::Access,
    http::{caller, limits::streams::Transport, respond::header_spelling, state::HttpState},
    traces,
};

mod connection;
mod legacy;
pub mod messages;

use connection::{Closing, Connection};

/// tungstenite fills its read buffer with zeros at every poll and keeps it as long as the WebSocket, so a small buffer
/// saves time and memory.
const READ_BUFFER: usize = 2 * 1024;
/// The largest message, in bytes; the largest ones start an operation, with its query and variables. A WebSocket also
/// holds the received part of an incomplete message.
const MAX_MESSAGE: usize = 16 * 1024;
/// The largest write buffer, in bytes. Messages are written at once; the buffer holds one that the network does not
/// accept yet.
const MAX_WRITE_BUFFER: usize = 2 * 1024 * 1024;

/// Serves `GET /graphql/ws`, and `/graphql` with an upgrade.
pub async fn upgrade(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let caller = match caller::identify(&state, &headers, peer, None) {
        Ok(caller) => caller,
        Err(refused) => return refused.response(),
    };
    let permit = match state.acquire_stream(Transport::WebSocket, caller.address) {
        Ok(permit) => permit,
        Err(response) => return *response,
    };
    // The older protocol is served by async-graphql, which checks no access. It is only for callers with full access.
    let is_legacy = state.legacy_websocket && caller.access == Access::Full;
    let legacy = is_legacy.then_some(legacy::PROTOCOL);
    let id = traces::request_id();
    let mut response = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .protocols([messages::PROTOCOL].into_iter().chain(legacy))
        .on_upgrade(move |socket| {
            let websockets = state.websockets.clone();
            // Boxed, because a future that is passed on lies in memory once for each hand.
            let serving = Box::pin(async move {
                match protocol(&socket) {
                    Some(messages::PROTOCOL) => Connection::new(state, caller, permit, outlet, socket).serve().await,
                    Some(_) => legacy::serve(state, caller, permit, socket).await,
                    None => {
                        let reason = format!("Subprotocol not acceptable: offer {}", messages::PROTOCOL);
                        Closing::new(4406, &reason).send(socket).await;
                    }
                }
            });
            websockets.track_future(traces::for_request_later(id, serving))
        });
    response.extensions_mut().extend(header_spelling::websocket_protocol_spelling().await.clone());
    response
}

fn protocol(socket: &WebSocket) -> Option<&'static str> {
    let chosen = socket.protocol()?.to_str().ok()?;
    [messages::PROTOCOL, legacy::PROTOCOL].into_iter().find(|protocol| *protocol == chosen)
}
