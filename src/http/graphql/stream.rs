//! A response that streams results as they arrive.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Extension,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt, future::ready, stream};

use super::{
    frames::{ConnectionOutlet, EventWriter},
    media::StreamMedia,
};
use crate::{
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
    let outlet = outlet.map(|Extension(outlet)| outlet).filter(|_| framing == StreamMedia::Events);
    if let Some(outlet) = &outlet {
        results.write_with(EventWriter { outlet: Arc::clone(outlet), meter: meter.clone() });
    }
    // A client that reconnects names the last event that it got. That publication is not sent again.
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
    let is_seen = move |result: &OperationResult| seen.is_some() && result.revision().map(|it| it.to_string()) == seen;
    let mut is_first = true;
    let results = results.filter(move |result| ready(!(std::mem::take(&mut is_first) && is_seen(result))));
    let results = results.take_until(state.drain.staggered_close()).boxed();
    let (drain, keep_alive) = (state.drain.clone(), state.keep_alive);
    // Both are held as long as the stream; the shutdown waits for the token.
    let held = (state.websockets.token(), permit, meter);
    let chunks = stream::unfold(Some((results, drain, held)), move |open| async move {
        let (mut results, drain, held) = open?;
        let chunk = match tokio::time::timeout(keep_alive, results.next()).await {
            Ok(Some(result)) => {
                if let OperationResult::Next(payload) = &result {
                    payload.count(held.2.as_ref());
                }
                framing.frame(&result)
            }
            Err(_) => framing.heartbeat(),
            // When it is the server that ends, no end is written: a client that got one would not subscribe again.
            Ok(None) if drain.is_begun() && !is_single => return None,
            Ok(None) => return Some((framing.end(), None)),
        };
        Some((chunk, Some((results, drain, held))))
    });
    let chunks = stream::once(ready(framing.beginning())).chain(chunks).inspect(move |_| {
        // hyper puts a chunk into its buffer at once, and flushes later.
        if let Some(outlet) = &outlet {
            outlet.expect_flush();
        }
    });
    let mut response = Response::new(Body::from_stream(chunks.map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(framing.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Asks proxies not to buffer events.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
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
