//! One connection, from its first byte until it ends or is upgraded.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::response::Response;
use futures_util::FutureExt;
use hyper::{Request, body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use tokio::{net::TcpStream, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Timeouts,
    fast_path::{Answering, FastPath},
    io::WatchedStream,
    watch::{Activity, QUIET_LOOKS, Watch},
};
use crate::http::limits::{
    body,
    connections::{ConnectionPermit, LimitReached},
};

/// The most that the head of a request may take, in bytes: line and headers. More is answered with 431.
const MAX_HEAD: u32 = 16 * 1024;
/// The most requests that one HTTP/2 connection may have open at once.
const MAX_CONCURRENT_STREAMS: u32 = 100;

/// What all connections have in common.
pub struct Protocol {
    builder: auto::Builder<TokioExecutor>,
    front: FastPath,
    timeouts: Timeouts,
}

impl Protocol {
    /// HTTP/1 and HTTP/2, whichever the client begins with.
    pub fn new(front: FastPath, timeouts: Timeouts) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // The read buffer bounds the head; a body passes through it.
        builder.http1().max_buf_size(MAX_HEAD as usize);
        builder
            .http2()
            .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
            .max_header_list_size(MAX_HEAD)
            // For WebSockets over HTTP/2.
            .enable_connect_protocol();
        Self { builder, front, timeouts }
    }

    /// Serves a connection until it ends, is upgraded, does nothing for too long, or, once `closing`, has answered what was
    /// asked. Over a limit it gets answers from the probes alone.
    pub async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        admission: Result<ConnectionPermit, LimitReached>,
        activity: Arc<Activity>,
        closing: CancellationToken,
    ) {
        let over = admission.as_ref().err().copied();
        let service = Requests {
            front: self.front.clone(),
            peer,
            over,
            activity: Arc::clone(&activity),
            body_limit: self.timeouts.body,
        };
        let stream = WatchedStream::new(stream, Arc::clone(&activity), admission.ok());
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let mut watch = Watch::new(activity);
        let mut look = pin!(tokio::time::sleep(self.timeouts.first_request));
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
                () = &mut look => {
                    if !watch.look() {
                        return;
                    }
                    look.as_mut().reset(Instant::now() + self.timeouts.idle / QUIET_LOOKS);
                }
            }
        }
    }
}

/// The requests of one connection.
struct Requests {
    front: FastPath,
    peer: SocketAddr,
    over: Option<LimitReached>,
    activity: Arc<Activity>,
    body_limit: Duration,
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        self.activity.request();
        let request = request.map(|body| body::limited(body, self.body_limit));
        match self.over {
            None => self.front.answer(self.peer, request),
            Some(limit) => self.front.answer_over_limit(self.peer, request, limit),
        }
    }
}
