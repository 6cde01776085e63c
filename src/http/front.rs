//! The front of the server, where every request comes in: names it, answers at once what is known already, and hands
//! everything else to the router.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{ConnectInfo, MatchedPath, Request},
    http::{HeaderValue, StatusCode, Version, header},
    response::Response,
    serve::{IncomingStream, Listener},
};
use futures_util::future::{BoxFuture, Either};
use tower_service::Service;
use tracing::Instrument;

use super::{HttpState, cors::Cors, graphql, request_id};

/// A year, for this host alone: its owner may have others.
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Serves each connection that comes in.
#[derive(Clone)]
pub struct Front {
    state: HttpState,
    router: Router,
}

/// Serves the requests of one connection.
#[derive(Clone)]
pub struct Connection {
    front: Front,
    peer: SocketAddr,
}

impl Front {
    /// Before this router.
    pub fn new(state: HttpState, router: Router) -> Self {
        Self { state, router }
    }

    /// Everything that is not known at first sight.
    async fn respond(self, peer: SocketAddr, request: Request, id: HeaderValue, cors: Cors) -> Response {
        let version = request.version();
        let request = with_host(request);
        let response = match graphql::known_by_body(&self.state, request).await {
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

impl<L: Listener<Addr = SocketAddr>> Service<IncomingStream<'_, L>> for Front {
    type Response = Connection;
    type Error = Infallible;
    type Future = Ready<Result<Connection, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, stream: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(Connection { front: self.clone(), peer: *stream.remote_addr() }))
    }
}

impl Service<Request> for Connection {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, BoxFuture<'static, Result<Response, Infallible>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request_id::of(request.headers());
        let cors = Cors::of(&self.front.state.origins, &request);
        if let Some(response) = graphql::known_by_url(&self.front.state, &request) {
            let response = cors.complete(response);
            return Either::Left(ready(Ok(completed(response, &self.front.state, request.version(), id))));
        }
        let Self { front, peer } = self.clone();
        Either::Right(Box::pin(async move { Ok(front.respond(peer, request, id, cors).await) }))
    }
}
