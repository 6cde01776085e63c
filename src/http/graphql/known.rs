//! What is known already is answered at once: no route is looked for, nothing is logged, no caller made out.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, header},
    response::Response,
};
use futures_util::{future::ready, stream};

use super::super::{BODY_LIMIT, HttpState, caller};
use super::{PATH, media::Accepted, request, result};

/// The answer to a link; none where it is not known, or where more is to be said than it.
pub fn known_by_url(state: &HttpState, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if request.method() != Method::GET || !is_plain(request) || headers.contains_key(header::UPGRADE) {
        return None;
    }
    // What a link says is taken as it is: the same link comes again and again, and need not be taken apart each time.
    let (query, answers) = (request.uri().query()?, &state.services.answers);
    if query.starts_with('{') {
        // That is how bodies begin, which are kept as they came too.
        return None;
    }
    let answer = answers.get(query.as_bytes()).or_else(|| {
        let answer = state.executor.known(request::in_url(Some(query)).ok()?)?;
        answers.keep(query.as_bytes(), &answer);
        Some(answer)
    })?;
    let accepted = Accepted::of(headers);
    let media = accepted.result.filter(|_| !accepted.html)?;
    Some(result::public(headers, media, &answer, true))
}

/// The answer to what was posted, or the request as it came.
pub async fn known_by_body(state: &HttpState, request: Request) -> Result<Response, Request> {
    if request.method() != Method::POST || !is_plain(&request) || !is_short(request.headers()) {
        return Err(request);
    }
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => body,
        Err(error) => {
            let broken = stream::once(ready(Err::<Bytes, _>(error)));
            return Err(Request::from_parts(parts, Body::from_stream(broken)));
        }
    };
    let answers = &state.services.answers;
    let answer = request::is_json(&parts.headers).then(|| {
        answers.get(&body).or_else(|| {
            let answer = state.executor.known(request::in_json(&body).ok()?)?;
            // The same client sends the same bytes again.
            answers.keep(&body, &answer);
            Some(answer)
        })
    });
    let answer = answer.flatten();
    match answer.zip(Accepted::of(&parts.headers).result) {
        Some((answer, media)) => Ok(result::public(&parts.headers, media, &answer, false)),
        None => Err(Request::from_parts(parts, body.into())),
    }
}

/// Whether it is for GraphQL, and without a token: whoever sends one expects it to be checked.
fn is_plain(request: &Request) -> bool {
    request.uri().path() == PATH && caller::bearer_token(request.headers()).is_none()
}

/// Whether it is said how long the body is, and that is not too long.
fn is_short(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length <= BODY_LIMIT)
}
