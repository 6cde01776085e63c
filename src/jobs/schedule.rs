//! Which jobs are added at which time.

use chrono::{DateTime, NaiveDate, Timelike, Utc};

use super::Kind;

/// The hour (UTC) in which budgets are verified. A server that does not run in it skips the night.
const VERIFY_HOUR: u32 = 3;

/// The jobs that must be there at this time, each with the day that it is for.
pub fn due_at(now: DateTime<Utc>) -> Option<(Kind, NaiveDate)> {
    (now.hour() == VERIFY_HOUR).then(|| (Kind::Verify, now.date_naive()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_verified_in_the_hour_from_three_on() {
        let due = |at: &str| due_at(at.parse().unwrap());
        let day = "2026-11-26".parse().unwrap();
        assert_eq!(due("2026-11-26T03:00:00Z"), Some((Kind::Verify, day)));
        assert_eq!(due("2026-11-26T03:59:59Z"), Some((Kind::Verify, day)));
        assert_eq!((due("2026-11-26T02:59:59Z"), due("2026-11-26T04:00:00Z")), (None, None));
    }
}
