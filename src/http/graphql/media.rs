//! The media types that a client accepts.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use crate::{
    fault::{ErrorCode, Fault},
    http::respond::{error, negotiation},
};

/// The media type of a single result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultMedia {
    /// `application/json`: the status is 200 for every request that could be read as GraphQL.
    Json,
    /// `application/graphql-response+json`: the status tells whether the request was executed.
    GraphQLResponse,
}

/// The media type of a stream of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamMedia {
    /// `text/event-stream`, the `graphql-sse` protocol.
    Events,
    /// `multipart/mixed`, Apollo's multipart subscriptions.
    Multipart,
}

/// The media types that a client accepts, the best of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// For a single result.
    pub result: Option<ResultMedia>,
    /// For a stream, only if the client names its type: a client that accepts anything does not expect a response
    /// without end.
    pub stream: Option<StreamMedia>,
    /// Whether a browser asks for a page.
    pub html: bool,
}

impl Accepted {
    /// Reads the headers. Without an `Accept` the type is JSON.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self { result: None, stream: None, html: false };
        let (mut result_weight, mut stream_weight) = (0, 0);
        let mut named = false;
        for (kind, weight) in accept(headers) {
            named = true;
            accepted.html |= kind == b"text/html" && weight > 0;
            let result = match kind {
                b"application/graphql-response+json" => Some(ResultMedia::GraphQLResponse),
                b"application/json" | b"application/*" | b"*/*" => Some(ResultMedia::Json),
                _ => None,
            };
            let stream = match kind {
                b"text/event-stream" => Some(StreamMedia::Events),
                b"multipart/mixed" => Some(StreamMedia::Multipart),
                _ => None,
            };
            if result.is_some() && weight > result_weight {
                (accepted.result, result_weight) = (result, weight);
            }
            if stream.is_some() && weight > stream_weight {
                (accepted.stream, stream_weight) = (stream, weight);
            }
        }
        if !named {
            accepted.result = Some(ResultMedia::Json);
        }
        accepted
    }

    /// Returns what [`Self::of`] would, for a path that only sends event streams; none if the client does not accept them.
    pub fn events_of(headers: &HeaderMap) -> Option<Self> {
        let mut named = false;
        let accepts = accept(headers).any(|(kind, weight)| {
            named = true;
            weight > 0 && matches!(kind, b"text/event-stream" | b"text/*" | b"*/*")
        });
        (accepts || !named).then_some(Self { result: None, stream: Some(StreamMedia::Events), html: false })
    }
}

/// Returns the items of all `Accept` headers.
fn accept(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], u16)> {
    negotiation::weighted(headers, header::ACCEPT).filter(|(kind, _)| !kind.is_empty())
}

/// The response to a client that accepts no media type of ours.
pub fn nothing_accepted() -> Response {
    not_acceptable(
        "The answer is application/json or application/graphql-response+json, a stream of answers text/event-stream or \
         multipart/mixed: accept one of these.",
    )
}

/// The response to a subscription when the client names no media type for streams.
pub fn no_stream_accepted() -> Response {
    not_acceptable(
        "A subscription is answered by a stream. Accept text/event-stream or multipart/mixed, or subscribe over a WebSocket \
         at /graphql/ws.",
    )
}

/// Returns a 406 with advice.
pub fn not_acceptable(message: &str) -> Response {
    error::with_status(StatusCode::NOT_ACCEPTABLE, &Fault::new(ErrorCode::BadUserInput, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &str) -> Accepted {
        Accepted::of(&[(header::ACCEPT, accept.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn the_heaviest_form_of_each_sort_is_taken_and_the_first_of_equals() {
        use ResultMedia::{GraphQLResponse, Json};
        use StreamMedia::{Events, Multipart};
        for (accept, result, stream) in [
            ("*/*", Some(Json), None),
            ("application/json", Some(Json), None),
            ("application/graphql-response+json", Some(GraphQLResponse), None),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphQLResponse), None),
            ("application/json, application/graphql-response+json", Some(Json), None),
            ("application/json;q=0.1, application/graphql-response+json;q=0.2", Some(GraphQLResponse), None),
            ("application/json; charset=utf-8", Some(Json), None),
            ("application/json;q=0", None, None),
            ("text/html", None, None),
            ("multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json", Some(Json), Some(Multipart)),
            ("text/event-stream, multipart/mixed", None, Some(Events)),
            ("multipart/mixed, text/event-stream;q=0.5", None, Some(Multipart)),
        ] {
            let html = accept == "text/html";
            assert_eq!(self::accepted(accept), Accepted { result, stream, html }, "{accept}");
        }
        assert_eq!(Accepted::of(&HeaderMap::new()), Accepted { result: Some(Json), stream: None, html: false });
    }
}
