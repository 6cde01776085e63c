//! The page and the explorer, embedded in the binary.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

/// What `npm run build` made. Empty where the page was not built: then the API works and a notice says how to get it.
#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";
const EXPLORER: &str = "graphiql.html";

/// No other origin, no inline script or style.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
/// The explorer's editor makes its styles and workers at run time.
const EXPLORER_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; \
    img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

const NOTICE: &str = include_str!("assets/notice.html");

/// The page; its script shows what belongs to the path.
pub async fn page() -> Response {
    document(PAGE, PAGE_POLICY)
}

/// The explorer for the API.
pub fn explorer() -> Response {
    document(EXPLORER, EXPLORER_POLICY)
}

/// Anything else: a built file, or the page with status 404, which then helps.
pub async fn file(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    // Documents have addresses of their own.
    let Some(found) = Dist::get(path).filter(|_| path != PAGE && path != EXPLORER) else {
        let mut response = document(PAGE, PAGE_POLICY);
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    // Names under assets/ carry a hash of the content: what has such a name never changes.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = found.data.into_response();
    set(&mut response, header::CONTENT_TYPE, found.metadata.mimetype());
    set(&mut response, header::CACHE_CONTROL, cache);
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

fn document(name: &str, policy: &str) -> Response {
    let mut response = match Dist::get(name) {
        Some(found) => {
            let mut response = found.data.into_response();
            set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
            set(&mut response, header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        None => Html(NOTICE).into_response(),
    };
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::REFERRER_POLICY, "same-origin");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
