//! Reads a request's parameters from its body or its URL.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::{
    engine::{GraphQLParams, object},
    fault::{ErrorCode, Fault},
    http::{
        limits::body::{BODY_LIMIT, BodyTimeout},
        respond::error,
    },
};

/// The parameters of a POST request, or the response that refuses it.
pub struct BodyParams(pub Result<GraphQLParams, Box<Response>>);

impl<S: Send + Sync> FromRequest<S> for BodyParams {
    type Rejection = Infallible;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Infallible> {
        // The look into the cache has read them already.
        if let Some(params) = request.extensions_mut().remove::<GraphQLParams>() {
            return Ok(Self(Ok(params)));
        }
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await;
        Ok(Self(in_body(&headers, body)))
    }
}

/// Reads `{ "query", "variables", "operationName", "extensions" }` from a JSON body.
pub fn in_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<GraphQLParams, Box<Response>> {
    // Requiring this type also protects against pages of other sites: a browser lets them send it only after a
    // preflight.
    if !is_json(headers) {
        let message = "The body must be a GraphQL request in JSON, sent as application/json in UTF-8.";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
        && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        let message = "The body is compressed (`Content-Encoding`). Send it as it is, without that header.";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
    }
    let body = body.or_else(|rejection| {
        if let Some(limit) = BodyTimeout::cause_of(&rejection) {
            let message = format!("The body did not arrive within {} seconds. Send it at once.", limit.as_secs());
            return refused(StatusCode::REQUEST_TIMEOUT, &message);
        }
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = format!("The request is too large. Send at most {} KB at once.", BODY_LIMIT / 1024);
            return refused(StatusCode::PAYLOAD_TOO_LARGE, &message);
        }
        refused(rejection.status(), &format!("The request could not be read: {}.", rejection.body_text()))
    })?;
    in_json(&body)
}

/// Reads the JSON text.
pub fn in_json(body: &[u8]) -> Result<GraphQLParams, Box<Response>> {
    // Some libraries write a byte order mark before UTF-8. It is no part of the JSON.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let params = object::from_slice(body).or_else(|error| {
        let message = format!("The body is not a GraphQL request in JSON: {error}. Send {{\"query\": \"…\"}}.");
        refused(StatusCode::BAD_REQUEST, &message)
    })?;
    with_query(params)
}

/// Reads `?query=…&variables=…&operationName=…&extensions=…`; `variables` and `extensions` are JSON objects.
pub fn in_url(query: Option<&str>) -> Result<GraphQLParams, Box<Response>> {
    let mut params = GraphQLParams::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "query" => params.query = Some(value.into_owned()),
            "operationName" => params.operation_name = Some(value.into_owned()),
            "variables" => params.variables = json_object("variables", &value)?,
            "extensions" => params.extensions = json_object("extensions", &value)?,
            _ => {}
        }
    }
    with_query(params)
}

fn json_object<T: DeserializeOwned>(name: &str, value: &str) -> Result<Option<T>, Box<Response>> {
    if value.is_empty() || value == "null" {
        return Ok(None);
    }
    object::from_slice(value.as_bytes()).map(Some).or_else(|error| {
        let message = format!("The URL is not a GraphQL request: `{name}` must be a JSON object ({error}).");
        refused(StatusCode::BAD_REQUEST, &message)
    })
}

fn with_query(params: GraphQLParams) -> Result<GraphQLParams, Box<Response>> {
    let is_persisted = params.extensions.as_ref().is_some_and(|extensions| extensions.persisted_query.is_some());
    if is_persisted || params.query.as_deref().is_some_and(|query| !query.trim().is_empty()) {
        return Ok(params);
    }
    let message = "There is no query. POST it as JSON, {\"query\": \"…\"}, or send it as the URL parameter `query`.";
    refused(StatusCode::BAD_REQUEST, message)
}

/// Returns whether the headers say that the body is JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| is_json_kind(kind.as_bytes()))
}

fn is_json_kind(kind: &[u8]) -> bool {
    let mut parts = kind.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(b"application/json"));
    is_json
        && parts.all(|parameter| {
            let mut parameter = parameter.splitn(2, |byte| *byte == b'=');
            let is_charset = parameter.next().is_some_and(|name| name.eq_ignore_ascii_case(b"charset"));
            let value = parameter.next().unwrap_or_default();
            !is_charset || value.eq_ignore_ascii_case(b"utf-8") || value.eq_ignore_ascii_case(b"\"utf-8\"")
        })
}

fn refused<T>(status: StatusCode, message: &str) -> Result<T, Box<Response>> {
    Err(Box::new(error::with_status(status, &Fault::new(ErrorCode::BadUserInput, message))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf8_is_taken_and_nothing_else() {
        for kind in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
        ] {
            assert!(is_json_kind(kind.as_bytes()), "{kind}");
        }
        for kind in ["", "text/plain", "application/graphql", "application/json; charset=latin1", "multipart/form-data"]
        {
            assert!(!is_json_kind(kind.as_bytes()), "{kind}");
        }
    }
}
