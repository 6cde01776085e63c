//! Rate limits by the generic cell rate algorithm (GCRA, ITU-T I.371). It needs one number for each key: the theoretical
//! arrival time, which each event moves ahead by its interval. There are no windows at whose edges twice the rate could
//! pass.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

/// A number of events in a period, and how many of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    limit: NonZeroU32,
    period: Duration,
    burst: NonZeroU32,
}

impl Rate {
    /// The whole limit may come at once.
    pub const fn new(limit: NonZeroU32, period: Duration) -> Self {
        Self { limit, period, burst: limit }
    }

    /// The number of events in the period.
    pub fn limit(self) -> u32 {
        self.limit.get()
    }

    /// The period.
    pub fn period(self) -> Duration {
        self.period
    }

    /// The number of events that may come at once.
    pub fn burst(self) -> u32 {
        self.burst.get()
    }

    /// The milliseconds that one event costs, at least 1.
    pub fn interval_ms(self) -> u64 {
        let period_ms = u64::try_from(self.period.as_millis()).unwrap_or(u64::MAX);
        period_ms.checked_div(u64::from(self.limit.get())).unwrap_or(1).max(1)
    }

    /// The milliseconds by which the arrival time may be ahead before an event: the cost of a burst but one event.
    pub fn tolerance_ms(self) -> u64 {
        self.interval_ms().saturating_mul(u64::from(self.burst()).saturating_sub(1))
    }

    /// The milliseconds after which a used burst is whole again.
    pub fn recovery_ms(self) -> u64 {
        self.interval_ms().saturating_mul(u64::from(self.burst()))
    }

    /// `times` as many events in the same period, and at once.
    #[must_use]
    pub fn times(self, times: NonZeroU32) -> Self {
        Self { limit: self.limit.saturating_mul(times), burst: self.burst.saturating_mul(times), ..self }
    }
}

impl FromStr for Rate {
    type Err = String;

    /// `10/h`, `5/m`, `2/s`, or with a burst: `300/h:50` is 300 an hour and 50 at once.
    fn from_str(text: &str) -> Result<Self, String> {
        let rule = || {
            format!(
                "\"{text}\" is not a rate: write a count and a unit, such as 10/h, 5/m or 2/s, and after a colon how \
                 many may come at once, such as 300/h:50"
            )
        };
        let (rate, burst) = text.split_once(':').map_or((text, None), |(rate, burst)| (rate, Some(burst)));
        let (limit, unit) = rate.split_once('/').ok_or_else(rule)?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(rule()),
        };
        let rate = Self::new(limit.parse().map_err(|_| rule())?, Duration::from_secs(seconds));
        let burst = burst.map_or(Ok(rate.limit), |burst| burst.parse().map_err(|_| rule()))?;
        Ok(Self { burst, ..rate })
    }
}

/// One key against which an event is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The name of the policy and of whom it counts.
    pub key: String,
    /// The milliseconds that the event costs.
    pub interval_ms: u64,
    /// The milliseconds by which the arrival time may be ahead for this event.
    pub max_ahead_ms: u64,
}

impl Charge {
    /// The arrival time after this event at `now_ms`, from the stored one (0 where none is stored), or nothing if the
    /// stored one is too far ahead.
    pub fn next_arrival_ms(&self, arrival_ms: u64, now_ms: u64) -> Option<u64> {
        let arrival_ms = arrival_ms.max(now_ms);
        let is_admitted = arrival_ms.saturating_sub(now_ms) <= self.max_ahead_ms;
        is_admitted.then(|| arrival_ms.saturating_add(self.interval_ms))
    }
}

/// A key that only one owner may have.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The name of what is claimed.
    pub key: String,
    /// Who claims it.
    pub owner: String,
    /// The claim is kept for this long.
    pub lifetime: Duration,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was counted against every key.
    Counted,
    /// A key is too far ahead. Nothing was counted.
    TooFarAhead,
    /// Another owner has the claim. Nothing was counted.
    Claimed,
}

/// What became of an event, and by how many milliseconds the arrival time of each key is now ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// Whether it was counted.
    pub outcome: Outcome,
    /// One number for each charge.
    pub ahead_ms: Vec<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn charge(rate: Rate) -> Charge {
        Charge { key: String::new(), interval_ms: rate.interval_ms(), max_ahead_ms: rate.tolerance_ms() }
    }

    #[test]
    fn the_whole_allowance_may_come_at_once_then_one_each_interval() {
        let charge = charge("10/h".parse().unwrap());
        let mut arrival = 0;
        for _ in 0..10 {
            arrival = charge.next_arrival_ms(arrival, 1_000).unwrap();
        }
        assert_eq!(arrival - 1_000 - charge.max_ahead_ms, 360_000);
        assert_eq!(charge.next_arrival_ms(arrival, 360_999), None);
        assert!(charge.next_arrival_ms(arrival, 361_000).is_some());
    }

    #[test]
    fn with_a_burst_no_minute_admits_more_than_the_burst_and_what_recovers_in_it() {
        let charge = charge("300/h:50".parse().unwrap());
        let (mut arrival, mut admitted) = (0, 0);
        for now in (0..60_000).step_by(10) {
            if let Some(next) = charge.next_arrival_ms(arrival, now) {
                (arrival, admitted) = (next, admitted + 1);
            }
        }
        assert_eq!(admitted, 54, "50 at once, and one each 12 seconds");
    }

    #[test]
    fn what_is_not_a_rate_is_refused() {
        for text in ["", "10", "0/h", "-1/h", "10/d", "ten/h", "10/h:", "10/h:0", "10/h:5:5", ":5"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_period_ever_admits_more_than_twice_the_allowance_and_waiting_as_told_is_enough(
            limit in 1u32..20, steps in proptest::collection::vec(0u64..2_000, 1..100),
        ) {
            let charge = charge(Rate::new(NonZeroU32::new(limit).unwrap(), Duration::from_secs(10)));
            let (mut arrival, mut now, mut admitted) = (0, 1, Vec::new());
            for step in steps {
                now += step;
                match charge.next_arrival_ms(arrival, now) {
                    Some(next) => { arrival = next; admitted.push(now); }
                    None => prop_assert!(charge.next_arrival_ms(arrival, arrival - charge.max_ahead_ms).is_some()),
                }
            }
            for (index, start) in admitted.iter().enumerate() {
                let within = admitted[index..].iter().filter(|time| **time < start + 10_000).count();
                prop_assert!(within <= 2 * limit as usize);
            }
        }
    }
}
