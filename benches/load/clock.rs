//! The wall clock, which the server, the floor and the load share.

use std::time::{SystemTime, UNIX_EPOCH};

// Returns microseconds since the Unix epoch. Latency is the wall clock at receipt minus the moment in the message, so
// the real clock is read.
#[allow(clippy::disallowed_methods)]
pub fn now_micros() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
