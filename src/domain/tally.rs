//! The exact sum of everybody's answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{allocation::Allocation, share::Share};

/// Exact integers over a set of ballots, or, signed, the change of such a set.
///
/// Tallies and changes add up in any order and batching. Additions wrap instead of failing: even if a table holds nonsense that
/// was written by hand, adding the drift that a recount finds restores the true value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Ballots: one for each participant, and one for each submission without a participant.
    pub participants: i64,
    /// Ledger rows.
    pub submissions: i64,
    /// In category order; an empty list stands for zeros.
    pub categories: Vec<CategoryTally>,
}

/// One category's part of a tally. A sum that is added later needs `#[serde(default)]`: the release before stores deltas
/// without it. How often it was counted is `Tally::participants`: every ballot has a share of
/// every category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryTally {
    /// Sum of shares, basis points.
    pub sum: i64,
    /// Sum of squared shares, basis points squared.
    pub sum_of_squares: i64,
    /// Share in basis points -> ballots; no entry is zero.
    pub histogram: Histogram,
}

/// Share in basis points -> number of ballots. A page holds the bins of one percentage point, so that a copy, a sum and a
/// comparison go over whole pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u16, i64)>", into = "Vec<(u16, i64)>")]
pub struct Histogram(BTreeMap<u8, Box<Page>>);

/// The bins of one percentage point; no page of a histogram holds zeros alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page([i64; PAGE]);

/// The number of bins of a page.
const PAGE: usize = 100;

impl Tally {
    /// Counts a ledger row.
    pub fn record_submission(&mut self) {
        self.submissions = self.submissions.wrapping_add(1);
    }

    /// Counts a ballot.
    pub fn count(&mut self, allocation: &Allocation) {
        self.apply(allocation, 1);
    }

    /// Takes back a ballot that its participant has replaced.
    pub fn discount(&mut self, allocation: &Allocation) {
        self.apply(allocation, -1);
    }

    fn apply(&mut self, allocation: &Allocation, sign: i64) {
        self.participants = self.participants.wrapping_add(sign);
        self.widen(allocation.shares().len());
        for (category, share) in self.categories.iter_mut().zip(allocation.shares()) {
            let share = i64::from(share.basis_points()).wrapping_mul(sign);
            category.sum = category.sum.wrapping_add(share);
            category.sum_of_squares =
                category.sum_of_squares.wrapping_add(share.wrapping_mul(share).wrapping_mul(sign));
        }
        for (category, share) in self.categories.iter_mut().zip(allocation.shares()) {
            category.histogram.add(*share, sign);
        }
    }

    /// Adds a change.
    pub fn add(&mut self, delta: &Tally) {
        self.participants = self.participants.wrapping_add(delta.participants);
        self.submissions = self.submissions.wrapping_add(delta.submissions);
        self.widen(delta.categories.len());
        for (category, delta) in self.categories.iter_mut().zip(&delta.categories) {
            category.sum = category.sum.wrapping_add(delta.sum);
            category.sum_of_squares = category.sum_of_squares.wrapping_add(delta.sum_of_squares);
            category.histogram.merge(&delta.histogram);
        }
    }

    /// The change that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Tally {
        Tally {
            participants: self.participants.wrapping_neg(),
            submissions: self.submissions.wrapping_neg(),
            categories: self.categories.iter().map(CategoryTally::inverse).collect(),
        }
    }

    /// The same without histograms: a few integers, whatever the number of ballots.
    #[must_use]
    pub fn sums(&self) -> Tally {
        let sums = |category: &CategoryTally| CategoryTally { histogram: Histogram::default(), ..*category };
        Tally { categories: self.categories.iter().map(sums).collect(), ..*self }
    }

    /// True if adding it changes nothing.
    pub fn is_zero(&self) -> bool {
        self.participants == 0
            && self.submissions == 0
            && self.categories.iter().all(|category| *category == CategoryTally::default())
    }

    /// Makes room for this many categories: `zip` ignores the longer list's rest.
    fn widen(&mut self, categories: usize) {
        if self.categories.len() < categories {
            self.categories.resize_with(categories, CategoryTally::default);
        }
    }
}

