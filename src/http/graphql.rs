//! GraphQL over HTTP: POST for everything, GET for queries, and the explorer for a browser's GET.

use std::net::SocketAddr;

use async_graphql::{Request, Response as GraphQLAnswer, parser::types::OperationType};
use async_graphql_axum::GraphQLResponse;
use axum::{
    body::Bytes,
    extract::ws::rejection::WebSocketUpgradeRejection,
    extract::{ConnectInfo, RawQuery, State, WebSocketUpgrade, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{BODY_LIMIT, HttpState, assets, caller, error::graphql_error, websocket};

/// `POST /graphql` with `{ "query", "variables", "operationName" }` as JSON.
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("The request is too large. Send at most {} KB at once.", BODY_LIMIT / 1024);
            return graphql_error(StatusCode::PAYLOAD_TOO_LARGE, "BAD_USER_INPUT", &message);
        }
        Err(rejection) => {
            let message = format!("The request could not be read: {}.", rejection.body_text());
            return graphql_error(rejection.status(), "BAD_USER_INPUT", &message);
        }
    };
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) => execute(&state, peer, &headers, request).await,
        Err(error) => {
            let message = format!("The body is not a GraphQL request in JSON: {error}. Send {{\"query\": \"…\"}}.");
            graphql_error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", &message)
        }
    }
}

/// `GET /graphql?query=…`, the explorer where HTML is asked for, or a WebSocket.
pub async fn get(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Ok(upgrade) = upgrade {
        return websocket::upgrade(State(state), ConnectInfo(peer), headers, upgrade).await;
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") {
        return assets::explorer(&headers);
    }
    let mut request = match async_graphql::http::parse_query_string(query.as_deref().unwrap_or_default()) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("The URL is not a GraphQL request: {error}. `variables` must be a JSON object.");
            return graphql_error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", &message);
        }
    };
    // A link or a picture on another page can make a browser send a GET: it must not change anything.
    if let Ok(document) = request.parsed_query()
        && document.operations.iter().any(|(_, operation)| operation.node.ty != OperationType::Query)
    {
        let message = "GET is for queries alone. Send mutations by POST, subscriptions over /graphql/ws.";
        let mut response = graphql_error(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message);
        response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
        return response;
    }
    execute(&state, peer, &headers, request).await
}

async fn execute(state: &HttpState, peer: SocketAddr, headers: &HeaderMap, request: Request) -> Response {
    let caller = caller::identify(&state.services.identity, &state.trusted_proxies, headers, peer, true);
    let Ok(caller) = caller else { return websocket::unauthenticated() };
    if request.query.trim().is_empty() {
        let message =
            "There is no query. POST it as JSON, {\"query\": \"…\"}, or send it as the URL parameter `query`.";
        return graphql_error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message);
    }
    let answer: GraphQLAnswer = state.schema.execute(request.data(caller)).await;
    GraphQLResponse::from(answer).into_response()
}
