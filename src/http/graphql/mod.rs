//! GraphQL over HTTP: POST for everything, GET for operations that change nothing, and the explorer for a browser's
//! GET. The client's `Accept` decides between one result as JSON and a stream of results as events or parts.
//!
//! Follows the draft of 2025 of GraphQL over HTTP, the distinct connections of `graphql-sse`, and Apollo's multipart
//! subscriptions.

use std::{net::SocketAddr, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    extract::ws::rejection::WebSocketUpgradeRejection,
    extract::{ConnectInfo, RawQuery, State, WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use futures_util::future::ready;

use super::{
    access::cookie,
    caller::{self, TokenRefused},
    pages::assets,
    respond::error,
    state::HttpState,
};
use crate::{
    engine::{Engine, ExecutionOutcome, GraphQLParams, OperationResult, Prepared, RequestError, ResultStream},
    fault::{ErrorCode, Fault},
    graphql::caller::{Caller, CookieChange, NewCookie},
};

mod cached;
mod chunks;
mod frames;
mod media;
pub mod request;
mod result;
mod stream;
pub mod websocket;

use frames::ConnectionOutlet;
use media::Accepted;
use request::BodyParams;

pub use cached::{cached_by_body, cached_by_url, may_be_cached_by_body};

/// The path of the GraphQL endpoint.
pub const PATH: &str = "/graphql";

/// Serves `POST /graphql`.
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    BodyParams(params): BodyParams,
) -> Response {
    match params {
        Ok(params) => Exchange { state, peer, outlet, headers, is_get: false }.respond(params).await,
        Err(response) => *response,
    }
}

/// Serves `GET /graphql?query=…`, the explorer where HTML is accepted, or a WebSocket upgrade.
pub async fn get(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Ok(upgrade) = upgrade {
        return websocket::upgrade(State(state), ConnectInfo(peer), outlet, headers, upgrade).await;
    }
    if Accepted::of(&headers).html {
        return assets::explorer(&headers);
    }
    match request::in_url(query.as_deref()) {
        Ok(params) => Exchange { state, peer, outlet, headers, is_get: true }.respond(params).await,
        Err(response) => *response,
    }
}

/// Serves `POST /graphql/stream`: like `POST /graphql`, but always an event stream.
pub async fn post_stream(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    BodyParams(params): BodyParams,
) -> Response {
    match params {
        Ok(params) => Exchange { state, peer, outlet, headers, is_get: false }.respond_with_events(params).await,
        Err(response) => *response,
    }
}

/// Serves `GET /graphql/stream?query=…`, as a browser's `EventSource` sends it.
pub async fn get_stream(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match request::in_url(query.as_deref()) {
        Ok(params) => Exchange { state, peer, outlet, headers, is_get: true }.respond_with_events(params).await,
        Err(response) => *response,
    }
}

/// Refuses every other method.
pub async fn method_not_allowed() -> Response {
    refuse_method("Use POST, or GET for what changes nothing.", "GET, HEAD, POST")
}

/// A request's headers and its caller's address, with the server's state.
struct Exchange {
    state: HttpState,
    peer: SocketAddr,
    outlet: ConnectionOutlet,
    headers: HeaderMap,
    is_get: bool,
}

impl Exchange {
    async fn respond(self, params: GraphQLParams) -> Response {
        let accepted = Accepted::of(&self.headers);
        let new_cookie = NewCookie::default();
        // The token is checked even where the response does not depend on it: a client that sends one expects that.
        let caller = match self.caller(Some(new_cookie.clone())) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let prepared = match self.state.engine.prepare(params, caller.address).await {
            Ok(prepared) => prepared,
            Err(refusal) => return self.refused(accepted, refusal),
        };
        let operation = match (prepared, accepted.result) {
            (Prepared::Answered(answer), Some(media)) => {
                return result::public(&self.headers, media, &answer, self.is_get);
            }
            (Prepared::Answered(_), None) if accepted.stream.is_none() => return media::nothing_accepted(),
            (prepared @ Prepared::Answered(_), None) => return self.streamed(accepted, prepared),
            (Prepared::Operation(operation), _) => operation,
        };
        // A link or a picture on another page can make a browser send a GET, so a GET must not change anything.
        if operation.kind == OperationType::Mutation && self.is_get {
            return refuse_method("GET is for queries and subscriptions. Send mutations by POST.", "POST");
        }
        let media = match accepted.result {
            Some(media) if operation.kind != OperationType::Subscription => media,
            None if accepted.stream.is_none() && operation.kind != OperationType::Subscription => {
                return media::nothing_accepted();
            }
            _ => return self.streamed(accepted, Prepared::Operation(operation)),
        };
        let allowances = caller.allowances.clone();
        match self.state.engine.execute(operation, caller).await {
            ExecutionOutcome::Public(answer) => result::public(&self.headers, media, &answer, self.is_get),
            ExecutionOutcome::Private(json) => {
                let has_data = !json.starts_with(b"{\"data\":null");
                let mut response = result::private(&self.headers, media, json, self.is_get);
                let cookie = new_cookie.change().and_then(|change| match change {
                    CookieChange::Set(participant) => {
                        cookie::set_cookie(&self.state.services.identity, participant, self.state.is_https)
                    }
                    CookieChange::Remove => cookie::remove_cookie(self.state.is_https),
                });
                response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
                if let Some(reported) = allowances.take() {
                    result::report(&mut response, media, &reported, has_data);
                }
                response
            }
            ExecutionOutcome::Refused(refusal) => self.refused(accepted, refusal),
            ExecutionOutcome::Forbidden(refusal) => result::forbidden(media, &refusal),
        }
    }

    async fn respond_with_events(self, params: GraphQLParams) -> Response {
        let Some(accepted) = Accepted::events_of(&self.headers) else {
            return media::not_acceptable("The answer is a stream of events: accept text/event-stream.");
        };
        let caller = match self.caller(None) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let prepared = match self.state.engine.prepare(params, caller.address).await {
            Ok(prepared) => prepared,
            Err(refusal) => return self.refused(accepted, refusal),
        };
        if let Prepared::Operation(operation) = &prepared
            && operation.kind == OperationType::Mutation
            && self.is_get
        {
            return refuse_method("GET is for queries and subscriptions. Send mutations by POST.", "POST");
        }
        self.streamed(accepted, prepared)
    }

    /// Responds with the results as they arrive.
    fn streamed(self, accepted: Accepted, prepared: Prepared) -> Response {
        self.open_stream(accepted, |engine, caller| engine.stream(prepared, caller))
    }

    /// Opens a stream, if the limits allow this caller's network one more.
    fn open_stream(self, accepted: Accepted, subscribe: impl FnOnce(&Arc<Engine>, Caller) -> ResultStream) -> Response {
        let Some(framing) = accepted.stream else { return media::no_stream_accepted() };
        // A stream cannot set a cookie: the headers are sent before the first result exists.
        let caller = match self.caller(None) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let permit = match self.state.acquire_stream(framing.transport(), caller.address) {
            Ok(permit) => permit,
            Err(response) => return *response,
        };
        let results = subscribe(&self.state.engine, caller);
        stream::respond(&self.state, &self.headers, framing, permit, self.outlet, results)
    }

    fn refused(self, accepted: Accepted, refusal: RequestError) -> Response {
        match (accepted.result, accepted.stream) {
            (None, None) => media::nothing_accepted(),
            (None, Some(_)) => {
                self.open_stream(accepted, |_, _| ResultStream::once(ready(OperationResult::Refused(refusal))))
            }
            (Some(media), _) => result::refused(media, &refusal),
        }
    }

    fn caller(&self, new_cookie: Option<NewCookie>) -> Result<Caller, TokenRefused> {
        caller::identify(&self.state, &self.headers, self.peer, new_cookie)
    }
}

fn refuse_method(message: &str, allow: &'static str) -> Response {
    let mut response =
        error::with_status(StatusCode::METHOD_NOT_ALLOWED, &Fault::new(ErrorCode::BadUserInput, message));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}
