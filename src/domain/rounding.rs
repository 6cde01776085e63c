//! Rounding that keeps a total: the largest-remainder (Hamilton) method.

/// Divides `whole` among `weights` in proportion, in integers that add to exactly `whole`.
///
/// Each part gets the floor of its quota. The rest goes to the parts with the largest remainders, one each; of equal
/// remainders, to the earlier part. If all weights are 0, all parts are 0. Negative weights count as 0.
pub fn apportion(whole: u32, weights: &[i64]) -> Vec<u32> {
    let weights: Vec<u128> = weights.iter().map(|weight| u128::try_from(*weight).unwrap_or(0)).collect();
    let total = weights.iter().fold(0_u128, |sum, weight| sum.saturating_add(*weight));
    if total == 0 {
        return vec![0; weights.len()];
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = whole;
    for (index, weight) in weights.iter().enumerate() {
        // weight <= 2^63 and whole < 2^32, so the product fits in 128 bits; total is not 0.
        let product = weight.saturating_mul(u128::from(whole));
        let floor = u32::try_from(product.checked_div(total).unwrap_or(0)).unwrap_or(whole);
        parts.push(floor);
        left = left.saturating_sub(floor);
        remainders.push((product.checked_rem(total).unwrap_or(0), std::cmp::Reverse(index)));
    }
    remainders.sort_unstable_by(|a, b| b.cmp(a));
    for (_, std::cmp::Reverse(index)) in remainders {
        if left == 0 {
            break;
        }
        if let Some(part) = parts.get_mut(index) {
            *part = part.saturating_add(1);
            left = left.saturating_sub(1);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_thirds_give_the_spare_hundredth_to_the_first() {
        assert_eq!(apportion(10_000, &[1, 1, 1]), vec![3334, 3333, 3333]);
        assert_eq!(apportion(10_000, &[0, 0]), vec![0, 0]);
        assert_eq!(apportion(10_000, &[]), Vec::<u32>::new());
    }

    proptest! {
        #[test]
        fn parts_always_add_to_the_whole_and_stay_within_one_of_their_quota(
            whole in 0u32..1_000_000, weights in proptest::collection::vec(0i64..=i64::MAX / 64, 1..40),
        ) {
            let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let parts = apportion(whole, &weights);
            if total == 0 {
                prop_assert!(parts.iter().all(|part| *part == 0));
            } else {
                prop_assert_eq!(parts.iter().sum::<u32>(), whole);
                for (part, weight) in parts.iter().zip(&weights) {
                    let error = i128::from(*part) * total - i128::from(*weight) * i128::from(whole);
                    prop_assert!(error.abs() < total);
                }
            }
        }
    }
}
