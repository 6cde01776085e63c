//! The organisers' desk over HTTP: its GraphQL endpoint.

use std::net::SocketAddr;

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State, rejection::BytesRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

use super::{access::origins::Sender, graphql::request, state::HttpState};
use crate::{
    domain::network::ClientAddress,
    fault::{ErrorCode, Fault},
    graphql::admin::caller::DeskCaller,
};

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
    let address = ClientAddress::new(state.proxies.client_address(peer.ip(), &headers));
    let caller = DeskCaller { signed_in: None, address };
    let response = state.admin.execute(params.into_request().data(caller)).await;
    ([(header::CACHE_CONTROL, "no-store")], Json(response)).into_response()
}
