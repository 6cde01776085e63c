//! The publication threshold of a budget: how many ballots must have changed before new statistics are shown.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

/// From 1 to 1000. With 1, every ballot is shown at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16")]
pub struct PublishEvery(u16);

/// The minimum frequency rule of statistical offices: with one or two ballots left, whoever knows one of them could compute
/// the other.
const LEAST_AT_CLOSING: u16 = 3;

/// Why a number is not a threshold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishEveryError {
    /// It is not a whole number.
    #[error(transparent)]
    Number(#[from] ParseIntError),
    /// It is out of range.
    #[error("{0} is not possible; give a number from 1 to {max}", max = PublishEvery::MAX.0)]
    Range(u16),
}

impl PublishEvery {
    /// Every ballot is shown at once.
    pub const ONE: Self = Self(1);
    /// The largest threshold.
    pub const MAX: Self = Self(1_000);

    /// The number of ballots.
    pub fn ballots(self) -> u16 {
        self.0
    }

    /// The number of ballots that suffices once the budget has closed: nobody can make the group larger any more.
    pub fn at_closing(self) -> u16 {
        self.0.min(LEAST_AT_CLOSING)
    }
}

impl Default for PublishEvery {
    fn default() -> Self {
        Self(10)
    }
}

impl TryFrom<u16> for PublishEvery {
    type Error = PublishEveryError;

    fn try_from(ballots: u16) -> Result<Self, Self::Error> {
        if (1..=Self::MAX.0).contains(&ballots) { Ok(Self(ballots)) } else { Err(PublishEveryError::Range(ballots)) }
    }
}

impl FromStr for PublishEvery {
    type Err = PublishEveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u16>()?.try_into()
    }
}

impl fmt::Display for PublishEvery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_a_whole_number_from_1_to_1000() {
        for text in ["1", "10", "1000"] {
            assert_eq!(text.parse::<PublishEvery>().unwrap().to_string(), text);
        }
        for text in ["0", "1001", "-1", "1.5", "", "ten", "65537"] {
            assert!(text.parse::<PublishEvery>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_remainder_at_closing_needs_three_ballots_or_fewer_where_fewer_are_asked_for() {
        let at_closing = |ballots: u16| PublishEvery::try_from(ballots).unwrap().at_closing();
        assert_eq!([1, 2, 3, 10, 1_000].map(at_closing), [1, 2, 3, 3, 3]);
    }
}
