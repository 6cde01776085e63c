//! The organisers' desk over HTTP: its GraphQL endpoint, its explorer, its page and its files.

use std::net::SocketAddr;

use async_graphql::Request;
use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{graphql::request, pages::assets, respond::error, state::HttpState};
use crate::{
    engine::{GraphQLParams, RequestError},
    fault::{ErrorCode, Fault},
    graphql::admin::caller::{DeskCaller, SessionCookie},
};

mod caller;
mod cookie;
pub mod downloads;
pub mod websocket;

use caller::DeskRequest;

/// The bytes of a document that somebody may send who has not signed in. The page signs in with a few hundred.
const MAX_DOCUMENT_OF_NOBODY: usize = 4 * 1024;

/// Serves `POST /admin/graphql`.
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request = match DeskRequest::read(&state, &headers, peer) {
        Ok(request) => request,
        Err(fault) => return fault.into_response(),
    };
    let params = match request::in_body(&headers, body) {
        Ok(params) => params,
        Err(response) => return *response,
    };
    let visitor = match request.visitor(&state).await {
        Ok(visitor) => visitor,
        Err(fault) => return fault.into_response(),
    };
    let new_cookie = SessionCookie::default();
    let caller = request.caller(visitor, Some(new_cookie.clone()));
    state.counters.operations.desk_operations.inc();
    let mut response = match limited(params, caller) {
        Ok(request) => Json(state.admin.execute(request).await).into_response(),
        Err(refusal) => ([(header::CONTENT_TYPE, "application/json")], refusal.response()).into_response(),
    };
    let cookie = new_cookie.take().and_then(|change| cookie::header(&change, state.is_https));
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

/// Serves `GET /admin/graphql`: the explorer for those who have signed in.
pub async fn explorer(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let visitor = match DeskRequest::read(&state, &headers, peer) {
        Ok(request) => request.visitor(&state).await,
        Err(fault) => Err(fault),
    };
    match visitor {
        Ok(Some(_)) => assets::explorer(&headers),
        Ok(None) => Redirect::to("/admin").into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// Refuses every other method.
pub async fn method_not_allowed() -> Response {
    let fault = Fault::new(ErrorCode::BadUserInput, "Use POST.");
    let mut response = error::with_status(StatusCode::METHOD_NOT_ALLOWED, &fault);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

/// Keeps every response of the desk out of caches and search engines.
pub async fn keep_private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::ETAG);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// Converts the parameters of a request into a request within the limits. Nobody may read the schema before signing in.
fn limited(params: GraphQLParams, caller: DeskCaller) -> Result<Request, RequestError> {
    let is_signed_in = caller.signed_in.is_some();
    if !is_signed_in && params.query.as_ref().is_some_and(|query| query.len() > MAX_DOCUMENT_OF_NOBODY) {
        let message = format!("Sign in first: without that, a query has at most {MAX_DOCUMENT_OF_NOBODY} bytes.");
        return Err(RequestError::of_fault(&Fault::new(ErrorCode::Unauthenticated, message)));
    }
    let request = params.into_limited_request()?.data(caller);
    Ok(if is_signed_in { request } else { request.disable_introspection() })
}
