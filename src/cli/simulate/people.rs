//! Plausible participants: most stay near the real budget, favour a few categories, round to numbers that are easy to
//! type, and some return and change their minds.

use chrono::DateTime;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::domain::{
    allocation::Allocation, budget::Budget, participant::ParticipantId, rounding::apportion, share::Share,
};

/// Submissions in a hundred that are revisions by a returning participant.
const REVISIONS: u32 = 10;
/// Submissions in a hundred that have no participant.
const ANONYMOUS: u32 = 20;
/// How many participants may return. Beyond that, a new participant replaces a random one.
const MAX_KNOWN: usize = 100_000;

/// A source of submissions. The same seed gives the same ones in the same order.
pub struct People {
    random: StdRng,
    /// The real budget's shares, plus a constant so that every category has a chance.
    base_weights: Vec<i64>,
    known: Vec<ParticipantId>,
    /// The time in the next new id. It is no real time, so that the same seed makes the same people, but it grows as real
    /// time does.
    next_milliseconds: i64,
}

impl People {
    /// Makes participants for this budget.
    pub fn new(budget: &Budget, seed: u64) -> Self {
        let base_weight = |actual: Option<Share>| i64::from(actual.map_or(1_000, Share::basis_points)) + 400;
        Self {
            random: StdRng::seed_from_u64(seed),
            base_weights: budget.categories.iter().map(|category| base_weight(category.actual)).collect(),
            known: Vec::new(),
            next_milliseconds: i64::from(u16::try_from(seed & 0xffff).unwrap_or(0)) << 30,
        }
    }

    /// Returns the next participant and allocation.
    pub fn next_submission(&mut self) -> (Option<ParticipantId>, Allocation) {
        let participant = match self.random.random_range(0..100) {
            draw if draw < ANONYMOUS => None,
            draw if draw < ANONYMOUS + REVISIONS && !self.known.is_empty() => {
                Some(self.known[self.random.random_range(0..self.known.len())])
            }
            _ => Some(self.new_participant()),
        };
        (participant, self.allocation())
    }

    fn new_participant(&mut self) -> ParticipantId {
        let at = DateTime::from_timestamp_millis(self.next_milliseconds).unwrap_or_default();
        let participant = ParticipantId::new(at, &self.random.random());
        self.next_milliseconds += 1;
        if self.known.len() < MAX_KNOWN {
            self.known.push(participant);
        } else {
            let replaced = self.random.random_range(0..MAX_KNOWN);
            self.known[replaced] = participant;
        }
        participant
    }

    fn allocation(&mut self) -> Allocation {
        let random = &mut self.random;
        let vary = |base_weight: &i64| match random.random_range(0..100) {
            0..12 => 0,
            12..25 => base_weight * random.random_range(200..600),
            _ => base_weight * random.random_range(40..220),
        };
        let mut weights: Vec<i64> = self.base_weights.iter().map(vary).collect();
        if weights.iter().all(|weight| *weight == 0) {
            weights.fill(1);
        }
        // Steps of 5 %, 1 %, half a per cent and 0.01 %, in basis points.
        let step: u32 = [500, 500, 100, 100, 100, 50, 1][self.random.random_range(0..7)];
        let whole = u32::from(Share::WHOLE.basis_points());
        let parts = apportion(whole / step, &weights);
        let share =
            |part: u32| u16::try_from(part * step).ok().and_then(Share::from_basis_points).unwrap_or(Share::ZERO);
        Allocation::from_shares(parts.into_iter().map(share).collect()).expect("apportioned parts add up to the whole")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_same_seed_gives_the_same_people_and_some_of_them_revise_and_some_are_anonymous() {
        let budget = Budget::sample(&["a", "b", "c", "d", "e"]);
        let answers = |seed| {
            let mut people = People::new(&budget, seed);
            (0..2_000).map(|_| people.next_submission()).collect::<Vec<_>>()
        };
        assert_eq!(answers(7), answers(7));
        assert_ne!(answers(7), answers(8));
        let answers = answers(7);
        let named: Vec<_> = answers.iter().filter_map(|(participant, _)| *participant).collect();
        let distinct: HashSet<_> = named.iter().collect();
        assert!((300..500).contains(&(answers.len() - named.len())), "about a fifth is anonymous");
        assert!((100..300).contains(&(named.len() - distinct.len())), "about a tenth revises");
    }
}
