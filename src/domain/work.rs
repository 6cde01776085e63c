//! How much work a submission costs beyond the allowance of its network.

use super::rate::Rate;

/// The work doubles each time the excess over the burst passes this many bursts times a power of two.
const BURSTS_PER_STEP: u64 = 5;
/// The largest work. What would cost more is refused.
const MAX_WORK: u32 = 16;

/// A multiple of the basic work: 1, 2, 4, 8 or 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work(u32);

/// What one more event costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// The event is within the allowance.
    Free,
    /// The event is beyond the allowance and costs this work. After the milliseconds it would be free.
    Work(Work, u64),
    /// No work is enough before the milliseconds have passed.
    Refused(u64),
}

impl Work {
    /// The work of the first step.
    pub const BASIC: Self = Self(1);

    /// Reads a stored factor.
    pub fn of_factor(factor: u64) -> Option<Self> {
        u32::try_from(factor).ok().filter(|factor| factor.is_power_of_two() && *factor <= MAX_WORK).map(Self)
    }

    /// Returns the multiple.
    pub fn factor(self) -> u32 {
        self.0
    }

    /// The milliseconds by which the arrival time may be ahead before an event that has cost this work. Work of the
    /// step before is enough: others have submitted while the client was working.
    pub fn max_ahead_ms(self, rate: Rate) -> u64 {
        ahead_ms(rate, self.0.saturating_mul(2).min(MAX_WORK))
    }
}

/// The price of one more event, where the arrival time is this far ahead.
pub fn price(rate: Rate, current_ahead_ms: u64) -> Price {
    let free_in = |limit_ms: u64| current_ahead_ms.checked_sub(limit_ms).filter(|wait_ms| *wait_ms > 0);
    let Some(wait_ms) = free_in(rate.tolerance_ms()) else { return Price::Free };
    let mut factor = 1;
    while factor <= MAX_WORK {
        if current_ahead_ms <= ahead_ms(rate, factor) {
            return Price::Work(Work(factor), wait_ms);
        }
        factor = factor.saturating_mul(2);
    }
    Price::Refused(free_in(ahead_ms(rate, MAX_WORK)).unwrap_or(wait_ms))
}

/// The end of the step at which an event costs this factor.
fn ahead_ms(rate: Rate, factor: u32) -> u64 {
    let excess_ms = rate.recovery_ms().saturating_mul(BURSTS_PER_STEP).saturating_mul(u64::from(factor));
    rate.tolerance_ms().saturating_add(excess_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The price of the event after `count` events at one moment.
    fn after(rate: &str, count: u64) -> Price {
        let rate: Rate = rate.parse().unwrap();
        price(rate, count * rate.interval_ms())
    }

    #[test]
    fn the_burst_is_free_then_the_work_doubles_and_at_eighty_bursts_it_ends() {
        let work = |count| match after("300/h:50", count) {
            Price::Free => Some(0),
            Price::Work(work, _) => Some(work.factor()),
            Price::Refused(_) => None,
        };
        for (first, last, factor) in
            [(0, 49, 0), (50, 299, 1), (300, 549, 2), (550, 1_049, 4), (1_050, 2_049, 8), (2_050, 4_049, 16)]
        {
            assert_eq!((work(first), work(last)), (Some(factor), Some(factor)), "{first} to {last}");
        }
        assert_eq!(work(4_050), None);
    }

    #[test]
    fn who_waits_as_told_is_let_in() {
        assert_eq!(after("300/h:50", 50), Price::Work(Work(1), 12_000));
        assert_eq!(after("300/h:50", 51), Price::Work(Work(1), 24_000));
        assert_eq!(after("300/h:50", 4_050), Price::Refused(12_000));
    }

    #[test]
    fn work_of_the_step_before_is_enough_and_no_work_passes_the_last_step() {
        let rate: Rate = "300/h:50".parse().unwrap();
        for factor in [1, 2, 4, 8] {
            let work = Work::of_factor(factor).unwrap();
            let twice = Work::of_factor(2 * factor).unwrap();
            assert!(matches!(price(rate, work.max_ahead_ms(rate)), Price::Work(needed, _) if needed == twice));
            assert!(!matches!(price(rate, work.max_ahead_ms(rate) + 1), Price::Work(needed, _) if needed == twice));
        }
        let most = Work::of_factor(16).unwrap();
        assert!(matches!(price(rate, most.max_ahead_ms(rate) + 1), Price::Refused(1)));
        assert_eq!(Work::of_factor(3), None);
        assert_eq!(Work::of_factor(32), None);
    }
}
