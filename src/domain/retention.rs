//! How long a budget keeps its submissions.

use std::{fmt, num::ParseIntError, str::FromStr};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Days from the closing of a budget to the deletion of its submissions, from 1 to 3650.
///
/// They are counted from the closing. If submissions disappeared while the budget is open, the same person could answer
/// again and count twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16")]
pub struct RetentionDays(u16);

/// Why a number is not one of days.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// It is not a whole number.
    #[error(transparent)]
    Number(#[from] ParseIntError),
    /// It is out of range.
    #[error("{0} is not possible; give a number of days from 1 to {max}", max = RetentionDays::MAX)]
    Range(u16),
}

impl RetentionDays {
    const MAX: u16 = 3_650;

    /// The number of days.
    pub fn days(self) -> u16 {
        self.0
    }

    /// The time from the closing to the deletion.
    pub fn time(self) -> TimeDelta {
        TimeDelta::days(i64::from(self.0))
    }
}

impl TryFrom<u16> for RetentionDays {
    type Error = RetentionError;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        if (1..=Self::MAX).contains(&days) { Ok(Self(days)) } else { Err(RetentionError::Range(days)) }
    }
}

impl FromStr for RetentionDays {
    type Err = RetentionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u16>()?.try_into()
    }
}

impl fmt::Display for RetentionDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
