//! Snapshots: what is published of a tally. A snapshot is complete, derived once, and ordered by its revision. It is a few
//! kilobytes long, however many ballots there are.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    budget::Budget,
    cells::Cells,
    held_back::HeldBack,
    percent::Percent,
    rounding::apportion,
    share::Share,
    statistics::{Fraction, quantile, standard_deviation},
    tally::{CategoryTally, Tally},
};

/// The order of the snapshots of one budget. Every fold raises the version. The epoch rises when the stored aggregate is
/// created anew or an older database was restored: otherwise clients would wait for the database to reach a version that they
/// have seen already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Revision {
    /// Compared first.
    pub epoch: i64,
    /// Compared second.
    pub version: i64,
}

/// The statistics of one budget at one revision. Redis holds them as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The budget's slug.
    pub budget: String,
    /// Nodes of older releases find `"epoch":1,"version":1` in the first 512 bytes of the JSON: both must stay in front.
    #[serde(flatten)]
    pub revision: Revision,
    /// The time of the tally.
    pub as_of: DateTime<Utc>,
    /// The number of ballots that are counted.
    pub participants: i64,
    /// The number of ledger rows.
    pub submissions: i64,
    /// The number of ballots in the statistics. The others are held back until there are enough of them.
    pub shown_participants: i64,
    /// In category order. With no ballot shown, every statistic is 0.
    pub categories: Vec<CategorySnapshot>,
}

/// One category's statistics over the ballots that are shown; every share and spread in basis points. A statistic that is added later needs
/// `#[serde(default)]`, and `Option` where 0 would be a false number: nodes of the release before do not send it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategorySnapshot {
    /// The category's key.
    pub key: String,
    /// Mean; over all categories they add to exactly 10 000 (largest remainder), or to 0 with no ballot shown.
    pub average: u32,
    /// Quantiles after definition 2 of Hyndman and Fan.
    pub median: u16,
    /// See `median`.
    pub lower_quartile: u16,
    /// See `median`.
    pub upper_quartile: u16,
    /// Population standard deviation.
    pub standard_deviation: u32,
    /// The number of ballots with a share of 0; `None` where it would show too few.
    pub zero_count: Option<i64>,
    /// The public histogram.
    pub cells: Cells,
}

/// A statistic as files show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A share or a spread.
    Percent(Percent),
    /// A number of ballots, if it may be shown.
    Count(Option<i64>),
}

impl CategorySnapshot {
    /// Every statistic with its name, in the order of a file's columns. The histogram is not among them.
    pub fn figures(&self) -> Vec<(&'static str, Figure)> {
        let percent = |basis_points: u32| Figure::Percent(Percent(basis_points));
        vec![
            ("average_percent", percent(self.average)),
            ("median_percent", percent(u32::from(self.median))),
            ("lower_quartile_percent", percent(u32::from(self.lower_quartile))),
            ("upper_quartile_percent", percent(u32::from(self.upper_quartile))),
            ("standard_deviation", percent(self.standard_deviation)),
            ("zero_count", Figure::Count(self.zero_count)),
        ]
    }
}

impl Snapshot {
    /// Derives the statistics of what is shown of `total`, whose categories are in the budget's order.
    pub fn derive(
        budget: &Budget,
        total: &Tally,
        held_back: &HeldBack,
        revision: Revision,
        as_of: DateTime<Utc>,
    ) -> Self {
        let (shown, least) = (held_back.shown(total), held_back.released_by());
        let empty = CategoryTally::default();
        let of = |index: usize| shown.categories.get(index).unwrap_or(&empty);
        let sums: Vec<i64> = (0..budget.categories.len()).map(|index| of(index).sum).collect();
        let averages = apportion(u32::from(Share::WHOLE.basis_points()), &sums);
        let categories = budget.keys().zip(averages).enumerate().map(|(index, (key, average))| {
            let category = of(index);
            let cells = Cells::of(&category.histogram, least);
            CategorySnapshot {
                key: key.to_owned(),
                average,
                median: quantile(&category.histogram, Fraction::HALF),
                lower_quartile: quantile(&category.histogram, Fraction::QUARTER),
                upper_quartile: quantile(&category.histogram, Fraction::THREE_QUARTERS),
                standard_deviation: standard_deviation(category, shown.participants),
                zero_count: cells.zero_count(&category.histogram, least),
                cells,
            }
        });
        Self {
            budget: budget.slug.clone(),
            revision,
            as_of,
            participants: total.participants,
            submissions: total.submissions,
            shown_participants: shown.participants,
            categories: categories.collect(),
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_outranks_the_version() {
        let revision = |epoch, version| Revision { epoch, version };
        assert!(revision(2, 1) > revision(1, 900));
        assert!(revision(1, 10) > revision(1, 9), "numbers, not text");
    }
}
