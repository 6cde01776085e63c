//! One connection, from its first byte until it ends or is upgraded.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::response::Response;
use futures_util::FutureExt;
use hyper::{Request, Version, body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{net::TcpStream, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Timeouts,
    fast_path::{FastPath, ResponseFuture},
    io::WatchedStream,
    watch::{IDLE_CHECKS, IdleWatch},
};
use crate::http::{
    activity::Activity,
    limits::{
        body,
        connections::{ConnectionPermit, LimitReached},
    },
    outlet::Outlet,
};

/// The largest head of a request (request line and headers), in bytes. A larger one gets a 431.
const MAX_HEAD: u32 = 16 * 1024;
/// The most requests that one HTTP/2 connection may have open at once.
const MAX_CONCURRENT_STREAMS: u32 = 100;

/// The HTTP settings that all connections share.
pub struct Protocol {
    builder: auto::Builder<TokioExecutor>,
    fast_path: FastPath,
    timeouts: Timeouts,
}

impl Protocol {
    /// Accepts HTTP/1 and HTTP/2: the client's first bytes decide.
    pub fn new(fast_path: FastPath, timeouts: Timeouts) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // The size of the read buffer limits the head; a body passes through the buffer.
        builder.http1().max_buf_size(MAX_HEAD as usize);
        builder
            .http2()
            .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
            .max_header_list_size(MAX_HEAD)
            // For WebSockets over HTTP/2.
            .enable_connect_protocol();
        Self { builder, fast_path, timeouts }
    }

    /// Serves a connection until it ends, is upgraded, or is idle for too long. Once `closing` is cancelled, it ends
    /// after the requests that it has begun. A connection over a limit is served by the probes alone.
    pub async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        permit: Result<ConnectionPermit, LimitReached>,
        activity: Arc<Activity>,
        closing: CancellationToken,
    ) {
        let over = permit.as_ref().err().copied();
        let stream = WatchedStream::new(stream, Arc::clone(&activity), permit.ok());
        let service = Requests {
            outlet: Arc::clone(stream.outlet()),
            fast_path: self.fast_path.clone(),
            peer,
            over,
            activity: Arc::clone(&activity),
            body_limit: self.timeouts.body,
        };
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let mut watch = IdleWatch::new(activity);
        let mut check = pin!(tokio::time::sleep(self.timeouts.first_request));
        let mut closing = pin!(closing.cancelled_owned().fuse());
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::trace!(%error, "a connection broke");
                    }
                    return;
                }
                () = &mut closing => connection.as_mut().graceful_shutdown(),
                () = &mut check => {
                    if !watch.is_active() {
                        return;
                    }
                    check.as_mut().reset(Instant::now() + self.timeouts.idle / IDLE_CHECKS);
                }
            }
        }
    }
}

/// Serves the requests of one connection.
struct Requests {
    outlet: Arc<Outlet>,
    fast_path: FastPath,
    peer: SocketAddr,
    over: Option<LimitReached>,
    activity: Arc<Activity>,
    body_limit: Duration,
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn call(&self, request: Request<Incoming>) -> ResponseFuture {
        self.activity.request();
        let mut request = request.map(|body| body::limited(body, self.body_limit));
        if request.version() == Version::HTTP_11 {
            request.extensions_mut().insert(Arc::clone(&self.outlet));
        }
        match self.over {
            None => self.fast_path.respond(self.peer, request),
            Some(limit) => self.fast_path.respond_over_limit(self.peer, request, limit),
        }
    }
}
