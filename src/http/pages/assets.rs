//! The page, the explorer and their files, embedded in the binary.

use std::borrow::Cow;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{head::Head, language::Language};
use crate::{
    engine::response_cache::entity_tag,
    http::{access::embed_origins::EmbedOrigins, respond::negotiation},
};

/// The output of `npm run build`. It is empty if the page was not built: then the API works, and a notice says how to
/// build the page.
#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";
const DESK: &str = "desk.html";
const EMBEDDED: &str = "embed.html";
const EXPLORER: &str = "graphiql.html";

/// Allows no other origin, and no inline script or style.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
/// The same for a page that another page of this origin shows in a frame.
const FRAMED_POLICY: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'";
/// The explorer's editor creates its styles and workers at run time.
const EXPLORER_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; \
    img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/// Browser features that the page never uses.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

const NOTICE: &str = include_str!("assets/notice.html");

/// The encodings of a file, best first, with the suffix of the compressed file that `npm run build` put beside it.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Which pages may show the page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frames {
    None,
    OwnOrigin,
}

/// Returns the page with its head. The page's script shows what belongs to the path.
pub fn page(request: &HeaderMap, head: &Head, status: StatusCode, frames: Frames) -> Response {
    let policy = match frames {
        Frames::None => PAGE_POLICY,
        Frames::OwnOrigin => FRAMED_POLICY,
    };
    with_head(PAGE, request, head, status, policy)
}

/// Returns the page of the desk with its head.
pub fn desk(request: &HeaderMap, head: &Head) -> Response {
    with_head(DESK, request, head, StatusCode::OK, PAGE_POLICY)
}

/// Returns the page of a result for the frames of other sites, with its head.
pub fn embedded(request: &HeaderMap, head: &Head, status: StatusCode, origins: &EmbedOrigins) -> Response {
    with_head(EMBEDDED, request, head, status, &origins.policy())
}

fn with_head(name: &str, request: &HeaderMap, head: &Head, status: StatusCode, policy: &str) -> Response {
    let (mut response, tag) =
        document(text(name).map(|page| head.complete(&page, &texts_of(name, head.language))), policy);
    *response.status_mut() = status;
    set(&mut response, header::CONTENT_LANGUAGE, head.language.tag());
    set(&mut response, header::VARY, "accept-language");
    negotiation::tagged(request, &tag, response)
}

/// Returns the scripts with a document's texts in one language. The document's script imports them; naming them in the
/// document lets the browser load all at the same time.
fn texts_of(document: &str, language: Language) -> Vec<String> {
    let kinds: &[&str] = if document == DESK { &["texts", "desk-texts"] } else { &["texts"] };
    let find = |kind: &&str| {
        let beginning = format!("assets/{kind}-{}-", language.tag());
        Dist::iter().find(|path| path.starts_with(&beginning) && path.ends_with(".js")).map(Cow::into_owned)
    };
    kinds.iter().filter_map(find).collect()
}

/// Returns the API explorer.
pub fn explorer(request: &HeaderMap) -> Response {
    let (response, tag) = document(text(EXPLORER), EXPLORER_POLICY);
    negotiation::tagged(request, &tag, response)
}

/// Returns the built file at this path. Returns none if there is none.
pub fn file(uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let path = uri.path().trim_start_matches('/');
    // The documents have paths of their own, and a compressed file is only sent in place of the file beside it.
    let is_hidden =
        [PAGE, DESK, EMBEDDED, EXPLORER].contains(&path) || ENCODINGS.iter().any(|(_, ending)| path.ends_with(ending));
    let found = Dist::get(path).filter(|_| !is_hidden)?;
    let mimetype = found.metadata.mimetype().to_owned();
    let (encoding, found) = compressed(path, headers).map_or((None, found), |(name, file)| (Some(name), file));
    let tag = entity_tag(&found.metadata.sha256_hash());
    let mut response = found.data.into_response();
    // Names under assets/ carry a hash of the content, so the content of such a name never changes.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    set(&mut response, header::CONTENT_TYPE, &mimetype);
    set(&mut response, header::CACHE_CONTROL, cache);
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        set(&mut response, header::CONTENT_ENCODING, encoding);
    }
    Some(negotiation::tagged(headers, &tag, response))
}

/// Returns the file in the encoding that the client prefers. Returns none if the client prefers it uncompressed, or if
/// the file was not compressed.
fn compressed(path: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = || negotiation::weighted(headers, header::ACCEPT_ENCODING);
    let weight_of = |name: &str| {
        let exact = accepted().find(|(accepted, _)| accepted.eq_ignore_ascii_case(name.as_bytes()));
        exact.or_else(|| accepted().find(|(accepted, _)| *accepted == b"*")).map_or(0, |(_, q)| q)
    };
    let mut encodings = ENCODINGS.map(|(name, ending)| (weight_of(name), name, ending));
    // The sort is stable: of equal weights the smaller file comes first.
    encodings.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    let wanted = encodings.into_iter().filter(|(weight, ..)| *weight > 0);
    wanted.into_iter().find_map(|(_, name, ending)| Some((name, Dist::get(&format!("{path}{ending}"))?)))
}

fn text(name: &str) -> Option<String> {
    String::from_utf8(Dist::get(name)?.data.into_owned()).ok()
}

/// Returns a document and its entity tag, or the notice if the document was not built.
fn document(text: Option<String>, policy: &str) -> (Response, String) {
    let is_built = text.is_some();
    let text = text.unwrap_or_else(|| NOTICE.to_owned());
    let tag = entity_tag(text.as_bytes());
    let mut response = Html(text).into_response();
    if is_built {
        set(&mut response, header::CONTENT_SECURITY_POLICY, policy);
    }
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::REFERRER_POLICY, "same-origin");
    set(&mut response, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    (response, tag)
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
