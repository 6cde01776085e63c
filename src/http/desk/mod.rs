//! The organisers' desk over HTTP: its GraphQL endpoint and its files.

use std::net::SocketAddr;

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, Path, Query, State, rejection::BytesRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use serde::Deserialize;

use super::{access::origins::Sender, graphql::request, state::HttpState};
use crate::{
    domain::network::ClientAddress,
    fault::{ErrorCode, Fault},
    graphql::admin::caller::DeskCaller,
};

pub mod downloads;

/// The query parameters of a file's URL.
#[derive(Deserialize)]
pub struct FileQuery {
    language: Option<String>,
}

/// Returns who sends a request.
fn caller(state: &HttpState, peer: SocketAddr, headers: &HeaderMap) -> DeskCaller {
    DeskCaller { signed_in: None, address: ClientAddress::new(state.proxies.client_address(peer.ip(), headers)) }
}

/// Serves `/admin/budgets/{slug}/{file}`.
pub async fn file(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((slug, file)): Path<(String, String)>,
    Query(query): Query<FileQuery>,
    headers: HeaderMap,
) -> Response {
    let caller = caller(&state, peer, &headers);
    let (services, language) = (&state.services, query.language.as_deref());
    let response = match file.as_str() {
        "answers.csv" => downloads::answers(services, &caller, &slug, downloads::Format::Csv, language).await,
        "answers.jsonl" => downloads::answers(services, &caller, &slug, downloads::Format::JsonLines, language).await,
        "answers.dictionary.csv" => downloads::dictionary(services, &caller, &slug, language).await,
        _ => Err(Fault::new(ErrorCode::NotFound, "There is no such file.")),
    };
    response.unwrap_or_else(|fault| ([(header::CACHE_CONTROL, "no-store")], fault.into_response()).into_response())
}

/// Serves `POST /admin/graphql`.
pub async fn post(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if state.origins.sender(&headers) == Sender::Foreign {
        return Fault::new(ErrorCode::Forbidden, "A page of another origin may not use the desk.").into_response();
    }
    let params = match request::in_body(&headers, body) {
        Ok(params) => params,
        Err(response) => return *response,
    };
    let caller = caller(&state, peer, &headers);
    let response = state.admin.execute(params.into_request().data(caller)).await;
    ([(header::CACHE_CONTROL, "no-store")], Json(response)).into_response()
}
