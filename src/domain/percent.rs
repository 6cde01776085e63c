//! Basis points as per cent.

use std::fmt;

/// A number of basis points. Its `Display` is per cent with two decimals, e.g. `12.50`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u32);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_are_written_always() {
        let written = [0, 5, 3267, 10_000].map(|basis_points| Percent(basis_points).to_string());
        assert_eq!(written, ["0.00", "0.05", "32.67", "100.00"]);
    }
}
