//! A part of the whole, in basis points.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::percent::Percent;

/// A share of a budget in basis points, 0..=10 000 (1 = 0.01 %).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Share(u16);

/// Why a text is not a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Not digits with an optional fraction.
    #[error("is not a number")]
    NotANumber,
    /// Below 0.
    #[error("is below 0")]
    Negative,
    /// Above 100 %.
    #[error("is above 100")]
    AboveWhole,
    /// Finer than a basis point.
    #[error("has more than 2 decimals")]
    TooManyDecimals,
}

impl Share {
    /// The whole: 100 %.
    pub const WHOLE: Self = Self(10_000);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A share from basis points; `None` above 10 000.
    pub const fn from_basis_points(basis_points: u16) -> Option<Self> {
        if basis_points <= Self::WHOLE.0 { Some(Self(basis_points)) } else { None }
    }

    /// The share in basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// Reads a plain decimal per cent such as `12`, `12.5` or `33.33`, exactly: digits, never through a float.
    /// Zeros behind the second decimal change nothing and are accepted.
    pub fn parse_percent(text: &str) -> Result<Self, ShareError> {
        let (negative, magnitude) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(ShareError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if negative && (whole.bytes().any(|byte| byte != b'0') || !fraction.is_empty()) {
            return Err(ShareError::Negative);
        }
        if fraction.len() > 2 {
            return Err(ShareError::TooManyDecimals);
        }
        // Only digits are left, so a failure to parse means a number far above 100.
        let whole: u16 = whole
            .trim_start_matches('0')
            .parse()
            .or_else(|_| if whole.bytes().all(|byte| byte == b'0') { Ok(0) } else { Err(ShareError::AboveWhole) })?;
        let hundredths: u16 = format!("{fraction:0<2}").parse().map_err(|_| ShareError::NotANumber)?;
        whole
            .checked_mul(100)
            .and_then(|basis_points| basis_points.checked_add(hundredths))
            .and_then(Self::from_basis_points)
            .ok_or(ShareError::AboveWhole)
    }
}

impl fmt::Display for Share {
    /// The share in per cent with two decimals, e.g. `12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Percent(u32::from(self.0)).fmt(f)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let basis_points = u16::deserialize(deserializer)?;
        Self::from_basis_points(basis_points)
            .ok_or_else(|| serde::de::Error::custom("a share is at most 10000 basis points"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percents_with_at_most_two_decimals_are_read_exactly() {
        for (text, basis_points) in [
            ("0", 0),
            ("100", 10_000),
            ("33.33", 3333),
            ("33.34", 3334),
            ("12.5", 1250),
            ("0.01", 1),
            ("12.500", 1250),
            ("007", 700),
            ("-0", 0),
            ("-0.00", 0),
            ("0.10", 10),
        ] {
            assert_eq!(Share::parse_percent(text).map(Share::basis_points), Ok(basis_points), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        for (text, error) in [
            ("33.333", ShareError::TooManyDecimals),
            ("0.001", ShareError::TooManyDecimals),
            ("-1", ShareError::Negative),
            ("-0.5", ShareError::Negative),
            ("100.01", ShareError::AboveWhole),
            ("101", ShareError::AboveWhole),
            ("99999999999999999999", ShareError::AboveWhole),
            ("NaN", ShareError::NotANumber),
            ("inf", ShareError::NotANumber),
            ("", ShareError::NotANumber),
            (".5", ShareError::NotANumber),
            ("1.", ShareError::NotANumber),
            ("1e2", ShareError::NotANumber),
            ("1,5", ShareError::NotANumber),
            ("--1", ShareError::NotANumber),
            ("+1", ShareError::NotANumber),
        ] {
            assert_eq!(Share::parse_percent(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_share_reads_back_from_its_display(basis_points in 0u16..=10_000) {
            let share = Share::from_basis_points(basis_points).unwrap();
            prop_assert_eq!(Share::parse_percent(&share.to_string()), Ok(share));
        }
    }
}
