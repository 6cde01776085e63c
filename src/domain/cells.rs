//! The public histogram of a category: cells of 1, 5 and 10 points, none of them with so few ballots that it shows one.

use serde::{Deserialize, Serialize};

use super::{share::Share, tally::Histogram};

/// The widths of cells in percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 1 point.
    One,
    /// 5 points.
    Five,
    /// 10 points.
    Ten,
}

impl Width {
    /// All of them, narrow ones first.
    pub const ALL: [Self; 3] = [Self::One, Self::Five, Self::Ten];

    /// The number of cells before any are merged.
    pub fn bins(self) -> u8 {
        WHOLE_PERCENT.checked_div(self.points()).unwrap_or(WHOLE_PERCENT)
    }

    /// The number of percentage points.
    pub fn points(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Five => 5,
            Self::Ten => 10,
        }
    }
}

/// The histogram in all widths. Cells with too few ballots are merged with their neighbours.
///
/// The partitions are nested: the cells of one width are unions of cells of the next narrower one. Otherwise subtracting
/// cells of two widths would show a cell with too few ballots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// Where each of the narrowest cells ends, in whole per cent, rising; the last ends at 100.
    ends: Vec<u8>,
    /// The ballots in each of them.
    counts: Vec<i64>,
    /// The ends of the cells of 5 points; each is one of `ends`.
    ends_of_five: Vec<u8>,
    /// The ends of the cells of 10 points; each is one of `ends_of_five`.
    ends_of_ten: Vec<u8>,
}

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// The lowest share in the bin, basis points.
    pub from: u16,
    /// The next bin's lowest share, basis points; the last bin ends at, and includes, 10 000.
    pub to: u16,
    /// The ballots in the bin.
    pub count: i64,
}

const WHOLE_PERCENT: u8 = 100;

impl Cells {
    /// The cells of a histogram, each of them empty or with at least so many ballots. If the histogram has fewer, there is
    /// one cell.
    pub fn of(histogram: &Histogram, least: u16) -> Self {
        let mut points = vec![0_i64; usize::from(WHOLE_PERCENT)];
        for (number, page) in histogram.pages() {
            // The last page holds those who give everything, who belong to the last cell.
            let point = usize::from(number).min(points.len().saturating_sub(1));
            if let Some(cell) = points.get_mut(point) {
                *cell = cell.saturating_add(i64::try_from(page.ballots()).unwrap_or(i64::MAX));
            }
        }
        let split = |cells: &[u8], width: Width| -> Vec<u8> {
            let starts = [0].into_iter().chain(cells.iter().copied());
            let ranges = starts.zip(cells.iter().copied());
            ranges.flat_map(|(from, to)| merged(&points, from, to, width.points(), i64::from(least))).collect()
        };
        let ends_of_ten = split(&[WHOLE_PERCENT], Width::Ten);
        let ends_of_five = split(&ends_of_ten, Width::Five);
        let ends = split(&ends_of_five, Width::One);
        let starts = [0].into_iter().chain(ends.iter().copied());
        let counts = starts.zip(&ends).map(|(from, to)| sum(&points, from, *to)).collect();
        Self { ends, counts, ends_of_five, ends_of_ten }
    }

    /// The bars of one width, in order. They cover 0 to 100 % without gaps.
    pub fn bins(&self, width: Width) -> Vec<Bin> {
        let ends = match width {
            Width::One => &self.ends,
            Width::Five => &self.ends_of_five,
            Width::Ten => &self.ends_of_ten,
        };
        let mut narrow = self.ends.iter().zip(&self.counts).peekable();
        let mut from = 0;
        let mut bins = Vec::with_capacity(ends.len());
        for end in ends {
            let mut bin = Bin { from, to: u16::from(*end).saturating_mul(100), count: 0 };
            while let Some((_, count)) = narrow.next_if(|(narrow_end, _)| *narrow_end <= end) {
                bin.count = bin.count.saturating_add(*count);
            }
            from = bin.to;
            bins.push(bin);
        }
        bins
    }

    /// The number of ballots that give nothing; `None` if it, or the rest of its cell, would show too few.
    pub fn zero_count(&self, histogram: &Histogram, least: u16) -> Option<i64> {
        let zero = histogram.at(Share::ZERO);
        let rest = self.counts.first().map_or(0, |first| first.saturating_sub(zero));
        let suffices = |count: i64| count == 0 || count >= i64::from(least);
        (suffices(zero) && suffices(rest)).then_some(zero)
    }
}

fn sum(points: &[i64], from: u8, to: u8) -> i64 {
    points
        .get(usize::from(from)..usize::from(to))
        .into_iter()
        .flatten()
        .fold(0, |sum, count| sum.saturating_add(*count))
}

/// The ends of the cells into which a range is split: steps of equal width, merged until each is empty or has enough. What
/// is too small at the end joins the cell before it.
fn merged(points: &[i64], from: u8, to: u8, step: u8, least: i64) -> Vec<u8> {
    let mut cells: Vec<(u8, i64)> = Vec::new();
    let (mut start, mut end) = (from, from);
    while end < to {
        end = end.saturating_add(step.max(1)).min(to);
        let mut count = sum(points, start, end);
        if count != 0 && count < least {
            if end < to {
                continue;
            }
            while count < least
                && let Some((_, before)) = cells.pop()
            {
                count = count.saturating_add(before);
            }
        }
        cells.push((end, count));
        start = end;
    }
    cells.into_iter().map(|(end, _)| end).collect()
}

