//! A name for each request: in the log beside everything that it caused, and in the response.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// Where it stands.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// Tells this process from every other, so that its count of requests is enough.
static PROCESS: LazyLock<String> = LazyLock::new(|| {
    let random = uuid::Uuid::new_v4().simple().to_string();
    random.chars().take(12).collect()
});
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The id that a proxy gave, where it is a plain one, or a new one.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(HEADER).filter(|id| is_plain(id));
    given.cloned().unwrap_or_else(|| {
        let id = format!("{}-{:x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed));
        HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static(""))
    })
}

/// Anything else could forge a line of the log.
fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