impl CategoryTally {
    fn inverse(&self) -> Self {
        Self {
            sum: self.sum.wrapping_neg(),
            sum_of_squares: self.sum_of_squares.wrapping_neg(),
            histogram: Histogram(
                self.histogram.0.iter().map(|(number, page)| (*number, Box::new(page.inverse()))).collect(),
            ),
        }
    }
}

impl Histogram {
    /// `(basis points, ballots)` in rising order, without bins that hold nobody.
    pub fn iter(&self) -> impl Iterator<Item = (u16, i64)> + '_ {
        self.0.iter().flat_map(|(number, page)| page.bins(*number))
    }

    /// The pages that hold anybody by their number, which is their percentage point, in rising order.
    pub fn pages(&self) -> impl Iterator<Item = (u8, &Page)> + '_ {
        self.0.iter().map(|(number, page)| (*number, &**page))
    }

    /// The page of this percentage point, if it holds anybody.
    pub fn page(&self, number: u8) -> Option<&Page> {
        self.0.get(&number).map(|page| &**page)
    }

    /// The number of ballots with exactly this share.
    pub fn at(&self, share: Share) -> i64 {
        let (number, bin) = place(share.basis_points());
        self.0.get(&number).and_then(|page| page.0.get(bin)).copied().unwrap_or(0)
    }

    fn add(&mut self, share: Share, count: i64) {
        self.add_at(share.basis_points(), count);
    }

    fn add_at(&mut self, basis_points: u16, count: i64) {
        let (number, bin) = place(basis_points);
        let page = self.0.entry(number).or_insert_with(|| Box::new(Page::EMPTY));
        if let Some(bin) = page.0.get_mut(bin) {
            *bin = bin.wrapping_add(count);
        }
        if **page == Page::EMPTY {
            self.0.remove(&number);
        }
    }

    /// Adds the bins of another histogram.
    pub fn merge(&mut self, other: &Histogram) {
        for (number, added) in &other.0 {
            let page = self.0.entry(*number).or_insert_with(|| Box::new(Page::EMPTY));
            for (bin, count) in page.0.iter_mut().zip(&added.0) {
                *bin = bin.wrapping_add(*count);
            }
            if **page == Page::EMPTY {
                self.0.remove(number);
            }
        }
    }
}

impl Page {
    const EMPTY: Self = Self([0; PAGE]);

    /// `(basis points, ballots)` of the page with this number, without bins that hold nobody.
    pub fn bins(&self, number: u8) -> impl Iterator<Item = (u16, i64)> + '_ {
        (first_bin(number)..).zip(self.0).filter(|(_, count)| *count != 0)
    }

    /// The number of ballots; bins below zero, which no tally of real ballots has, count as empty.
    pub fn ballots(&self) -> u64 {
        self.0.iter().fold(0_u64, |sum, count| sum.saturating_add(count.max(&0).unsigned_abs()))
    }

    fn inverse(&self) -> Self {
        Self(self.0.map(i64::wrapping_neg))
    }
}

/// The number of the page that holds a bin, and the bin's index in it.
fn place(basis_points: u16) -> (u8, usize) {
    let number = basis_points.checked_div(100).and_then(|number| u8::try_from(number).ok()).unwrap_or(u8::MAX);
    (number, usize::from(basis_points.saturating_sub(first_bin(number))))
}

fn first_bin(number: u8) -> u16 {
    u16::from(number).saturating_mul(100)
}

impl TryFrom<Vec<(u16, i64)>> for Histogram {
    type Error = &'static str;

