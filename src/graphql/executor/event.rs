//! What an operation sends to its client, whatever the transport.

use std::time::Duration;

use async_graphql::{Response, ServerError, Value};
use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde::Serialize;
use tokio::time::Instant;

use super::push::PushNotes;
use crate::{domain::snapshot::Revision, graphql::error_codes};

/// One step of an operation, which is complete when there are no more.
#[derive(Debug, Clone)]
pub enum Event {
    /// A result.
    Next(Payload),
    /// Nothing was executed, and no event follows.
    Refused(Refusal),
}

/// A result, serialised once for everyone who gets it.
#[derive(Debug, Clone)]
pub struct Payload {
    /// `{"data":…}`, with `errors` where there are any.
    pub json: Bytes,
    /// The publication that it shows.
    pub revision: Option<Revision>,
    /// The least time between two results for this client.
    min_interval: Option<Duration>,
}

/// Why a request was not executed: JSON, the list of its errors.
#[derive(Debug, Clone)]
pub struct Refusal(pub Bytes);

impl Event {
    /// What the engine answered to a subscription.
    pub fn of(response: &Response, notes: &PushNotes) -> Self {
        // A subscription that could not begin shows no publication.
        if notes.revision().is_none() && response.data == Value::Null {
            return Self::Refused(Refusal(json(&response.errors)));
        }
        Self::Next(Payload { json: json(response), revision: notes.revision(), min_interval: notes.min_interval() })
    }

    /// The publication that it shows.
    pub fn revision(&self) -> Option<Revision> {
        match self {
            Self::Next(payload) => payload.revision,
            Self::Refused(_) => None,
        }
    }
}

impl Payload {
    /// A result that no other follows.
    pub(super) fn once(json: Bytes) -> Self {
        Self { json, revision: None, min_interval: None }
    }
}

impl Refusal {
    /// With a code for each error, as the engine's own get one.
    pub fn of(mut error: ServerError) -> Self {
        error_codes::give_code(&mut error);
        Self(json(&[error]))
    }

    /// With this code.
    pub fn with_code(code: &'static str, message: impl Into<String>) -> Self {
        let mut error = ServerError::new(message, None);
        error.extensions.get_or_insert_default().set("code", code);
        Self(json(&[error]))
    }

    /// `{"errors":[…]}`, as a response.
    pub fn response(&self) -> Bytes {
        [b"{\"errors\":", &*self.0, b"}"].concat().into()
    }
}

/// The response's JSON, or why nothing was executed. Then there must be no `data` (GraphQL, October 2021, 7.1).
pub fn body(response: &Response) -> Result<Bytes, Refusal> {
    if is_request_error(response) { Err(Refusal(json(&response.errors))) } else { Ok(json(response)) }
}

/// Errors of parsing, validating and naming are those without a path.
fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

fn json<T: Serialize + ?Sized>(value: &T) -> Bytes {
    // Into memory, of types whose serialisation cannot fail.
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// Holds results back as their client wishes, without queueing them: while one is held back nothing is asked of `events`,
/// which then give the newest.
pub fn paced(events: BoxStream<'static, Event>) -> BoxStream<'static, Event> {
    let paced = stream::unfold((events, None::<Instant>), |(mut events, not_before)| async move {
        if let Some(not_before) = not_before {
            tokio::time::sleep_until(not_before).await;
        }
        let event = events.next().await?;
        let not_before = match &event {
            Event::Next(payload) => payload.min_interval.map(|interval| Instant::now() + interval),
            Event::Refused(_) => None,
        };
        Some((event, (events, not_before)))
    });
    paced.boxed()
}
