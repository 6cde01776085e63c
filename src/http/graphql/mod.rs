//! GraphQL over HTTP: POST for everything, GET for what changes nothing, and the explorer for a browser's GET. One result
//! as JSON, or a stream of them as events or parts, whichever the client accepts.
//!
//! After the draft of 2025 of GraphQL over HTTP, `graphql-sse`'s distinct connections and Apollo's multipart subscriptions.

use std::{net::SocketAddr, sync::Arc};

use async_graphql::parser::types::OperationType;
use axum::{
    body::Bytes,
    extract::ws::rejection::WebSocketUpgradeRejection,
    extract::{ConnectInfo, RawQuery, State, WebSocketUpgrade, rejection::BytesRejection},
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
    graphql::caller::{Caller, NewCookie},
};

mod cached;
mod media;
pub mod request;
mod result;
mod stream;
pub mod websocket;

use media::Accepted;

pub use cached::{cached_by_body, cached_by_url};

/// Where it is spoken.
pub const PATH: &str = "/graphql";

/// `POST /graphql`
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match request::in_body(&headers, body) {
        Ok(params) => Exchange { state, peer, headers, is_get: false }.answer(params).await,
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
    if Accepted::of(&headers).html {
        return assets::explorer(&headers);
    }
    match request::in_url(query.as_deref()) {
        Ok(params) => Exchange { state, peer, headers, is_get: true }.answer(params).await,
        Err(response) => *response,
    }
}

/// `POST /graphql/stream`: the same, always as events.
pub async fn post_stream(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match request::in_body(&headers, body) {
        Ok(params) => Exchange { state, peer, headers, is_get: false }.answer_in_events(params).await,
        Err(response) => *response,
    }
}

/// `GET /graphql/stream?query=…`, as a browser's `EventSource` asks.
pub async fn get_stream(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match request::in_url(query.as_deref()) {
        Ok(params) => Exchange { state, peer, headers, is_get: true }.answer_in_events(params).await,
        Err(response) => *response,
    }
}

/// Every other method.
pub async fn method_not_allowed() -> Response {
    refuse_method("Use POST, or GET for what changes nothing.", "GET, HEAD, POST")
}

/// One request and who sent it.
struct Exchange {
    state: HttpState,
    peer: SocketAddr,
    headers: HeaderMap,
    is_get: bool,
}

impl Exchange {
    async fn answer(self, params: GraphQLParams) -> Response {
        let accepted = Accepted::of(&self.headers);
        let new_cookie = NewCookie::default();
        // A client that sends a token expects it to be checked, also where the answer does not depend on it.
        let caller = match self.caller(Some(new_cookie.clone())) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let found = match self.state.engine.prepare(params, &caller.network).await {
            Ok(found) => found,
            Err(refusal) => return self.refused(accepted, refusal),
        };
        let operation = match (found, accepted.result) {
            (Prepared::Answered(answer), Some(media)) => {
                return result::public(&self.headers, media, &answer, self.is_get);
            }
            (Prepared::Answered(_), None) if accepted.stream.is_none() => return media::nothing_accepted(),
            (found @ Prepared::Answered(_), None) => return self.streamed(accepted, found),
            (Prepared::Operation(operation), _) => operation,
        };
        // A link or a picture on another page can make a browser send a GET: it must not change anything.
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
        match self.state.engine.execute(operation, caller).await {
            ExecutionOutcome::Public(answer) => result::public(&self.headers, media, &answer, self.is_get),
            ExecutionOutcome::Private(json) => {
                let mut response = result::private(&self.headers, media, json, self.is_get);
                let cookie = new_cookie.participant().and_then(|participant| {
                    cookie::set_cookie(&self.state.services.identity, participant, self.state.is_https)
                });
                response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
                response
            }
            ExecutionOutcome::Refused(refusal) => self.refused(accepted, refusal),
            ExecutionOutcome::Forbidden(refusal) => result::forbidden(media, &refusal),
        }
    }

    async fn answer_in_events(self, params: GraphQLParams) -> Response {
        let Some(accepted) = Accepted::events_of(&self.headers) else {
            return media::not_acceptable("The answer is a stream of events: accept text/event-stream.");
        };
        let caller = match self.caller(None) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let found = match self.state.engine.prepare(params, &caller.network).await {
            Ok(found) => found,
            Err(refusal) => return self.refused(accepted, refusal),
        };
        if let Prepared::Operation(operation) = &found
            && operation.kind == OperationType::Mutation
            && self.is_get
        {
            return refuse_method("GET is for queries and subscriptions. Send mutations by POST.", "POST");
        }
        self.streamed(accepted, found)
    }

    /// The results as they come.
    fn streamed(&self, accepted: Accepted, found: Prepared) -> Response {
        self.in_stream(accepted, |engine, caller| engine.stream(found, caller))
    }

    /// A response that goes on, if there may be one more from this caller's network.
    fn in_stream(&self, accepted: Accepted, begin: impl FnOnce(&Arc<Engine>, Caller) -> ResultStream) -> Response {
        let Some(framing) = accepted.stream else { return media::no_stream_accepted() };
        // A cookie would have to be set before the first result is known.
        let caller = match self.caller(None) {
            Ok(caller) => caller,
            Err(refused) => return refused.response(),
        };
        let permit = match self.state.acquire_stream(framing.transport(), caller.network.clone()) {
            Ok(permit) => permit,
            Err(response) => return *response,
        };
        let events = begin(&self.state.engine, caller);
        stream::respond(&self.state, &self.headers, framing, permit, events)
    }

    fn refused(&self, accepted: Accepted, refusal: RequestError) -> Response {
        match (accepted.result, accepted.stream) {
            (None, None) => media::nothing_accepted(),
            (None, Some(_)) => {
                self.in_stream(accepted, |_, _| ResultStream::once(ready(OperationResult::Refused(refusal))))
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
