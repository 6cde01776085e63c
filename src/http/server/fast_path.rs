//! The entry of every request: gives it an id, serves cached responses at once, and passes everything else to the
//! router.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{ConnectInfo, MatchedPath, Request},
    http::{HeaderValue, StatusCode, Version, header},
    response::Response,
};
use futures_util::{
    future::{BoxFuture, Either},
    stream,
};
use tower_service::Service;
use tracing::field::Empty;

use super::request_id;
use crate::{
    counters::http::Route,
    domain::network::ClientAddress,
    http::{
        access::cors::Cors,
        graphql,
        limits::{
            body::{BODY_LIMIT, LimitedBody},
            connections::{ConnectionPermit, LimitReached},
        },
        ops::PROBES,
        outlet::Outlet,
        respond::over_limit,
        state::HttpState,
    },
    traces,
};

/// HSTS for a year, for this host alone: the owner may have other hosts without HTTPS.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// How long a request's body is still read before a connection over a limit is refused.
const DISCARD_TIMEOUT: Duration = Duration::from_millis(250);

/// Serves every request; cheap to clone.
#[derive(Clone)]
pub struct FastPath {
    state: HttpState,
    router: Router,
}

/// What a response needs of its request.
struct Requested {
    started: Instant,
    version: Version,
    route: Route,
    id: HeaderValue,
    cors: Cors,
}

/// A response: available at once, or in a future.
pub type ResponseFuture = Either<Ready<Result<Response, Infallible>>, BoxFuture<'static, Result<Response, Infallible>>>;

impl FastPath {
    pub fn new(state: HttpState, router: Router) -> Self {
        Self { state, router }
    }

    /// Returns a permit for a connection of this peer, or the limit that refuses it.
    pub fn admit(&self, peer: SocketAddr) -> Result<ConnectionPermit, LimitReached> {
        let state = &self.state;
        // A proxy carries many clients, so it has no limit of its own.
        let is_proxy = state.proxies.is_proxy(peer.ip());
        let network = (!is_proxy).then(|| state.services.networks.key(&ClientAddress::new(peer.ip()).narrowest()));
        let permit = state.connections.acquire(network);
        if let Err(limit) = &permit {
            state.counters.refused_connection("connection", limit.name());
        }
        permit
    }

    /// Returns how many connections are open.
    pub fn open_connections(&self) -> usize {
        self.state.connections.open()
    }

    /// Responds to a request. A response over HTTP/1.1 may write to the outlet of its connection.
    pub fn respond(&self, peer: SocketAddr, outlet: &Arc<Outlet>, request: Request<LimitedBody>) -> ResponseFuture {
        let started = Instant::now();
        let (mut parts, body) = request.into_parts();
        let requested = Requested {
            started,
            version: parts.version,
            route: Route::of(parts.uri.path()),
            id: request_id::of(&parts.headers),
            cors: Cors::of(&self.state.origins, &parts),
        };
        if let Some(response) = graphql::cached_by_url(&self.state, &parts) {
            return Either::Left(ready(Ok(self.complete(requested, response))));
        }
        let (fast_path, outlet) = (self.clone(), Arc::clone(outlet));
        Either::Right(Box::pin(async move {
            let body = if graphql::may_be_cached_by_body(&parts, body.size_hint().exact()) {
                match body.read().await {
                    Ok(body) => match graphql::cached_by_body(&fast_path.state, &mut parts, &body) {
                        Some(response) => return Ok(fast_path.complete(requested, response)),
                        None => Body::from(body),
                    },
                    // The handler responds to the error, as if it had read the body.
                    Err(error) => Body::from_stream(stream::once(ready(Err::<Bytes, _>(error)))),
                }
            } else {
                body.into()
            };
            let mut request = with_host(Request::from_parts(parts, body));
            // A cached response does not need it: the first extension of a request costs three allocations.
            if requested.version == Version::HTTP_11 {
                request.extensions_mut().insert(outlet);
            }
            let is_from_proxy = fast_path.state.proxies.is_proxy(peer.ip());
            // Boxed, so that the future of a cached response stays small.
            let routed = Box::pin(route(fast_path.router.clone(), peer, request, &requested.id, is_from_proxy));
            let response = routed.await;
            Ok(fast_path.complete(requested, response))
        }))
    }