    fn try_from(pairs: Vec<(u16, i64)>) -> Result<Self, Self::Error> {
        let mut histogram = Self::default();
        for (basis_points, count) in pairs {
            if basis_points > Share::WHOLE.basis_points() {
                return Err("a share of more than 10000 basis points");
            }
            histogram.add_at(basis_points, count);
        }
        Ok(histogram)
    }
}

impl From<Histogram> for Vec<(u16, i64)> {
    fn from(histogram: Histogram) -> Self {
        histogram.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    const CATEGORIES: usize = 5;

    fn allocations() -> impl Strategy<Value = Allocation> {
        proptest::collection::vec(0i64..1000, CATEGORIES).prop_map(|weights| {
            let weights = if weights.iter().sum::<i64>() == 0 { vec![1; CATEGORIES] } else { weights };
            let parts = crate::domain::rounding::apportion(10_000, &weights);
            let share = |part| Share::from_basis_points(u16::try_from(part).unwrap()).unwrap();
            Allocation::from_shares(parts.into_iter().map(share).collect()).unwrap()
        })
    }

    fn recount<'a>(ballots: impl Iterator<Item = &'a Allocation>, submissions: i64) -> Tally {
        let mut tally = Tally { submissions, ..Tally::default() };
        ballots.for_each(|allocation| tally.count(allocation));
        tally
    }

    proptest! {
        /// Some participants revise (ids 0..8 repeat), some are anonymous (None); batches are cut anywhere and folded
        /// in any order.
        #[test]
        fn any_order_and_batching_of_new_and_revised_ballots_gives_the_tally_of_a_recount(
            submissions in proptest::collection::vec((proptest::option::of(0u8..8), allocations()), 0..60),
            batch_size in 1usize..20, seed in any::<u64>(),
        ) {
            let mut ballots: HashMap<u8, Allocation> = HashMap::new();
            let mut anonymous = Vec::new();
            let mut deltas = Vec::new();
            for batch in submissions.chunks(batch_size) {
                let mut delta = Tally::default();
                for (participant, allocation) in batch {
                    delta.record_submission();
                    match participant {
                        Some(participant) => {
                            if let Some(old) = ballots.insert(*participant, allocation.clone()) {
                                delta.discount(&old);
                            }
                        }
                        None => anonymous.push(allocation.clone()),
                    }
                    delta.count(allocation);
                }
                deltas.push(delta);
            }
            // A cheap deterministic shuffle: the order must not matter.
            let mut order: Vec<usize> = (0..deltas.len()).collect();
            order.sort_by_key(|index| (*index as u64 + 1).wrapping_mul(seed | 1));
            let mut tally = Tally::default();
            for index in order {
                tally.add(&deltas[index]);
            }
            let expected = recount(ballots.values().chain(&anonymous), i64::try_from(submissions.len()).unwrap());
            let mut drift = expected;
            drift.add(&tally.inverse());
            prop_assert!(drift.is_zero(), "{drift:?}");
        }

        #[test]
        fn a_delta_and_its_inverse_cancel_whatever_it_holds(
            participants in any::<i64>(), sum in any::<i64>(), counts in proptest::collection::vec((0u16..=10_000, any::<i64>()), 0..20),
            start in allocations(),
        ) {
            let category = CategoryTally { sum, sum_of_squares: sum.wrapping_mul(3), histogram: Histogram::try_from(counts).unwrap() };
            let delta = Tally { participants, submissions: participants, categories: vec![category; 2] };
            let before = recount(std::iter::once(&start), 1);
            let mut after = before.clone();
            after.add(&delta);
            after.add(&delta.inverse());
            prop_assert_eq!(after, before);
        }

        #[test]
        fn a_tally_survives_json_unchanged(allocations in proptest::collection::vec(allocations(), 0..20)) {
            let tally = recount(allocations.iter(), 7);
            let json = serde_json::to_string(&tally).unwrap();
            prop_assert_eq!(serde_json::from_str::<Tally>(&json).unwrap(), tally);
        }
    }
}
