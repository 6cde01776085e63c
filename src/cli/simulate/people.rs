//! Plausible people: most lean on the real budget, favour a few things, round to what is easy to type, and some come
//! back and change their minds.

use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::domain::{
    allocation::Allocation, budget::Budget, participant::ParticipantId, rounding::apportion, share::Share,
};

/// Of a hundred answers: so many are revisions by someone who answered before,
const REVISIONS: u32 = 10;
/// and so many come without a participant.
const ANONYMOUS: u32 = 20;
/// Those who may come back; the oldest are forgotten.
const REMEMBERED: usize = 100_000;

/// A source of answers; the same seed gives the same ones in the same order.
pub struct People {
    random: StdRng,
    /// The real budget's shares plus something for everything, so that nothing is out of reach.
    leanings: Vec<i64>,
    known: Vec<ParticipantId>,
}

impl People {
    /// People who answer this budget.
    pub fn new(budget: &Budget, seed: u64) -> Self {
        let leaning = |actual: Option<Share>| i64::from(actual.map_or(1_000, Share::basis_points)) + 400;
        Self {
            random: StdRng::seed_from_u64(seed),
            leanings: budget.categories.iter().map(|category| leaning(category.actual)).collect(),
            known: Vec::new(),
        }
    }

    /// Who answers next, and what.
    pub fn next_answer(&mut self) -> (Option<ParticipantId>, Allocation) {
        let participant = match self.random.random_range(0..100) {
            draw if draw < ANONYMOUS => None,
            draw if draw < ANONYMOUS + REVISIONS && !self.known.is_empty() => {
                Some(self.known[self.random.random_range(0..self.known.len())])
            }
            _ => Some(self.meet()),
        };
        (participant, self.allocation())
    }

    fn meet(&mut self) -> ParticipantId {
        let participant = ParticipantId(uuid::Builder::from_random_bytes(self.random.random()).into_uuid());
        if self.known.len() < REMEMBERED {
            self.known.push(participant);
        } else {
            let forgotten = self.random.random_range(0..REMEMBERED);
            self.known[forgotten] = participant;
        }
        participant
    }

    fn allocation(&mut self) -> Allocation {
        let random = &mut self.random;
        let taste = |leaning: &i64| match random.random_range(0..100) {
            0..12 => 0,
            12..25 => leaning * random.random_range(200..600),
            _ => leaning * random.random_range(40..220),
        };
        let mut weights: Vec<i64> = self.leanings.iter().map(taste).collect();
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
            (0..2_000).map(|_| people.next_answer()).collect::<Vec<_>>()
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
