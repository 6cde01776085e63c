//! One connection, from its first byte until it ends or is upgraded.

use std::{
    convert::Infallible,
    future::poll_fn,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::response::Response;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use hyper::{Request, body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::{
    Timeouts,
    fast_path::{FastPath, ResponseFuture},
    io::{OpenConnection, WatchedStream},
    watch::{IDLE_CHECKS, IdleWatch},
};
use crate::http::{
    activity::Activity,
    limits::{
        body::LimitedBody,
        connections::{ConnectionPermit, LimitReached},
    },
    outlet::Outlet,
};

/// The largest head of a request (request line and headers), in bytes. A larger one gets a 431.
const MAX_HEAD: u32 = 16 * 1024;
/// The most requests that one HTTP/2 connection may have open at once.
const MAX_CONCURRENT_STREAMS: u32 = 100;

/// What ends a connection that has not ended by itself.
enum Signal {
    /// The server stops.
    Closing,
    /// The connection has been idle for too long.
    Idle,
}

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
        let open = Arc::clone(stream.connection());
        let service = Requests {
            outlet: Arc::clone(&open.outlet),
            fast_path: self.fast_path.clone(),
            peer,
            over,
            activity: Arc::clone(&activity),
            body_limit: self.timeouts.body,
        };
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let idle = idle(Arc::clone(&activity), self.timeouts.first_request, self.timeouts.idle);
        // A signal is polled only if it has woken the task. Nearly always the connection has woken it.
        let mut signals = FuturesUnordered::from_iter([
            closing.cancelled_owned().map(|()| Signal::Closing).boxed(),
            idle.map(|()| Signal::Idle).boxed(),
        ]);
        loop {
            let poll = |context: &mut Context<'_>| match connection.as_mut().poll(context) {
                Poll::Ready(ended) => Poll::Ready(ended.map(|()| None)),
                Poll::Pending => {
                    open.outlet.successor().map_or(Poll::Pending, |successor| Poll::Ready(Ok(Some(successor))))
                }
            };
            tokio::select! {
                biased;
                ended = poll_fn(poll) => {
                    match ended {
                        // Another task, so that nothing of hyper stays in memory.
                        Ok(Some(successor)) => {
                            drop(tokio::spawn(serve_successor(successor, open, activity, self.timeouts.idle)));
                        }
                        Ok(None) => {}
                        Err(error) => tracing::trace!(%error, "a connection broke"),
                    }
                    return;
                }
                Some(signal) = signals.next() => match signal {
                    Signal::Closing => connection.as_mut().graceful_shutdown(),
                    Signal::Idle => return,
                },
            }
        }
    }
}

/// Runs what has taken a connection over, until it is done, the client goes, or the connection is idle for too long.
async fn serve_successor(
    successor: BoxFuture<'static, ()>,
    connection: Arc<OpenConnection>,
    activity: Arc<Activity>,
    idle_timeout: Duration,
) {
    tokio::select! {
        biased;
        () = successor => {}
        () = connection.outlet.reading_ended() => {}
        () = idle(activity, idle_timeout / IDLE_CHECKS, idle_timeout) => {}
    }
}

/// Completes when a connection has been idle for too long.
async fn idle(activity: Arc<Activity>, first_check: Duration, timeout: Duration) {
    let mut watch = IdleWatch::new(activity);
    let mut until_check = first_check;
    loop {
        tokio::time::sleep(until_check).await;
        if !watch.is_active() {
            return;
        }
        until_check = timeout / IDLE_CHECKS;
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
        let request = request.map(|body| LimitedBody::new(body, self.body_limit));
        match self.over {
            None => self.fast_path.respond(self.peer, &self.outlet, request),
            Some(limit) => self.fast_path.respond_over_limit(self.peer, request, limit),
        }
    }
}
