//! The results of operations, serialised for every transport.

use std::{io, sync::Arc, time::Duration};

use async_graphql::{Pos, Response, ServerError, Value};
use bytes::Bytes;
use serde::Serialize;

use super::limits::{Limit, LimitExceeded};
use crate::{
    counters::pushes::{PushMark, PushMeter},
    domain::snapshot::Revision,
    fault::{ErrorCode, Fault},
    graphql::{error_codes, subscription_metadata::SubscriptionMetadata},
};

const TOO_SLOW: &str = "This takes too long now. Try again in a moment, with the same idempotency key.";

/// One item of an operation's result stream. The operation is complete when the stream ends.
#[derive(Debug, Clone)]
pub enum OperationResult {
    /// A result of the execution.
    Next(Payload),
    /// The operation was not executed, and nothing follows.
    Refused(RequestError),
}

/// A result, serialised once for all its receivers.
#[derive(Debug, Clone)]
pub struct Payload {
    /// `{"data":…}`, with `errors` if there are any.
    pub json: Arc<str>,
    /// The revision of the publication that the result shows.
    pub revision: Option<Revision>,
    /// The minimum time between two results for this client.
    pub min_interval: Option<Duration>,
    /// For the counts of what is pushed. None for the only result of an operation.
    pub mark: Option<PushMark>,
}

/// The errors of a request that was not executed.
#[derive(Debug, Clone)]
pub struct RequestError {
    /// A JSON list.
    pub errors: Bytes,
    /// The seconds after which to try again, if an allowance is used up.
    pub rate_limited_for: Option<u64>,
}

impl OperationResult {
    /// Converts a response of async-graphql to a subscription.
    pub fn of(response: &Response, metadata: &SubscriptionMetadata) -> Self {
        // A response without a publication and without data means that the subscription could not start.
        if metadata.revision().is_none() && response.data == Value::Null {
            return Self::Refused(RequestError::new(&response.errors));
        }
        let json = match bounded_json(response) {
            Ok(json) => text(&json),
            Err(exceeded) => return Self::Refused(RequestError::too_complex(exceeded)),
        };
        Self::Next(Payload { json, revision: metadata.revision(), min_interval: metadata.min_interval(), mark: None })
    }

    /// Returns the revision of the publication that the result shows.
    pub fn revision(&self) -> Option<Revision> {
        match self {
            Self::Next(payload) => payload.revision,
            Self::Refused(_) => None,
        }
    }
}

impl Payload {
    /// Counts the result as handed to a connection. A query or a mutation has no meter.
    pub fn count(&self, meter: Option<&PushMeter>) {
        if let Some(meter) = meter {
            meter.pushed(self.mark);
        }
    }

    /// Creates the only result of an operation.
    pub fn once(json: &[u8]) -> Self {
        Self { json: text(json), revision: None, min_interval: None, mark: None }
    }

    /// Returns whether a client that has received `self` can skip `other`.
    pub fn supersedes(&self, other: &Self) -> bool {
        self.revision > other.revision || (self.revision == other.revision && self.json == other.json)
    }
}

impl RequestError {
    fn new<T: Serialize + ?Sized>(errors: &T) -> Self {
        Self { errors: json(errors), rate_limited_for: None }
    }

    /// Creates a request error from an error of parsing or validating, and gives it a code.
    pub fn of(mut error: ServerError) -> Self {
        error_codes::give_code(&mut error);
        Self::new(&[error])
    }

    /// Creates a request error from a fault.
    pub fn of_fault(fault: &Fault) -> Self {
        let is_limit = fault.code() == ErrorCode::RateLimited;
        let rate_limited_for = fault.retry_after_seconds().filter(|_| is_limit);
        Self { rate_limited_for, ..Self::new(&[fault]) }
    }

    /// Creates the error of a document or response that exceeds a limit. Its `extensions` name the limit, the maximum
    /// and the actual count.
    pub fn too_complex(exceeded: LimitExceeded) -> Self {
        Self::new(&[too_complex(exceeded)])
    }

    /// Returns the whole response: `{"errors":[…]}`.
    pub fn response(&self) -> Bytes {
        [b"{\"errors\":", &*self.errors, b"}"].concat().into()
    }
}

/// Returns the JSON of a response. Fails if nothing was executed, because there must be no `data` then (GraphQL,
/// October 2021, 7.1).
pub fn body(response: &Response) -> Result<Bytes, RequestError> {
    if is_request_error(response) {
        return Err(RequestError::new(&response.errors));
    }
    // A response that is too large was executed, so it is no request error and keeps `data`, as null.
    Ok(bounded_json(response).unwrap_or_else(|exceeded| {
        let mut without_data = Response::new(Value::Null);
        without_data.errors.push(too_complex(exceeded));
        json(&without_data)
    }))
}

/// Returns the response of an execution that timed out. It is no request error, because the execution may have had
/// effects.
pub fn timed_out() -> Bytes {
    let mut response = Response::new(Value::Null);
    response.errors.push(server_error(Fault::unavailable(TOO_SLOW)));
    json(&response)
}

/// Converts a fault into an error without a location in the document.
fn server_error(fault: Fault) -> ServerError {
    let mut error = async_graphql::Error::from(fault).into_server_error(Pos::default());
    error.locations.clear();
    error
}

/// Returns whether nothing was executed. Only the errors of parsing, validating and selecting an operation have no
/// path.
fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

fn json<T: Serialize + ?Sized>(value: &T) -> Bytes {
    // Neither writing to memory nor serialising these types can fail.
    serde_json::to_vec(value).unwrap_or_default().into()
}

/// Converts JSON, which is UTF-8, to text.
fn text(json: &[u8]) -> Arc<str> {
    str::from_utf8(json).map_or_else(|_| String::from_utf8_lossy(json).into(), Arc::from)
}

/// Returns the JSON of a response. Fails, and stops serialising, if it has more bytes than the limit.
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
