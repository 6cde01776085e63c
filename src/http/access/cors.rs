//! What browsers let pages of other sites read (CORS), and the response to `OPTIONS`.
//!
//! | path | any page | a page of `--allowed-origins` |
//! |---|---|---|
//! | `/graphql`, `/graphql/stream` | reads; no cookie, no token | everything, with cookie and token |
//! | `/api/budgets/…` | reads | reads |
//! | everything else | nothing | nothing |
//!
//! Browsers enforce this table. [`origins`](super::origins) checks each request independently of it.

use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};

use super::origins::Origins;

/// Seconds for which a browser may cache the response to a preflight. No browser accepts more.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// What pages of other sites may send to a group of paths.
struct Rule {
    methods: HeaderValue,
    headers: HeaderValue,
    /// The headers that pages of the allow-list may send.
    allowed_headers: HeaderValue,
    /// Whether the response depends on the caller.
    has_credentials: bool,
}

static GRAPHQL: Rule = Rule {
    methods: HeaderValue::from_static("GET, HEAD, POST"),
    headers: HeaderValue::from_static("content-type, last-event-id"),
    allowed_headers: HeaderValue::from_static("authorization, content-type, last-event-id"),
    has_credentials: true,
};

static DOWNLOADS: Rule = Rule {
    methods: HeaderValue::from_static("GET, HEAD"),
    headers: HeaderValue::from_static("if-none-match"),
    allowed_headers: HeaderValue::from_static("if-none-match"),
    has_credentials: false,
};

fn rule(path: &str) -> Option<&'static Rule> {
    match path {
        "/graphql" | "/graphql/stream" => Some(&GRAPHQL),
        path if path.starts_with("/api/budgets/") => Some(&DOWNLOADS),
        _ => None,
    }
}

/// The CORS headers for the response to one request.
pub struct Cors {
    rule: Option<&'static Rule>,
    /// The request's origin, if it is on the allow-list.
    allowed: Option<HeaderValue>,
    /// Whether another origin may get other headers.
    depends_on_origin: bool,
    is_options: bool,
}

impl Cors {
    /// Looks up the rule for this request's path and its origin in the allow-list.
    pub fn of(origins: &Origins, request: &Parts) -> Self {
        let rule = rule(request.uri.path());
        let with_credentials = rule.is_some_and(|rule| rule.has_credentials);
        Self {
            rule,
            allowed: with_credentials.then(|| origins.allowed(&request.headers).cloned()).flatten(),
            depends_on_origin: with_credentials && origins.has_allowed(),
            is_options: request.method == Method::OPTIONS,
        }
    }

    /// Adds the headers to the response. To `OPTIONS` the router replies 405 with the methods in `Allow`; this turns
    /// that into the proper response.
    pub fn complete(self, response: Response) -> Response {
        let is_options_response = self.is_options && response.status() == StatusCode::METHOD_NOT_ALLOWED;
        let mut response = if is_options_response { options_response(&response) } else { response };
        let Some(rule) = self.rule else { return response };
        let is_allowed = self.allowed.is_some();
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.allowed.unwrap_or(ANY));
        if is_allowed {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        if self.depends_on_origin {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if is_options_response {
            let allowed_headers = if is_allowed { &rule.allowed_headers } else { &rule.headers };
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, rule.methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
        response
    }
}

/// Returns a 204 that lists the methods that the router accepts.
fn options_response(response: &Response) -> Response {
    let methods = response.headers().get(header::ALLOW).and_then(|methods| methods.to_str().ok()).unwrap_or_default();
    let methods = methods.split(',').map(str::trim).filter(|method| !method.is_empty()).chain(["OPTIONS"]);
    let methods = methods.collect::<Vec<_>>().join(", ");
    let mut options = Response::new(Body::empty());
    *options.status_mut() = StatusCode::NO_CONTENT;
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        options.headers_mut().insert(header::ALLOW, methods);
    }
    options
}
