//! The older protocol `graphql-ws` (of the library subscriptions-transport-ws), for clients that know no other. Off unless
//! asked for; the engine's own implementation.

use async_graphql::Data;
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::{
    extract::{FromRequestParts, ws::WebSocket},
    http::{Request, header},
};
use serde_json::Value;

use super::{super::HttpState, connection};
use crate::graphql::caller::Caller;

/// The name of the subprotocol.
pub const PROTOCOL: &str = "graphql-ws";

/// Serves a socket until its end.
pub async fn serve(state: HttpState, caller: Caller, socket: WebSocket) {
    let Some(protocol) = protocol().await else { return };
    let (schema, identity) = (state.executor.schema().clone(), state.services.identity.clone());
    let greet = move |payload: Value| async move {
        let caller = connection::with_token(&identity, caller, payload.as_object())
            .map_err(|refused| async_graphql::Error::new(refused.reason()))?;
        let mut data = Data::default();
        data.insert(caller);
        Ok(data)
    };
    let serving = GraphQLWebSocket::new(socket, schema, protocol).on_connection_init(greet).serve();
    tokio::select! {
        () = serving => {}
        // Dropped without a close frame: a client takes it for a broken connection and comes back.
        () = state.drain.my_turn() => {}
    }
}

/// The engine knows its protocol only from a request's header.
async fn protocol() -> Option<GraphQLProtocol> {
    let request = Request::builder().header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL).body(()).ok()?;
    GraphQLProtocol::from_request_parts(&mut request.into_parts().0, &()).await.ok()
}
