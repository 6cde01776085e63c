//! What forms of an answer a client accepts.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};

use crate::{
    fault::{ErrorCode, Fault},
    http::respond::{error, negotiation},
};

/// The form of one result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultMedia {
    /// `application/json`: 200 for whatever could be understood as a request.
    Json,
    /// `application/graphql-response+json`: the status tells whether the request was executed.
    GraphQLResponse,
}

/// The form of a stream of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamMedia {
    /// `text/event-stream`, the `graphql-sse` protocol.
    Events,
    /// `multipart/mixed`, Apollo's multipart subscriptions.
    Multipart,
}

/// What a client accepts, best of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// For one result.
    pub result: Option<ResultMedia>,
    /// For a stream. Only where it is named: a client that accepts anything does not expect an answer without end.
    pub stream: Option<StreamMedia>,
    /// Whether a browser asks for a page.
    pub html: bool,
}

impl Accepted {
    /// What the headers say; without any it is JSON.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut accepted = Self { result: None, stream: None, html: false };
        let (mut result_weight, mut stream_weight) = (0, 0);
        let mut named = false;
        for (kind, weight) in accept(headers) {
            named = true;
            accepted.html |= kind == "text/html" && weight > 0;
            let result = match kind {
                "application/graphql-response+json" => Some(ResultMedia::GraphQLResponse),
                "application/json" | "application/*" | "*/*" => Some(ResultMedia::Json),
                _ => None,
            };
            let stream = match kind {
                "text/event-stream" => Some(StreamMedia::Events),
                "multipart/mixed" => Some(StreamMedia::Multipart),
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

    /// Events alone, where they are accepted.
    pub fn events_of(headers: &HeaderMap) -> Option<Self> {
        let mut named = false;
        let accepts = accept(headers).any(|(kind, weight)| {
            named = true;
            weight > 0 && ["text/event-stream", "text/*", "*/*"].contains(&kind)
        });
        (accepts || !named).then_some(Self { result: None, stream: Some(StreamMedia::Events), html: false })
    }
}

/// Items of all `Accept` headers.
fn accept(headers: &HeaderMap) -> impl Iterator<Item = (&str, u16)> {
    negotiation::weighted(headers, header::ACCEPT).filter(|(kind, _)| !kind.is_empty())
}

/// The answer to whom no form suits.
pub fn nothing_accepted() -> Response {
    not_acceptable(
        "The answer is application/json or application/graphql-response+json, a stream of answers text/event-stream or \
         multipart/mixed: accept one of these.",
    )
}

/// The answer to a subscription whose client does not say how it wants the stream.
pub fn no_stream_accepted() -> Response {
    not_acceptable(
        "A subscription is answered by a stream. Accept text/event-stream or multipart/mixed, or subscribe over a WebSocket \
         at /graphql/ws.",
    )
}

/// 406 with advice.
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
