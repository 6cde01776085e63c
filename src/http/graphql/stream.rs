//! A response that streams results as they arrive.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Extension,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use futures_util::{
    Stream, StreamExt,
    future::ready,
    stream::{self, BoxStream},
};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    chunks,
    frames::{ConnectionOutlet, EventWriter},
    media::StreamMedia,
};
use crate::{
    counters::pushes::PushMeter,
    domain::snapshot::Revision,
    engine::{OperationResult, Payload, ResultStream},
    http::{
        limits::streams::{self, StreamPermit},
        state::HttpState,
    },
};

/// Writes each result as it arrives, then the end of the stream.
pub fn respond(
    state: &HttpState,
    headers: &HeaderMap,
    framing: StreamMedia,
    permit: StreamPermit,
    outlet: ConnectionOutlet,
    mut results: ResultStream,
) -> Response {
    let is_single = results.is_single();
    let meter = results.meter(&state.counters.pushes, framing.transport());
    // A connection that is taken over carries no further request. A single result, as of a query, lets it go on.
    let outlet = outlet.map(|Extension(outlet)| outlet).filter(|_| framing == StreamMedia::Events && !is_single);
    if let Some(outlet) = &outlet {
        results.write_with(EventWriter { outlet: Arc::clone(outlet), meter: meter.clone() });
    }
    // A client that reconnects names the last event that it got. That publication is not sent again.
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
    let is_seen = move |result: &OperationResult| seen.is_some() && result.revision().map(|it| it.to_string()) == seen;
    let mut is_first = true;
    let results = results.filter(move |result| ready(!(std::mem::take(&mut is_first) && is_seen(result))));
    let parts = Parts {
        results: Some(results.take_until(state.drain.staggered_close()).boxed()),
        is_single,
        framing,
        state: state.clone(),
        meter,
        _held: (state.websockets.token(), permit),
    };
    let parts = stream::unfold(parts, |mut parts| async { Some((parts.next().await?, parts)) });
    let beginning = stream::once(ready(framing.beginning()));
    let takes_over = outlet.is_some();
    let body = match outlet {
        Some(outlet) => to_body(beginning.chain(chunks::take_over(outlet, parts))),
        None => to_body(beginning.chain(parts)),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(framing.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Asks proxies not to buffer events.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    if takes_over {
        // hyper serves no further request on this connection.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn to_body(parts: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    Body::from_stream(parts.map(Ok::<_, Infallible>))
}

/// The body of a response, part by part.
struct Parts {
    /// None after the end.
    results: Option<BoxStream<'static, OperationResult>>,
    is_single: bool,
    framing: StreamMedia,
    state: HttpState,
    meter: Option<PushMeter>,
    /// Both are held as long as the stream; the shutdown waits for the token.
    _held: (TaskTrackerToken, StreamPermit),
}

impl Parts {
    /// Waits for the next part. None at the end.
    async fn next(&mut self) -> Option<Bytes> {
        let results = self.results.as_mut()?;
        match tokio::time::timeout(self.state.keep_alive, results.next()).await {
            Ok(Some(result)) => {
                if let OperationResult::Next(payload) = &result {
                    payload.count(self.meter.as_ref());
                }
                Some(self.framing.frame(&result))
            }
            Err(_) => Some(self.framing.heartbeat()),
            Ok(None) => {
                self.results = None;
                // When it is the server that ends, no end is written: a client that got one would not subscribe again.
                (self.is_single || !self.state.drain.is_begun()).then(|| self.framing.end())
            }
        }
    }
}

/// How each media type frames its results.
impl StreamMedia {
    pub fn transport(self) -> streams::Transport {
        match self {
            Self::Events => streams::Transport::Events,
            Self::Multipart => streams::Transport::Multipart,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream",
            Self::Multipart => "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"",
        }
    }

    /// Returns what is sent first. A multipart reader takes a part for complete when it sees the next boundary, so each
    /// part is sent together with the boundary that follows it, and the first boundary is sent at once.
    fn beginning(self) -> Bytes {
        Bytes::from_static(match self {
            Self::Events => b":\n\n",
            Self::Multipart => b"--graphql",
        })
    }

    fn frame(self, result: &OperationResult) -> Bytes {
        match self {
            Self::Events => match result {
                OperationResult::Next(Payload { json, revision, .. }) => {
                    [&*event_head(*revision), json, "\n\n"].concat().into()
                }
                OperationResult::Refused(refusal) => {
                    [b"event: next\ndata: ", &*refusal.response(), b"\n\n"].concat().into()
                }
            },
            Self::Multipart => {
                let part = |json: &[u8]| [PART, b"{\"payload\":", json, b"}\r\n--graphql"].concat().into();
                match result {
                    OperationResult::Next(payload) => part(payload.json.as_bytes()),
                    OperationResult::Refused(refusal) => part(&refusal.response()),
                }
            }
        }
    }

    fn heartbeat(self) -> Bytes {
        match self {
            Self::Events => Bytes::from_static(b":\n\n"),
            Self::Multipart => [PART, b"{}\r\n--graphql"].concat().into(),
        }
    }

    fn end(self) -> Bytes {
        Bytes::from_static(match self {
            Self::Events => b"event: complete\ndata: \n\n",
            Self::Multipart => b"--\r\n",
        })
    }
}

/// Returns what comes before the result in an event.
pub fn event_head(revision: Option<Revision>) -> String {
    let id = revision.map(|revision| format!("id: {revision}\n")).unwrap_or_default();
    format!("event: next\n{id}data: ")
}

const PART: &[u8] = b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n";
