//! What is known already is answered at once: no route is looked for, nothing is logged, no caller made out.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, header},
    response::Response,
};
use futures_util::{future::ready, stream};

use super::super::{BODY_LIMIT, HttpState};
use super::{PATH, media, media::Accepted, request, result};

/// The answer, or the request as it came where there is none or where more is to be said than that answer.
pub async fn known(state: &HttpState, request: Request) -> Result<Response, Request> {
    // Whoever sends a token expects it to be checked.
    if request.uri().path() != PATH || request.headers().contains_key(header::AUTHORIZATION) {
        return Err(request);
    }
    match *request.method() {
        Method::GET => by_url(state, &request).ok_or(request),
        Method::POST if is_short(request.headers()) => by_body(state, request).await,
        _ => Err(request),
    }
}

fn by_url(state: &HttpState, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if headers.contains_key(header::UPGRADE) || media::wants_html(headers) {
        return None;
    }
    // What a link says is taken as it is: the same link comes again and again, and need not be taken apart each time.
    let (query, answers) = (request.uri().query()?, &state.services.answers);
    let answer = answers.get(query.as_bytes()).or_else(|| {
        let answer = state.executor.known(request::in_url(Some(query)).ok()?)?;
        answers.keep(query.as_bytes(), &answer);
        Some(answer)
    })?;
    Some(result::public(headers, Some(Accepted::of(headers).result?), &answer, true))
}

async fn by_body(state: &HttpState, request: Request) -> Result<Response, Request> {
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => body,
        Err(error) => {
            return Err(Request::from_parts(parts, Body::from_stream(stream::once(ready(Err::<Bytes, _>(error))))));
        }
    };
    let params = request::in_body(&parts.headers, Ok(body.clone()));
    let answer = params.ok().and_then(|params| state.executor.known(params));
    match answer.zip(Accepted::of(&parts.headers).result) {
        Some((answer, media)) => Ok(result::public(&parts.headers, Some(media), &answer, false)),
        None => Err(Request::from_parts(parts, body.into())),
    }
}

/// Whether it is said how long the body is, and that is not too long.
fn is_short(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length <= BODY_LIMIT)
}
