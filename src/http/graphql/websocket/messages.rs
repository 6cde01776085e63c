//! The messages of `graphql-transport-ws`, as text.

use std::{cell::RefCell, sync::Arc};

use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use crate::engine::{GraphQLParams, object};

/// The name of the subprotocol.
pub const PROTOCOL: &str = "graphql-transport-ws";
/// A close frame holds 125 bytes, two of which are the code.
const LONGEST_REASON: usize = 123;
/// The most bytes of an operation's id, which is sent with every result. Libraries use numbers or UUIDs.
const MAX_ID: usize = 128;

/// A message from a client.
#[derive(Debug)]
pub enum ClientMessage {
    /// The first message, with the token if there is one.
    ConnectionInit(Map<String, Value>),
    /// A ping, which needs a pong with the same payload.
    Ping(Option<Box<RawValue>>),
    /// The response to a ping.
    Pong,
    /// Starts an operation.
    Subscribe {
        /// The operation's id on this connection.
        id: String,
        /// The operation to execute.
        params: Box<GraphQLParams>,
    },
    /// Ends an operation.
    Complete {
        /// The operation's id on this connection.
        id: String,
    },
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    payload: Option<Box<RawValue>>,
}

impl ClientMessage {
    /// Parses a message. The error says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let envelope: Envelope =
            object::from_slice(text.as_bytes()).map_err(|error| format!("Not a message: {error}"))?;
        let Envelope { kind, id, payload } = envelope;
        let id = || match id {
            Some(id) if id.len() > MAX_ID => Err(format!("`id` is longer than {MAX_ID} bytes")),
            Some(id) if !id.is_empty() => Ok(id),
            _ => Err(format!("A message `{kind}` needs an `id`")),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::ConnectionInit(payload_object(payload.as_deref())?.unwrap_or_default())),
            "ping" => payload_object(payload.as_deref()).map(|_| Self::Ping(payload)),
            "pong" => payload_object(payload.as_deref()).map(|_| Self::Pong),
            "complete" => Ok(Self::Complete { id: id()? }),
            "subscribe" => {
                let id = id()?;
                let payload = payload.ok_or("A message `subscribe` needs a `payload`")?;
                let params: GraphQLParams =
                    object::from_slice(payload.get().as_bytes()).map_err(|error| format!("`payload`: {error}"))?;
                if params.query.is_none() && params.extensions.as_ref().is_none_or(|it| it.persisted_query.is_none()) {
                    return Err("`payload` needs a `query`".to_owned());
                }
                Ok(Self::Subscribe { id, params: Box::new(params) })
            }
            _ => Err(format!("There is no message `{kind}`")),
        }
    }
}

fn payload_object(payload: Option<&RawValue>) -> Result<Option<Map<String, Value>>, String> {
    let read = |payload: &RawValue| serde_json::from_str(payload.get()).map_err(|_| "`payload` must be an object");
    Ok(payload.map(read).transpose()?.flatten())
}

/// Accepts the connection.
pub fn connection_ack() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#)
}

/// Responds to a ping.
pub fn pong(payload: Option<&RawValue>) -> Utf8Bytes {
    match payload {
        Some(payload) => format!(r#"{{"type":"pong","payload":{}}}"#, payload.get()).into(),
        None => Utf8Bytes::from_static(r#"{"type":"pong"}"#),
    }
}

/// Says that an operation is complete.
pub fn complete(id: &str) -> Utf8Bytes {
    json!({ "id": id, "type": "complete" }).to_string().into()
}

/// Returns the text before every result of one operation. It is made once for each operation, so that each result costs
/// only a copy.
///
/// The operations of most clients have the same id. They share the text, which so is in the cache of the processor when
/// the results of one after another are written.
pub fn next_prefix(id: &str) -> Arc<str> {
    thread_local! {
        static LAST: RefCell<Arc<str>> = RefCell::new("".into());
    }
    let prefix = prefix(id, "next");
    LAST.with_borrow_mut(|last| {
        if **last != *prefix {
            *last = prefix.into();
        }
        Arc::clone(last)
    })
}

/// Returns the message for a result, `{"data":…}`.
pub fn next(prefix: &str, json: &str) -> Utf8Bytes {
    [prefix, json, "}"].concat().into()
}

/// Returns the message for an operation that was not executed; `json` is the list of errors.
pub fn error(id: &str, json: &[u8]) -> Utf8Bytes {
    [&prefix(id, "error"), &*String::from_utf8_lossy(json), "}"].concat().into()
}

fn prefix(id: &str, kind: &str) -> String {
    format!(r#"{{"id":{},"type":"{kind}","payload":"#, Value::from(id))
}

/// Shortens a text to the length that a close frame allows.
pub fn close_reason(text: &str) -> Utf8Bytes {
    text[..text.floor_char_boundary(LONGEST_REASON)].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_reason_fits_its_frame_and_cuts_no_character() {
        assert_eq!(close_reason("short").as_str(), "short");
        let long = close_reason(&"ü".repeat(200));
        assert_eq!(long.as_str(), "ü".repeat(61), "122 bytes: the 62nd would be cut");
    }

    #[test]
    fn an_id_of_any_characters_comes_back_as_it_was() {
        let id = "a\"b\\c\n\u{1F600}";
        for text in [next(&next_prefix(id), "{\"data\":null}"), error(id, b"[]"), complete(id)] {
            let message: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(message["id"], id);
        }
    }

    #[test]
    fn an_id_is_no_longer_than_it_need_be() {
        let complete = |id: &str| ClientMessage::read(&json!({ "type": "complete", "id": id }).to_string());
        assert!(complete(&"x".repeat(MAX_ID)).is_ok());
        assert_eq!(complete(&"x".repeat(MAX_ID + 1)).unwrap_err(), "`id` is longer than 128 bytes");
    }

    #[test]
    fn what_is_no_message_of_the_protocol_is_refused_with_what_is_wrong() {
        for (text, says) in [
            ("nonsense", "Not a message"),
            ("5", "Not a message"),
            ("[]", "Not a message"),
            (r#"["connection_init",null,null]"#, "a JSON object"),
            (r#"{"type":"subscribe","id":"1","payload":["{a}",null,null,null]}"#, "a JSON object"),
            ("{}", "`type`"),
            (r#"{"type":5}"#, "Not a message"),
            (r#"{"type":"start","id":"1"}"#, "There is no message `start`"),
            (r#"{"type":"connection_ack"}"#, "There is no message `connection_ack`"),
            (r#"{"type":"connection_init","payload":5}"#, "must be an object"),
            (r#"{"type":"ping","payload":"x"}"#, "must be an object"),
            (r#"{"type":"subscribe","payload":{"query":"{a}"}}"#, "needs an `id`"),
            (r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#, "needs an `id`"),
            (r#"{"type":"subscribe","id":"1"}"#, "needs a `payload`"),
            (r#"{"type":"subscribe","id":"1","payload":{}}"#, "needs a `query`"),
            (r#"{"type":"subscribe","id":"1","payload":{"query":5}}"#, "`payload`"),
            (r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#, "`payload`"),
            (r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#, "`payload`"),
            (r#"{"type":"complete"}"#, "needs an `id`"),
        ] {
            let error = ClientMessage::read(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
