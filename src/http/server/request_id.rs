//! An id for each request: it is logged beside everything that the request causes, and is sent in the response.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header of the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// The length of the random prefix.
const PREFIX_LENGTH: usize = 12;
/// The length of an id: prefix, hyphen, and a number of 64 bits in hexadecimal.
const ID_LENGTH: usize = PREFIX_LENGTH + 1 + 16;

/// An id without its number. The random prefix is this process's own, so that counting requests is enough to make ids unique.
static UNNUMBERED: LazyLock<[u8; ID_LENGTH]> = LazyLock::new(|| {
    let mut id = [b'-'; ID_LENGTH];
    id[..PREFIX_LENGTH].copy_from_slice(&uuid::Uuid::new_v4().simple().to_string().as_bytes()[..PREFIX_LENGTH]);
    id
});
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Returns the id that a proxy gave, if it is a plain one, or a new id.
pub fn of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(HEADER).filter(|id| is_plain(id));
    given.cloned().unwrap_or_else(|| {
        let mut id = *UNNUMBERED;
        let number = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let written = hex::encode_to_slice(number, &mut id[PREFIX_LENGTH + 1..]).map(|()| HeaderValue::from_bytes(&id));
        written.ok().and_then(Result::ok).unwrap_or_else(|| HeaderValue::from_static(""))
    })
}

/// Returns whether the id has only harmless characters. Any others could forge a line of the log.
fn is_plain(id: &HeaderValue) -> bool {
    let id = id.as_bytes();
    (1..=MAX_LENGTH).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
