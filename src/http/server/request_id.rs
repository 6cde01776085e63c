//! An id for each request: it is logged beside everything that the request causes, and is sent in the response.

use std::{
    io::Write,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header of the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// A random prefix for this process, so that counting requests is enough to make ids unique.
static PROCESS: LazyLock<String> = LazyLock::new(|| {
    let random = uuid::Uuid::new_v4().simple().to_string();
    random.chars().take(12).collect()
});
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Returns the id that a proxy gave, if it is a plain one, or a new id.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(HEADER).filter(|id| is_plain(id));
    given.cloned().unwrap_or_else(|| {
        let mut buffer = [0; MAX_LENGTH];
        let mut rest = buffer.as_mut_slice();
        // The prefix and a number of 64 bits fit in.
        let _ = write!(rest, "{}-{:x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed));
        let length = MAX_LENGTH - rest.len();
        HeaderValue::from_bytes(&buffer[..length]).unwrap_or_else(|_| HeaderValue::from_static(""))
    })
}

/// Returns whether the id has only harmless characters. Any others could forge a line of the log.
fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
