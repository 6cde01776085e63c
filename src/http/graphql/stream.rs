//! Results as they come, in one response that goes on.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use futures_util::{StreamExt, future::ready, stream};

use super::media::StreamMedia;
use crate::{
    engine::{OperationResult, Payload, ResultStream},
    http::{
        limits::streams::{self, StreamPermit},
        state::HttpState,
    },
};

/// Each event as it comes, then the end.
pub fn respond(
    state: &HttpState,
    headers: &HeaderMap,
    framing: StreamMedia,
    permit: StreamPermit,
    events: ResultStream,
) -> Response {
    let is_single = events.is_single();
    // A client that comes back tells what it has seen; that publication it need not get again.
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
    let is_seen = move |event: &OperationResult| seen.is_some() && event.revision().map(|it| it.to_string()) == seen;
    let mut is_first = true;
    let events = events.filter(move |event| ready(!(std::mem::take(&mut is_first) && is_seen(event))));
    let events = events.take_until(state.drain.staggered_close()).boxed();
    let (drain, keep_alive) = (state.drain.clone(), state.keep_alive);
    // Held as long as the stream, so that the shutdown waits for it.
    let held = (state.sockets.token(), permit);
    let chunks = stream::unfold(Some((events, drain, held)), move |following| async move {
        let (mut events, drain, held) = following?;
        let chunk = match tokio::time::timeout(keep_alive, events.next()).await {
            Ok(Some(event)) => framing.frame(&event),
            Err(_) => framing.heartbeat(),
            // No end is told when it is the server that ends: a client that was told so would not begin again.
            Ok(None) if drain.is_begun() && !is_single => return None,
            Ok(None) => return Some((framing.end(), None)),
        };
        Some((chunk, Some((events, drain, held))))
    });
    let chunks = stream::once(ready(framing.beginning())).chain(chunks);
    let mut response = Response::new(Body::from_stream(chunks.map(Ok::<_, Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(framing.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Asks proxies not to gather events before they pass them on.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// How events are told apart in the response.
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

    /// A reader of parts takes one for complete when it sees the next boundary: so each is sent with the boundary that
    /// follows it, and the first boundary at once.
    fn beginning(self) -> Bytes {
        Bytes::from_static(match self {
            Self::Events => b":\n\n",
            Self::Multipart => b"--graphql",
        })
    }

    fn frame(self, event: &OperationResult) -> Bytes {
        match self {
            Self::Events => match event {
                OperationResult::Next(Payload { json, revision: Some(revision), .. }) => {
                    let before = format!("event: next\nid: {revision}\ndata: ");
                    [&before, &**json, "\n\n"].concat().into()
                }
                OperationResult::Next(Payload { json, .. }) => ["event: next\ndata: ", json, "\n\n"].concat().into(),
                OperationResult::Refused(refusal) => {
                    [b"event: next\ndata: ", &*refusal.response(), b"\n\n"].concat().into()
                }
            },
            Self::Multipart => {
                let part = |result: &[u8]| [PART, b"{\"payload\":", result, b"}\r\n--graphql"].concat().into();
                match event {
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

const PART: &[u8] = b"\r\nContent-Type: application/json; charset=utf-8\r\n\r\n";
