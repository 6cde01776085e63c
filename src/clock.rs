//! The one place that reads this machine's clock.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Now, in whole microseconds: what every database keeps.
#[allow(clippy::disallowed_methods)] // this is the one place
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
}
