//! GraphQL over server-sent events: the `graphql-sse` protocol, one connection for each operation.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use async_graphql::{Request, parser::types::OperationType};
use axum::{
    body::Bytes,
    extract::{ConnectInfo, RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, stream};

use super::{HttpState, caller, error::graphql_error, graphql, negotiation, websocket};

/// Proxies drop what is silent for half a minute or so.
const HEARTBEAT: Duration = Duration::from_secs(12);

/// `GET /graphql/stream?query=…`: queries and subscriptions, as `EventSource` asks.
pub async fn get(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let mut request = match graphql::request_in_url(query.as_deref()) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    // A link or a picture on another page can make a browser send a GET: it must not change anything.
    if graphql::has(&mut request, |kind| kind == OperationType::Mutation) {
        return graphql::not_by_get("GET is for queries and subscriptions. Send mutations by POST.");
    }
    events(&state, peer, &headers, request)
}

/// `POST /graphql/stream` with the operation as JSON.
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    // Also what keeps pages of other sites from sending it: they would have to ask first.
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        let message = "The body must be a GraphQL request in JSON, sent as application/json.";
        return graphql_error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_USER_INPUT", message);
    }
    match graphql::request_in_body(body) {
        Ok(request) => events(&state, peer, &headers, request),
        Err(response) => *response,
    }
}

/// The results as they come, each an event `next`, then `complete`.
fn events(state: &HttpState, peer: SocketAddr, headers: &HeaderMap, request: Request) -> Response {
    if !accepts_events(headers) {
        let message = "The answer is a stream of events: accept text/event-stream.";
        return graphql_error(StatusCode::NOT_ACCEPTABLE, "BAD_USER_INPUT", message);
    }
    if request.query.trim().is_empty() {
        return graphql::no_query();
    }
    // A cookie would have to be set before the first result is known.
    let caller = caller::identify(&state.services.identity, &state.trusted_proxies, headers, peer, false);
    let Ok(caller) = caller else { return websocket::unauthenticated() };
    let results = state.schema.execute_stream(request.data(caller));
    let stop = state.stop.clone();
    // No `complete` when it is the server that ends: a client that was told so would not begin again at another one.
    let complete =
        stream::once(async move { (!stop.is_cancelled()).then(|| Event::default().event("complete").data("")) });
    // Held as long as the stream, so that the shutdown waits for it.
    let open = state.sockets.token();
    let events = results
        .map(|result| {
            let json = serde_json::to_string(&result).unwrap_or_default();
            Some(Event::default().event("next").data(json))
        })
        .chain(complete)
        .filter_map(std::future::ready)
        .map(move |event| {
            let _ = &open;
            Ok::<_, Infallible>(event)
        })
        .take_until(state.stop.clone().cancelled_owned());
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Asks proxies not to gather events before they pass them on.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Who says nothing accepts everything.
fn accepts_events(headers: &HeaderMap) -> bool {
    let Some(accepted) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else { return true };
    negotiation::weighted(accepted)
        .any(|(kind, weight)| weight > 0 && ["text/event-stream", "text/*", "*/*"].contains(&kind))
}