    /// Counts the response and adds what every response has.
    fn complete(&self, requested: Requested, response: Response) -> Response {
        let Requested { started, version, route, id, cors } = requested;
        let response = cors.complete(response);
        self.state.counters.http.answered(route, response.status().as_u16(), started.elapsed());
        with_common_headers(response, &self.state, version, id)
    }

    /// Responds to a request on a connection over this limit: probes are served as usual, everything else is refused.
    pub fn respond_over_limit(
        &self,
        peer: SocketAddr,
        request: Request<LimitedBody>,
        limit: LimitReached,
    ) -> ResponseFuture {
        let Self { state, router } = self.clone();
        let request = request.map(Body::from);
        Either::Right(Box::pin(async move {
            let (id, version) = (request_id::of(request.headers()), request.version());
            let (started, group) = (Instant::now(), Route::of(request.uri().path()));
            let mut response = if PROBES.contains(&request.uri().path()) {
                route(router, peer, request, &id, false).await
            } else {
                // The body is read first: a connection that is closed with unread bytes is reset, and its client might
                // never see the response.
                let reading = to_bytes(request.into_body(), BODY_LIMIT);
                let _ = tokio::time::timeout(DISCARD_TIMEOUT, reading).await;
                over_limit::connection(limit, &state.connections)
            };
            if version <= Version::HTTP_11 {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            state.counters.http.answered(group, response.status().as_u16(), started.elapsed());
            Ok(with_common_headers(response, &state, version, id))
        }))
    }
}

/// Copies the host of an HTTP/2 request from its URL to the header `Host`, where the handlers look for it.
fn with_host(mut request: Request) -> Request {
    let authority = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(authority) = authority
        && !request.headers().contains_key(header::HOST)
    {
        request.headers_mut().insert(header::HOST, authority);
    }
    request
}

/// Adds the headers that every response has.
fn with_common_headers(mut response: Response, state: &HttpState, version: Version, id: HeaderValue) -> Response {
    // The next request should go to a node that is not draining. HTTP/2 has the GOAWAY frame for that.
    let closes = version <= Version::HTTP_11 && state.drain.is_begun();
    if closes && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, id);
    // Where the public URL is HTTPS, browsers are told to use nothing else.
    if state.is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

/// Router middleware that adds the route, such as `/results/{id}`, to the log. The path itself is not logged: it would
/// tell whose result was read.
pub async fn log_route(request: Request) -> Request {
    if let Some(route) = request.extensions().get::<MatchedPath>() {
        tracing::Span::current().record("route", route.as_str());
    }
    request
}

/// Routes a request. The log shows the request's id beside everything that it causes. A trusted proxy may have begun a
/// trace; anybody else could choose which of their requests are exported.
async fn route(
    mut router: Router,
    peer: SocketAddr,
    mut request: Request,
    id: &HeaderValue,
    is_from_proxy: bool,
) -> Response {
    let id = id.to_str().unwrap_or_default();
    // An error span is there whatever the level of the log is.
    let span = tracing::error_span!("request", id, method = %request.method(), route = Empty, status = Empty);
    let traceparent = request.headers().get("traceparent").filter(|_| is_from_proxy);
    if let Some(traceparent) = traceparent.and_then(|traceparent| traceparent.to_str().ok()) {
        traces::continue_trace(&span, traceparent);
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    let respond = async {
        let started = tokio::time::Instant::now();
        let response = match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (elapsed_us, status) = (started.elapsed().as_micros(), response.status().as_u16());
        traces::record_outcome(&tracing::Span::current(), "status", status);
        tracing::debug!(elapsed_us, status, "answered");
        response
    };
    traces::for_request(id, span, respond).await
}