#[cfg(test)]
#[allow(clippy::cast_possible_wrap)] // small numbers
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(values: &[u16]) -> Histogram {
        Histogram::try_from(values.iter().map(|value| (*value, 1)).collect::<Vec<_>>()).unwrap()
    }

    fn bins(values: &[u16], least: u16, width: Width) -> Vec<(u16, u16, i64)> {
        let cells = Cells::of(&histogram(values), least);
        cells.bins(width).into_iter().map(|bin| (bin.from, bin.to, bin.count)).collect()
    }

    #[test]
    fn without_a_threshold_every_cell_is_there_the_whole_falls_into_the_last_and_edges_open_the_next() {
        let five = bins(&[0, 499, 500, 9999, 10_000], 1, Width::Five);
        assert_eq!((five.len(), five[0], five[1], five[19]), (20, (0, 500, 2), (500, 1_000, 1), (9_500, 10_000, 2)));
        assert_eq!(bins(&[], 10, Width::One).len(), 100);
    }

    #[test]
    fn cells_with_too_few_ballots_join_their_neighbours() {
        // Below 10 %, from 10 to 20 %, and from 90 %.
        let values = [&[0, 600][..], &[1_000, 1_100, 1_900], &[9_000, 9_500, 10_000]];
        let ten = bins(&values.concat(), 3, Width::Ten);
        assert_eq!((ten.len(), ten[0], ten[1]), (9, (0, 2_000, 5), (2_000, 3_000, 0)));
        assert_eq!(ten[8], (9_000, 10_000, 3));
        // Too few at the end join what is before them, across empty cells.
        let ten = bins(&[0, 600, 700, 1_000, 1_100, 1_900, 9_000], 3, Width::Ten);
        assert_eq!(ten, [(0, 1_000, 3), (1_000, 10_000, 4)]);
    }

    #[test]
    fn with_fewer_ballots_than_the_threshold_there_is_one_cell() {
        for width in Width::ALL {
            assert_eq!(bins(&[0, 5_000, 10_000], 10, width), [(0, 10_000, 3)]);
        }
    }

    #[test]
    fn the_number_of_those_who_give_nothing_is_there_only_if_neither_it_nor_the_rest_of_its_cell_is_too_small() {
        let zero_count = |values: &[u16]| {
            let histogram = histogram(values);
            Cells::of(&histogram, 3).zero_count(&histogram, 3)
        };
        assert_eq!(zero_count(&[0, 0, 0, 5_000, 5_000, 5_000]), Some(3));
        assert_eq!(zero_count(&[0, 0, 0, 50, 50, 50]), Some(3));
        assert_eq!(zero_count(&[0, 0, 0, 50, 50]), None, "it would show the two at 0.5 %");
        assert_eq!(zero_count(&[0, 0, 50, 50, 50]), None);
        assert_eq!(zero_count(&[5_000, 5_000, 5_000]), Some(0));
        assert_eq!(zero_count(&[]), Some(0));
    }

    proptest! {
        #[test]
        fn no_cell_of_any_width_has_too_few_ballots_and_the_widths_are_nested(
            values in proptest::collection::vec(prop_oneof![0u16..=10_000, 0u16..=300, Just(0u16), Just(10_000u16)], 0..300),
            least in 1u16..=30,
        ) {
            let cells = Cells::of(&histogram(&values), least);
            let total = values.len() as i64;
            let mut wider_ends: Option<Vec<u16>> = None;
            for width in [Width::Ten, Width::Five, Width::One] {
                let bins = cells.bins(width);
                prop_assert_eq!((bins[0].from, bins.last().unwrap().to), (0, 10_000));
                prop_assert!(bins.windows(2).all(|pair| pair[0].to == pair[1].from));
                prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<i64>(), total);
                for bin in &bins {
                    let is_last = bin.to == 10_000;
                    let inside = |value: &&u16| bin.from <= **value && (**value < bin.to || is_last);
                    prop_assert_eq!(values.iter().filter(inside).count() as i64, bin.count);
                    prop_assert!(bin.count == 0 || bin.count >= i64::from(least) || bin.count == total, "{:?}", bins);
                }
                let ends: Vec<u16> = bins.iter().map(|bin| bin.to).collect();
                if let Some(wider) = &wider_ends {
                    prop_assert!(wider.iter().all(|end| ends.contains(end)), "{:?} in {:?}", wider, ends);
                }
                wider_ends = Some(ends);
            }
        }

        #[test]
        fn where_every_cell_is_large_enough_nothing_is_merged(extra in proptest::collection::vec(0u16..=10_000, 0..50)) {
            let values: Vec<u16> = (0..100).flat_map(|point| [point * 100, point * 100 + 99]).chain(extra).collect();
            for width in Width::ALL {
                prop_assert_eq!(bins(&values, 2, width).len(), usize::from(100 / width.points()));
            }
        }
    }
}
