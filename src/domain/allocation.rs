//! Allocations: a share for each category, adding to exactly 100 %.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{budget::Budget, percent::Percent, share::Share, violation::Violation};

/// One share for each category of a budget, in position order, adding to exactly 10 000 basis points. The constructors check
/// that, so no other code needs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Share>", into = "Vec<Share>")]
pub struct Allocation(Vec<Share>);

/// A share of a request: a category's key and a per cent in decimal digits.
#[derive(Debug, Clone)]
pub struct RequestedShare {
    /// The category's key.
    pub category: String,
    /// Plain decimal digits, e.g. `33.33`.
    pub percent: String,
}

impl Allocation {
    /// Checks every rule and returns a violation for each broken one. A category that is not named gets 0.
    pub fn new(budget: &Budget, requested: &[RequestedShare]) -> Result<Self, Vec<Violation>> {
        if requested.is_empty() {
            return Err(vec![Violation::new("shares", "REQUIRED", "Name at least one category with its per cent.")]);
        }
        if requested.len() > budget.categories.len() {
            // Checked first, so that a list of a million lines costs nothing.
            let message = format!("This budget has {} categories; name each at most once.", budget.categories.len());
            return Err(vec![Violation::new("shares", "TOO_MANY", message)]);
        }
        let positions: HashMap<&str, usize> =
            budget.keys().enumerate().map(|(position, key)| (key, position)).collect();
        let mut shares: Vec<Option<Share>> = vec![None; budget.categories.len()];
        let mut violations = Vec::new();
        for (index, RequestedShare { category, percent }) in requested.iter().enumerate() {
            let share = Share::parse_percent(percent).map_err(|error| {
                // A number may have 300 digits; the first ones identify it.
                let cut = if percent.len() > MAX_SHOWN { "…" } else { "" };
                let shown: String = percent.chars().take(MAX_SHOWN).collect();
                let message = format!("{shown}{cut} {error}. Give a per cent from 0 to 100 with at most 2 decimals.");
                violations.push(Violation::new(format!("shares[{index}].percent"), "PERCENT", message));
            });
            let slot = positions.get(category.as_str()).and_then(|position| shares.get_mut(*position));
            let path = || format!("shares[{index}].category");
            match slot {
                None => {
                    let known = budget.keys().collect::<Vec<_>>().join(", ");
                    let category: String = category.chars().take(64).collect();
                    let message = format!("There is no category \"{category}\" in this budget. Use one of: {known}.");
                    violations.push(Violation::new(path(), "UNKNOWN_CATEGORY", message));
                }
                Some(Some(_)) => {
                    let message = format!("\"{category}\" is named twice. Give each category one share.");
                    violations.push(Violation::new(path(), "REPEATED_CATEGORY", message));
                }
                Some(slot) => *slot = Some(share.unwrap_or_default()),
            }
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        let shares: Vec<Share> = shares.into_iter().map(Option::unwrap_or_default).collect();
        Self::from_shares(shares).map_err(|total| {
            let (relation, difference) =
                if total > WHOLE { ("above", total.abs_diff(WHOLE)) } else { ("below", WHOLE.abs_diff(total)) };
            let message = format!(
                "The shares add up to {} %, {} % {relation} 100. They must add up to exactly 100 %.",
                Percent(total),
                Percent(difference)
            );
            vec![Violation::new("shares", "SUM", message)]
        })
    }

    /// Shares in category order; `Err` with their sum in basis points when it is not the whole.
    pub fn from_shares(shares: Vec<Share>) -> Result<Self, u32> {
        let total = shares.iter().map(|share| u32::from(share.basis_points())).fold(0, u32::saturating_add);
        if total == WHOLE { Ok(Self(shares)) } else { Err(total) }
    }

    /// The shares in category order.
    pub fn shares(&self) -> &[Share] {
        &self.0
    }
}

impl TryFrom<Vec<Share>> for Allocation {
    type Error = String;

    fn try_from(shares: Vec<Share>) -> Result<Self, Self::Error> {
        Self::from_shares(shares).map_err(|total| format!("the shares add up to {total} basis points"))
    }
}

impl From<Allocation> for Vec<Share> {
    fn from(allocation: Allocation) -> Self {
        allocation.0
    }
}

const WHOLE: u32 = 10_000;
const MAX_SHOWN: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(requested: &[(&str, &str)]) -> Result<Vec<u16>, Vec<(String, &'static str)>> {
        let requested: Vec<_> = requested
            .iter()
            .map(|(category, percent)| RequestedShare { category: (*category).into(), percent: (*percent).into() })
            .collect();
        Allocation::new(&Budget::sample(&["a", "b", "c"]), &requested)
            .map(|allocation| allocation.shares().iter().map(|share| share.basis_points()).collect())
            .map_err(|violations| violations.into_iter().map(|violation| (violation.path, violation.rule)).collect())
    }

    #[test]
    fn thirds_with_two_decimals_are_valid_and_unnamed_categories_get_nothing() {
        assert_eq!(parse(&[("a", "33.33"), ("b", "33.33"), ("c", "33.34")]), Ok(vec![3333, 3333, 3334]));
        assert_eq!(parse(&[("c", "100")]), Ok(vec![0, 0, 10_000]));
    }

    #[test]
    fn every_broken_rule_is_named_with_its_path() {
        assert_eq!(parse(&[]), Err(vec![("shares".into(), "REQUIRED")]));
        assert_eq!(parse(&[("a", "99.99")]), Err(vec![("shares".into(), "SUM")]));
        assert_eq!(parse(&[("a", "100"), ("b", "0.01")]), Err(vec![("shares".into(), "SUM")]));
        assert_eq!(parse(&[("a", "50"), ("a", "50")]), Err(vec![("shares[1].category".into(), "REPEATED_CATEGORY")]));
        assert_eq!(parse(&[("a", "1"), ("b", "1"), ("c", "1"), ("a", "1")]), Err(vec![("shares".into(), "TOO_MANY")]));
        assert_eq!(
            parse(&[("a", "33.333"), ("x", "-1")]),
            Err(vec![
                ("shares[0].percent".into(), "PERCENT"),
                ("shares[1].percent".into(), "PERCENT"),
                ("shares[1].category".into(), "UNKNOWN_CATEGORY"),
            ])
        );
    }
}
