//! The front of the server, where every request comes in: names it, answers at once what is known already, and hands
//! everything else to the router.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{ConnectInfo, MatchedPath, Request},
    http::{HeaderValue, StatusCode, Version, header},
    response::Response,
};
use futures_util::future::{BoxFuture, Either};
use tower_service::Service;
use tracing::Instrument;

use super::request_id;
use crate::http::{
    access::cors::Cors,
    graphql,
    limits::{
        body::BODY_LIMIT,
        connections::{ConnectionPermit, LimitReached},
    },
    ops::PROBES,
    respond::over_limit,
    state::HttpState,
};

/// A year, for this host alone: its owner may have others.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// How long what is sent to a connection over a limit is still read, before it is refused.
const LAST_BYTES: Duration = Duration::from_millis(250);

/// Serves each request that comes in; cheap to clone.
#[derive(Clone)]
pub struct FastPath {
    state: HttpState,
    router: Router,
}

/// An answer: there already, or on its way.
pub type Answering = Either<Ready<Result<Response, Infallible>>, BoxFuture<'static, Result<Response, Infallible>>>;

impl FastPath {
    /// Before this router.
    pub fn new(state: HttpState, router: Router) -> Self {
        Self { state, router }
    }

    /// A permit for the connection of this peer, or the limit that leaves no room for it.
    pub fn admit(&self, peer: SocketAddr) -> Result<ConnectionPermit, LimitReached> {
        let state = &self.state;
        // A proxy carries everybody.
        let network = (!state.proxies.is_proxy(peer.ip())).then(|| state.services.identity.network_key(peer.ip()));
        let admission = state.connections.acquire(network);
        if let Err(limit) = &admission {
            state.counters.refused_connection("connection", limit.name());
        }
        admission
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.state.connections.open()
    }

    /// Answers a request.
    pub fn answer(&self, peer: SocketAddr, request: Request) -> Answering {
        let id = request_id::of(request.headers());
        let cors = Cors::of(&self.state.origins, &request);
        if let Some(response) = graphql::cached_by_url(&self.state, &request) {
            let response = cors.complete(response);
            return Either::Left(ready(Ok(completed(response, &self.state, request.version(), id))));
        }
        let front = self.clone();
        Either::Right(Box::pin(async move { Ok(front.respond(peer, request, id, cors).await) }))
    }

    /// Answers a request on a connection over this limit: probes as usual, and nothing else.
    pub fn answer_over_limit(&self, peer: SocketAddr, request: Request, limit: LimitReached) -> Answering {
        let Self { state, router } = self.clone();
        Either::Right(Box::pin(async move {
            let (id, version) = (request_id::of(request.headers()), request.version());
            let mut response = if PROBES.contains(&request.uri().path()) {
                route(router, peer, request, &id).await
            } else {
                // A connection that is closed with unread bytes is reset, and the answer may never be seen.
                let reading = to_bytes(request.into_body(), BODY_LIMIT);
                let _ = tokio::time::timeout(LAST_BYTES, reading).await;
                over_limit::connection(limit, &state.connections)
            };
            if version <= Version::HTTP_11 {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(completed(response, &state, version, id))
        }))
    }

    /// Everything that is not known at first sight.
    async fn respond(self, peer: SocketAddr, request: Request, id: HeaderValue, cors: Cors) -> Response {
        let version = request.version();
        let request = with_host(request);
        let response = match graphql::cached_by_body(&self.state, request).await {
            Ok(response) => response,
            Err(request) => route(self.router, peer, request, &id).await,
        };
        completed(cors.complete(response), &self.state, version, id)
    }
}

/// HTTP/2 names the host in the address: whoever looks for it finds it in the header all the same.
fn with_host(mut request: Request) -> Request {
    let authority = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(authority) = authority
        && !request.headers().contains_key(header::HOST)
    {
        request.headers_mut().insert(header::HOST, authority);
    }
    request
}

/// With the headers that every response has.
fn completed(mut response: Response, state: &HttpState, version: Version, id: HeaderValue) -> Response {
    // The next request had better go to a node that stays. HTTP/2 has a frame of its own for that.
    let closes = version <= Version::HTTP_11 && state.drain.is_begun();
    if closes && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, id);
    // Where people reach this server over https, their browsers are told to stay with it.
    if state.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    response
}

/// For the router: puts the route into the log, such as `/results/{id}`. The path itself would give away whoever's result it
/// names.
pub async fn log_route(request: Request) -> Request {
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        tracing::Span::current().record("route", route.as_str());
    }
    request
}

/// What the request causes stands in the log beside its id.
async fn route(mut router: Router, peer: SocketAddr, mut request: Request, id: &HeaderValue) -> Response {
    let id = id.to_str().unwrap_or_default();
    let span = tracing::info_span!("request", id, method = %request.method(), route = tracing::field::Empty);
    request.extensions_mut().insert(ConnectInfo(peer));
    async {
        let started = tokio::time::Instant::now();
        let response = match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let elapsed_us = started.elapsed().as_micros();
        tracing::debug!(status = response.status().as_u16(), elapsed_us, "answered");
        response
    }
    .instrument(span)
    .await
}
