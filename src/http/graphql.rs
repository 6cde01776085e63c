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
    match request_in_body(body) {
        Ok(request) => execute(&state, peer, &headers, request).await,
        Err(response) => *response,
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
    let mut request = match request_in_url(query.as_deref()) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    // A link or a picture on another page can make a browser send a GET: it must not change anything.
    if has(&mut request, |kind| kind != OperationType::Query) {
        return not_by_get("GET is for queries alone. Send mutations by POST, subscriptions over /graphql/ws.");
    }
    execute(&state, peer, &headers, request).await
}

/// The operation in a body of JSON.
pub fn request_in_body(body: Result<Bytes, BytesRejection>) -> Result<Request, Box<Response>> {
    let (status, message) = match body {
        Ok(body) => match serde_json::from_slice(&body) {
            Ok(request) => return Ok(request),
            Err(error) => {
                let message = format!("The body is not a GraphQL request in JSON: {error}. Send {{\"query\": \"…\"}}.");
                (StatusCode::BAD_REQUEST, message)
            }
        },
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("The request is too large. Send at most {} KB at once.", BODY_LIMIT / 1024);
            (StatusCode::PAYLOAD_TOO_LARGE, message)
        }
        Err(rejection) => (rejection.status(), format!("The request could not be read: {}.", rejection.body_text())),
    };
    Err(Box::new(graphql_error(status, "BAD_USER_INPUT", &message)))
}

/// The operation in the parameters of a URL.
pub fn request_in_url(query: Option<&str>) -> Result<Request, Box<Response>> {
    async_graphql::http::parse_query_string(query.unwrap_or_default()).map_err(|error| {
        let message = format!("The URL is not a GraphQL request: {error}. `variables` must be a JSON object.");
        Box::new(graphql_error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", &message))
    })
}

/// Whether any operation in the document is of such a kind, whichever of them is named.
pub fn has(request: &mut Request, is: impl Fn(OperationType) -> bool) -> bool {
    let document = request.parsed_query();
    document.is_ok_and(|document| document.operations.iter().any(|(_, operation)| is(operation.node.ty)))
}

/// The answer to what must be sent by POST.
pub fn not_by_get(message: &str) -> Response {
    let mut response = graphql_error(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    response
}

/// The answer to a request without a query.
pub fn no_query() -> Response {
    let message = "There is no query. POST it as JSON, {\"query\": \"…\"}, or send it as the URL parameter `query`.";
    graphql_error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message)
}

async fn execute(state: &HttpState, peer: SocketAddr, headers: &HeaderMap, request: Request) -> Response {
    let caller = caller::identify(&state.services.identity, &state.trusted_proxies, headers, peer, true);
    let Ok(caller) = caller else { return websocket::unauthenticated() };
    if request.query.trim().is_empty() {
        return no_query();
    }
    let answer: GraphQLAnswer = state.schema.execute(request.data(caller)).await;
    GraphQLResponse::from(answer).into_response()
}
