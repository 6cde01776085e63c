//! Everything that the server holds under the caller's cookie, as one file.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    fault::Fault,
    graphql::percent,
    http::{caller, state::HttpState},
    service::my_data::OwnSubmission,
};

/// Serves `/api/my-data.json`. A page of another site gets a file about nobody.
pub async fn json(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let caller = match caller::identify(&state, &headers, peer, None) {
        Ok(caller) => caller,
        Err(refused) => return refused.response(),
    };
    match state.services.my_data.all(caller.participant, caller.address).await {
        Ok(submissions) => {
            let participant = caller.participant.map(|participant| participant.to_string());
            file(&json!({
                "about": "Everything that this server holds under your cookie: your answers, and the random number in the cookie. \
                          Answers that were given with a code are not under it.",
                "participant": participant,
                "answers": submissions.iter().map(answer).collect::<Vec<_>>(),
            }))
        }
        Err(error) => private(Fault::from(error).into_response()),
    }
}

fn answer(own: &OwnSubmission) -> Value {
    let OwnSubmission { budget, submission, counts, exclusion } = own;
    let shares = budget.categories.iter().zip(submission.allocation.shares());
    let shares: Vec<_> = shares
        .map(|(category, share)| json!({ "category": category.label, "percent": percent(share.basis_points()) }))
        .collect();
    json!({
        "budget": budget.title,
        "budgetAddress": format!("/b/{}", budget.slug),
        "submittedAt": submission.submitted_at.to_rfc3339(),
        "counts": counts,
        "notCountedBecause": exclusion.as_ref().map(|exclusion| &exclusion.reason),
        "resultAddress": format!("/results/{}", submission.id),
        "shares": shares,
    })
}

fn file(content: &Value) -> Response {
    let mut response = format!("{content:#}\n").into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    private(response)
}

fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
