//! Rate limits by the generic cell rate algorithm (GCRA, ITU-T I.371). It needs one number for each key and has no windows
//! at whose edges twice the rate could pass.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

/// A number of events in a period. A burst may use all of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The number of events.
    pub limit: NonZeroU32,
    /// The period.
    pub period: Duration,
}

impl Rate {
    /// The milliseconds that one event costs, at least 1.
    pub fn interval_ms(self) -> u64 {
        let period_ms = u64::try_from(self.period.as_millis()).unwrap_or(u64::MAX);
        period_ms.checked_div(u64::from(self.limit.get())).unwrap_or(1).max(1)
    }

    /// The milliseconds by which the theoretical arrival time may be ahead of now: the cost of all events but one.
    pub fn tolerance_ms(self) -> u64 {
        self.interval_ms().saturating_mul(u64::from(self.limit.get()).saturating_sub(1))
    }

    /// One event at `now_ms` with the stored theoretical arrival time (0 where none is stored).
    ///
    /// `Ok` holds the arrival time to store. `Err` holds the milliseconds to wait; then the stored time stays.
    pub fn check(self, arrival_ms: u64, now_ms: u64) -> Result<u64, u64> {
        let arrival_ms = arrival_ms.max(now_ms);
        let ahead_ms = arrival_ms.saturating_sub(now_ms);
        match ahead_ms.checked_sub(self.tolerance_ms()) {
            Some(wait_ms) if wait_ms > 0 => Err(wait_ms),
            _ => Ok(arrival_ms.saturating_add(self.interval_ms())),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    /// `10/h`, `5/m`, `2/s`.
    fn from_str(text: &str) -> Result<Self, String> {
        let rule = || format!("\"{text}\" is not a rate: write a count and a unit, such as 10/h, 5/m or 2/s");
        let (limit, unit) = text.split_once('/').ok_or_else(rule)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(rule()),
        };
        Ok(Self { limit: limit.parse().map_err(|_| rule())?, period: Duration::from_secs(seconds) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_whole_allowance_may_come_at_once_then_one_each_interval() {
        let rate: Rate = "10/h".parse().unwrap();
        let mut arrival = 0;
        for _ in 0..10 {
            arrival = rate.check(arrival, 1_000).unwrap();
        }
        assert_eq!(rate.check(arrival, 1_000), Err(360_000));
        assert_eq!(rate.check(arrival, 360_999), Err(1));
        assert!(rate.check(arrival, 361_000).is_ok());
    }

    #[test]
    fn what_is_not_a_rate_is_refused() {
        for text in ["", "10", "0/h", "-1/h", "10/d", "ten/h"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_period_ever_admits_more_than_twice_the_allowance_and_waiting_as_told_is_enough(
            limit in 1u32..20, steps in proptest::collection::vec(0u64..2_000, 1..100),
        ) {
            let rate = Rate { limit: NonZeroU32::new(limit).unwrap(), period: Duration::from_secs(10) };
            let (mut arrival, mut now, mut admitted) = (0, 1, Vec::new());
            for step in steps {
                now += step;
                match rate.check(arrival, now) {
                    Ok(next) => { arrival = next; admitted.push(now); }
                    Err(wait) => prop_assert!(rate.check(arrival, now + wait).is_ok()),
                }
            }
            for (index, start) in admitted.iter().enumerate() {
                let within = admitted[index..].iter().filter(|time| **time < start + 10_000).count();
                prop_assert!(within <= 2 * limit as usize);
            }
        }
    }
}
