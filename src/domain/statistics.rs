//! Median, quartiles and spread of an exact histogram.

use super::tally::{CategoryTally, Histogram};

/// A quantile's fraction.
#[derive(Debug, Clone, Copy)]
pub struct Fraction {
    /// The numerator.
    pub numerator: u64,
    /// The denominator; not 0.
    pub denominator: u64,
}

impl Fraction {
    /// The lower quartile.
    pub const QUARTER: Self = Self { numerator: 1, denominator: 4 };
    /// The median.
    pub const HALF: Self = Self { numerator: 1, denominator: 2 };
    /// The upper quartile.
    pub const THREE_QUARTERS: Self = Self { numerator: 3, denominator: 4 };
}

/// The quantile in basis points, 0 for an empty histogram.
///
/// Definition 2 of Hyndman and Fan ("Sample Quantiles in Statistical Packages", 1996): the inverse of the empirical
/// distribution, with the mean of two neighbours where it jumps, rounded half up to a basis point. Its median is the usual
/// one.
pub fn quantile(histogram: &Histogram, fraction: Fraction) -> u16 {
    let total = histogram.pages().fold(0_u64, |sum, (_, page)| sum.saturating_add(page.ballots()));
    let rank = u128::from(total).saturating_mul(u128::from(fraction.numerator));
    let denominator = u128::from(fraction.denominator);
    let (Some(index), Some(rest)) = (rank.checked_div(denominator), rank.checked_rem(denominator)) else { return 0 };
    // `index` ballots lie below the jump; the next ballot lies above it.
    let nth = |n: u128| {
        let mut seen = 0_u128;
        let (number, page) = histogram.pages().find(|(_, page)| {
            let with_page = seen.saturating_add(u128::from(page.ballots()));
            let is_found = with_page >= n;
            if !is_found {
                seen = with_page;
            }
            is_found
        })?;
        page.bins(number).find_map(|(share, count)| {
            seen = seen.saturating_add(u128::try_from(count).unwrap_or(0));
            (seen >= n).then_some(share)
        })
    };
    let above = nth(index.saturating_add(1));
    let below = if rest == 0 { nth(index) } else { above };
    match (below, above) {
        (Some(below), Some(above)) => below.saturating_add(above.saturating_sub(below).div_ceil(2)),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => 0,
    }
}

/// The population standard deviation in basis points, rounded half up; 0 for nobody.
pub fn standard_deviation(category: &CategoryTally, participants: i64) -> u32 {
    // sd = sqrt(n * sum(x^2) - sum(x)^2) / n. For any tally of real ballots every term is below 2^127.
    let n = i128::from(participants);
    let sum = i128::from(category.sum);
    let variance =
        n.checked_mul(i128::from(category.sum_of_squares)).and_then(|a| a.checked_sub(sum.checked_mul(sum)?));
    let Some(variance) = variance.and_then(|variance| u128::try_from(variance).ok()) else { return 0 };
    // round(sqrt(v) / n) = floor((floor(sqrt(4v)) + n) / 2n): doubling keeps the half that rounding needs.
    let n = u128::try_from(n).unwrap_or(0);
    let doubled = variance.saturating_mul(4).isqrt();
    doubled.saturating_add(n).checked_div(n.saturating_mul(2)).and_then(|sd| u32::try_from(sd).ok()).unwrap_or(0)
}

#[cfg(test)]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp
)] // small numbers, compared with the obvious formula
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(values: &[u16]) -> Histogram {
        Histogram::try_from(values.iter().map(|value| (*value, 1)).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn small_cases_match_the_definition() {
        assert_eq!(quantile(&histogram(&[]), Fraction::HALF), 0);
        assert_eq!(quantile(&histogram(&[5]), Fraction::QUARTER), 5);
        assert_eq!(quantile(&histogram(&[0, 1]), Fraction::HALF), 1, "half up");
        assert_eq!(quantile(&histogram(&[10, 20, 30]), Fraction::HALF), 20);
        assert_eq!(quantile(&histogram(&[10, 20, 30, 40]), Fraction::QUARTER), 15);
        assert_eq!(quantile(&histogram(&[10, 20, 30, 40]), Fraction::THREE_QUARTERS), 35);
        assert_eq!(quantile(&histogram(&[10, 10, 10, 40]), Fraction::HALF), 10);
    }

    proptest! {
        #[test]
        fn quantiles_equal_those_of_the_sorted_list(mut values in proptest::collection::vec(0u16..=10_000, 1..50)) {
            let histogram = histogram(&values);
            values.sort_unstable();
            for (fraction, p) in [(Fraction::QUARTER, 0.25), (Fraction::HALF, 0.5), (Fraction::THREE_QUARTERS, 0.75)] {
                let position = values.len() as f64 * p;
                let j = position.floor() as usize;
                let expected = if position.fract() == 0.0 {
                    f64::midpoint(f64::from(values[j - 1]), f64::from(values[j])).round()
                } else {
                    f64::from(values[j])
                };
                prop_assert_eq!(f64::from(quantile(&histogram, fraction)), expected);
            }
        }

        #[test]
        fn the_standard_deviation_is_that_of_the_list(values in proptest::collection::vec(0u16..=10_000, 1..50)) {
            let n = values.len() as f64;
            let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / n;
            let variance = values.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>() / n;
            let category = CategoryTally {
                sum: values.iter().map(|value| i64::from(*value)).sum(),
                sum_of_squares: values.iter().map(|value| i64::from(*value).pow(2)).sum(),
                histogram: histogram(&values),
            };
            let exact = standard_deviation(&category, values.len() as i64);
            prop_assert!((f64::from(exact) - variance.sqrt()).abs() <= 0.500_001);
        }
    }
}
