//! The only place that reads this machine's clock.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Returns the current time in whole microseconds, the precision of every database.
#[allow(clippy::disallowed_methods)] // this is the one place
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
}

/// Returns the current time in microseconds since 1970.
#[allow(clippy::disallowed_methods)]
pub fn now_micros() -> i64 {
    Utc::now().timestamp_micros()
}
