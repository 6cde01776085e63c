//! What an operation sends to its client, whatever the transport.

use std::{io, sync::Arc, time::Duration};

use async_graphql::{Pos, Response, ServerError, Value};
use bytes::Bytes;
use serde::Serialize;

use super::limits::{Limit, LimitExceeded};
use crate::{
    domain::snapshot::Revision,
    fault::{ErrorCode, Fault},
    graphql::{error_codes, subscription_metadata::SubscriptionMetadata},
};

const TOO_SLOW: &str = "This takes too long now. Try again in a moment, with the same idempotency key.";

/// One step of an operation, which is complete when there are no more.
#[derive(Debug, Clone)]
pub enum OperationResult {
    /// A result.
    Next(Payload),
    /// Nothing was executed, and no event follows.
    Refused(RequestError),
}

/// A result, serialised once for everyone who gets it.
#[derive(Debug, Clone)]
pub struct Payload {
    /// `{"data":…}`, with `errors` where there are any.
    pub json: Arc<str>,
    /// The publication that it shows.
    pub revision: Option<Revision>,
    /// The least time between two results for this client.
    pub min_interval: Option<Duration>,
}

/// Why a request was not executed: JSON, the list of its errors.
#[derive(Debug, Clone)]
pub struct RequestError(pub Bytes);

impl OperationResult {
    /// What the engine answered to a subscription.
    pub fn of(response: &Response, metadata: &SubscriptionMetadata) -> Self {
        // A subscription that could not begin shows no publication.
        if metadata.revision().is_none() && response.data == Value::Null {
            return Self::Refused(RequestError(json(&response.errors)));
        }
        let json = match bounded_json(response) {
            Ok(json) => String::from_utf8_lossy(&json).into(),
            Err(exceeded) => return Self::Refused(RequestError::too_complex(exceeded)),
        };
        Self::Next(Payload { json, revision: metadata.revision(), min_interval: metadata.min_interval() })
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
    pub fn once(json: &[u8]) -> Self {
        Self { json: String::from_utf8_lossy(json).into(), revision: None, min_interval: None }
    }

    /// Whether who was shown this need not be shown the other.
    pub fn supersedes(&self, other: &Self) -> bool {
        self.revision > other.revision || (self.revision == other.revision && self.json == other.json)
    }
}

impl RequestError {
    /// With a code for each error, as the engine's own get one.
    pub fn of(mut error: ServerError) -> Self {
        error_codes::give_code(&mut error);
        Self(json(&[error]))
    }

    /// One fault.
    pub fn of_fault(fault: &Fault) -> Self {
        Self(json(&[fault]))
    }

    /// A document, or its answer, is beyond a limit: `extensions` name the limit, its maximum and what was found.
    pub fn too_complex(exceeded: LimitExceeded) -> Self {
        Self(json(&[too_complex(exceeded)]))
    }

    /// `{"errors":[…]}`, as a response.
    pub fn response(&self) -> Bytes {
        [b"{\"errors\":", &*self.0, b"}"].concat().into()
    }
}

/// The response's JSON, or why nothing was executed. Then there must be no `data` (GraphQL, October 2021, 7.1).
pub fn body(response: &Response) -> Result<Bytes, RequestError> {
    if is_request_error(response) {
        return Err(RequestError(json(&response.errors)));
    }
    // It was executed, so it is no request error.
    Ok(bounded_json(response).unwrap_or_else(|exceeded| {
        let mut without_data = Response::new(Value::Null);
        without_data.errors.push(too_complex(exceeded));
        json(&without_data)
    }))
}

/// The response of an execution that was given up. What it began may have been done: it is no request error.
pub fn given_up() -> Bytes {
    let mut response = Response::new(Value::Null);
    response.errors.push(server_error(Fault::unavailable(TOO_SLOW)));
    json(&response)
}

/// An error of no place in the document.
pub fn server_error(fault: Fault) -> ServerError {
    let mut error = async_graphql::Error::from(fault).into_server_error(Pos::default());
    error.locations.clear();
    error
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

/// JSON, unless it has more bytes than an answer may have; serialising ends there.
fn bounded_json(response: &Response) -> Result<Bytes, LimitExceeded> {
    let mut bounded = Bounded(Vec::new());
    match serde_json::to_writer(&mut bounded, response) {
        Ok(()) => Ok(bounded.0.into()),
        Err(_) => Err(LimitExceeded { limit: Limit::AnswerBytes, actual: Limit::AnswerBytes.max() + 1 }),
    }
}

struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > Limit::AnswerBytes.max() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_complex(exceeded: LimitExceeded) -> ServerError {
    let mut error = ServerError::new(exceeded.to_string(), None);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", ErrorCode::QueryTooComplex.as_str());
    extensions.set("limit", exceeded.limit.name());
    extensions.set("maximum", exceeded.limit.max());
    extensions.set("actual", exceeded.actual);
    error
}
