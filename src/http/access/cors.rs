//! What browsers let pages of other sites read (CORS), and the answer to `OPTIONS`.
//!
//! | path | any page | a page of `--allowed-origins` |
//! |---|---|---|
//! | `/graphql`, `/graphql/stream` | reads; no cookie, no token | everything, with cookie and token |
//! | `/api/budgets/…` | reads | reads |
//! | everything else | nothing | nothing |
//!
//! Browsers hold pages to this table; [`origins`](super::origins) judges each request by itself all the same.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};

use super::origins::Origins;

/// Seconds for which a browser may remember the answer to a preflight; no browser takes more.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// What pages of other sites may send to some paths.
struct Rule {
    methods: HeaderValue,
    headers: HeaderValue,
    /// For pages of the allow-list.
    allowed_headers: HeaderValue,
    /// Whether the answer depends on who asks.
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

/// What is added to the response to one request.
pub struct Cors {
    rule: Option<&'static Rule>,
    /// The request's origin, where it is on the allow-list.
    allowed: Option<HeaderValue>,
    /// Whether another origin may get other headers.
    depends_on_origin: bool,
    is_options: bool,
}

impl Cors {
    /// For this request.
    pub fn of(origins: &Origins, request: &Request) -> Self {
        let rule = rule(request.uri().path());
        let with_credentials = rule.is_some_and(|rule| rule.has_credentials);
        Self {
            rule,
            allowed: with_credentials.then(|| origins.allowed(request.headers()).cloned()).flatten(),
            depends_on_origin: with_credentials && origins.has_allowed(),
            is_options: request.method() == Method::OPTIONS,
        }
    }

    /// The response with its headers. The router refuses `OPTIONS` and says in `Allow` what it takes: that is the answer.
    pub fn complete(self, response: Response) -> Response {
        let is_answer = self.is_options && response.status() == StatusCode::METHOD_NOT_ALLOWED;
        let mut response = if is_answer { described(&response) } else { response };
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
        if is_answer {
            let allowed_headers = if is_allowed { &rule.allowed_headers } else { &rule.headers };
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, rule.methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
        response
    }
}

/// `204` with the methods that the router takes.
fn described(response: &Response) -> Response {
    let methods = response.headers().get(header::ALLOW).and_then(|methods| methods.to_str().ok()).unwrap_or_default();
    let methods = methods.split(',').map(str::trim).filter(|method| !method.is_empty()).chain(["OPTIONS"]);
    let methods = methods.collect::<Vec<_>>().join(", ");
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        answer.headers_mut().insert(header::ALLOW, methods);
    }
    answer
}
