//! What is counted but not shown yet.
//!
//! Whoever subtracts two publications sees the ballots between them. So ballots are held back until there are enough of them:
//! of those that a publication adds, and of those that it takes back, there must each be none or at least as many as the
//! budget's threshold. The two are counted apart: among nine new ballots one revised ballot would be the only negative
//! number in each category, and so could be read.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    allocation::Allocation,
    delta::{Delta, VoiceBallot},
    participant::ParticipantId,
    publish_every::PublishEvery,
    tally::Tally,
};

/// The changes of a budget's ballots that are counted but not shown. What is shown is the total less these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    /// New ballots.
    added: Added,
    /// Changes of ballots that are shown.
    changed: Changed,
    /// The sums of everything that was ever folded. A recount that agrees with them has found damage to the stored
    /// total, and no change of ballots.
    folded: Tally,
    /// The threshold of the last release, by which the cells of what is shown are merged; 0 before the first. Merging the
    /// same ballots anew by another threshold would tell what a cell with few of them holds.
    released_by: u16,
}

/// Ballots of which nothing is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Added {
    tally: Tally,
    participants: BTreeSet<ParticipantId>,
    /// The number of ballots without a participant.
    anonymous: i64,
}

/// Changes of ballots that are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Changed {
    tally: Tally,
    /// The participants who revised their ballot, and the ballot that is shown. One who revises ten times is one, and one
    /// who goes back to what is shown is none: it would count towards a group without hiding anybody in it.
    replaced: BTreeMap<ParticipantId, Allocation>,
    /// At least so many other ballots were replaced.
    replaced_untraced: i64,
    /// The number of ballots that no longer count and do not come back.
    removed: i64,
    /// The voices that were excluded, each with the ballot that is shown: an exclusion may be undone before it was shown, and
    /// then nothing has changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    excluded: BTreeMap<Uuid, Allocation>,
}

impl HeldBack {
    /// What is held back where no record says what was shown: everything, unless it is enough to be shown.
    pub fn without_record(total: &Tally, publish_every: PublishEvery) -> Self {
        let mut held_back = Self { folded: total.sums(), ..Self::default() };
        held_back.added.tally.add(&Tally { submissions: 0, ..total.clone() });
        held_back.added.anonymous = total.participants;
        held_back.release(total, publish_every.ballots(), publish_every.ballots());
        held_back
    }

    /// Holds back what a delta changes. The delta must be added to the total as well.
    pub fn hold(&mut self, delta: &Delta) {
        self.folded.add(&delta.sums());
        self.added.tally.add(&delta.added);
        let named = i64::try_from(delta.added_by.len()).unwrap_or(i64::MAX);
        self.added.anonymous = self.added.anonymous.saturating_add(delta.added.participants.saturating_sub(named));
        self.added.participants.extend(&delta.added_by);
        for revised in &delta.revised {
            if revised.before == revised.after {
                continue;
            }
            let is_shown = !self.added.participants.contains(&revised.participant);
            let tally = if is_shown { &mut self.changed.tally } else { &mut self.added.tally };
            tally.discount(&revised.before);
            tally.count(&revised.after);
            if is_shown {
                let replaced = &mut self.changed.replaced;
                let shown = replaced.entry(revised.participant).or_insert_with(|| revised.before.clone());
                if *shown == revised.after {
                    replaced.remove(&revised.participant);
                }
            }
        }
        for removed in &delta.removed {
            let was_new = removed.participant.is_some_and(|participant| self.added.participants.remove(&participant));
            let was_revised =
                removed.participant.is_some_and(|participant| self.changed.replaced.remove(&participant).is_some());
            if was_new && !was_revised {
                self.added.tally.discount(&removed.before);
                continue;
            }
            if was_new {
                // Its revision was folded before it, so the first group still holds the ballot that was revised.
                self.added.anonymous = self.added.anonymous.saturating_add(1);
            }
            self.changed.tally.discount(&removed.before);
            self.changed.removed = self.changed.removed.saturating_add(1);
        }
        for excluded in &delta.excluded {
            self.exclude(excluded);
        }
        for restored in &delta.restored {
            self.restore(restored);
        }
        for participant in &delta.forgotten {
            if self.changed.excluded.remove(&participant.0).is_some() {
                self.changed.removed = self.changed.removed.saturating_add(1);
            }
        }
        self.hold_untraced(&delta.untraced, delta.is_untraced_new());
    }

    fn exclude(&mut self, VoiceBallot { voice, ballot }: &VoiceBallot) {
        let was_new = voice.participant().is_some_and(|participant| self.added.participants.remove(&participant));
        let shown = voice.participant().and_then(|participant| self.changed.replaced.remove(&participant));
        match (was_new, shown) {
            (true, None) => self.added.tally.discount(ballot),
            // As for an erased ballot: its revision was folded before it, so the first group still holds what was revised.
            (true, Some(_)) => {
                self.added.anonymous = self.added.anonymous.saturating_add(1);
                self.changed.tally.discount(ballot);
                self.changed.removed = self.changed.removed.saturating_add(1);
            }
            // Nobody knows whether a ballot without a participant is shown. If it is not, it is held back with the group of
            // the new ones and with this one, which is only later than need be.
            (false, shown) => {
                self.changed.tally.discount(ballot);
                self.changed.excluded.insert(voice.id(), shown.unwrap_or_else(|| ballot.clone()));
            }
        }
    }

    fn restore(&mut self, VoiceBallot { voice, ballot }: &VoiceBallot) {
        let Some(shown) = self.changed.excluded.remove(&voice.id()) else {
            self.added.tally.count(ballot);
            match voice.participant() {
                Some(participant) => _ = self.added.participants.insert(participant),
                None => self.added.anonymous = self.added.anonymous.saturating_add(1),
            }
            return;
        };
        self.changed.tally.count(ballot);
        // It may have been revised meanwhile.
        if let Some(participant) = voice.participant()
            && shown != *ballot
        {
            self.changed.replaced.insert(participant, shown);
        }
    }

    /// Holds back a change that a recount found, and which must be added to the total as well.
    pub fn hold_drift(&mut self, drift: &Tally) {
        self.folded.add(&drift.sums());
        self.hold_untraced(drift, drift.participants > 0);
    }

    /// Keeps the numbers of participants and forgets who they are. Nothing else changes: neither what is shown, nor what
    /// can be released. Returns whether anybody was named.
    pub fn forget_participants(&mut self) -> bool {
        let (added, replaced) = (&self.added.participants, &self.changed.replaced);
        let named = !added.is_empty() || !replaced.is_empty() || !self.changed.excluded.is_empty();
        let replaced = count(replaced.keys().filter(|participant| !added.contains(participant)).count());
        self.changed.replaced_untraced = self.changed.replaced_untraced.saturating_add(replaced);
        self.added.anonymous = self.added_count();
        self.added.participants.clear();
        self.changed.replaced.clear();
        self.changed.removed = self.changed.removed.saturating_add(count(self.changed.excluded.len()));
        self.changed.excluded.clear();
        named
    }

    /// True if the stored total should have these sums, by everything that was folded.
    pub fn agrees_with(&self, total: &Tally) -> bool {
        self.damage(total).is_zero()
    }

    /// What the sums of a total have beyond everything that was folded. Folds do not change it.
    pub fn damage(&self, total: &Tally) -> Tally {
        let mut damage = total.sums();
        damage.add(&self.folded.inverse());
        damage
    }

    /// What is shown of the total.
    pub fn shown(&self, total: &Tally) -> Tally {
        let mut shown = total.clone();
        shown.add(&self.added.tally.inverse());
        shown.add(&self.changed.tally.inverse());
        shown
    }

    /// Releases as much as can be shown if each side of a publication needs `least` ballots, and all that is shown needs
    /// `least_shown`. Returns whether anything was released.
    pub fn release(&mut self, total: &Tally, least: u16, least_shown: u16) -> bool {
        let threshold = least_shown;
        let (least, least_shown) = (i64::from(least), i64::from(least_shown));
        let all = least <= 1 || self.may_show_all(total, least, least_shown);
        let new = all || (self.added_count() >= least && self.shown_with_added(total) >= least_shown);
        let mut is_released = new && mem::take(&mut self.added) != Added::default();
        if all {
            is_released |= mem::take(&mut self.changed) != Changed::default();
        }
        if is_released {
            self.released_by = threshold;
        }
        is_released
    }

    /// The threshold by which the cells of what is shown are merged.
    pub fn released_by(&self) -> u16 {
        self.released_by.max(1)
    }

    /// `added` alone never brings what is shown below `least`, but what is removed may.
    fn may_show_all(&self, total: &Tally, least: i64, least_shown: i64) -> bool {
        let suffices = |count: i64| count == 0 || count >= least;
        // A batch whose participant is in both groups arrived before the one with the first ballot: nothing is shown of it.
        let both = self.changed.replaced.keys().filter(|participant| self.added.participants.contains(participant));
        let both = count(both.count());
        let replaced = count(self.changed.replaced.len()).saturating_add(self.changed.replaced_untraced);
        let removed = self.changed.removed.saturating_add(count(self.changed.excluded.len()));
        let taken_back = replaced.saturating_add(removed).saturating_sub(both);
        let added = self.added_count().saturating_add(replaced).saturating_sub(both);
        taken_back >= least && suffices(added) && (total.participants == 0 || total.participants >= least_shown)
    }

    /// The ballots that would be shown together with all new ones.
    fn shown_with_added(&self, total: &Tally) -> i64 {
        total.participants.saturating_sub(self.changed.tally.participants)
    }

    fn added_count(&self) -> i64 {
        count(self.added.participants.len()).saturating_add(self.added.anonymous)
    }

    /// If not all of them are new, at least one replaced another, and more than that is not known.
    fn hold_untraced(&mut self, change: &Tally, is_new: bool) {
        let change = Tally { submissions: 0, ..change.clone() };
        if change.is_zero() {
            return;
        }
        if is_new {
            self.added.tally.add(&change);
            self.added.anonymous = self.added.anonymous.saturating_add(change.participants);
            return;
        }
        self.changed.tally.add(&change);
        if change.participants < 0 {
            self.changed.removed = self.changed.removed.saturating_sub(change.participants);
        } else {
            self.changed.replaced_untraced = self.changed.replaced_untraced.saturating_add(1);
        }
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        allocation::Allocation,
        delta::{RemovedBallot, RevisedBallot, Voice},
        share::Share,
    };

    /// A different one for each number.
    fn allocation(number: u16) -> Allocation {
        let shares = [number, 4_000 + number, 6_000 - 2 * number];
        let shares = shares.map(|share| Share::from_basis_points(share).unwrap());
        Allocation::from_shares(shares.to_vec()).unwrap()
    }

    fn participant(number: u8) -> ParticipantId {
        ParticipantId(Uuid::from_u128(u128::from(number)))
    }

    fn added(participants: &[u8], anonymous: u16) -> Delta {
        let mut delta = Delta::default();
        for number in participants {
            delta.added.count(&allocation(u16::from(*number)));
            delta.added_by.push(participant(*number));
        }
        for number in 0..anonymous {
            delta.added.count(&allocation(1_000 + number));
        }
        delta.submissions = delta.added.participants;
        delta
    }

    fn revised(number: u8, before: u16, after: u16) -> Delta {
        let (before, after) = (allocation(before), allocation(after));
        let revised = vec![RevisedBallot { participant: participant(number), before, after }];
        Delta { submissions: 1, revised, ..Delta::default() }
    }

    fn removed(number: u8, before: u16) -> Delta {
        let removed = vec![RemovedBallot { participant: Some(participant(number)), before: allocation(before) }];
        Delta { removed, ..Delta::default() }
    }

    fn of(number: u8, ballot: u16) -> VoiceBallot {
        VoiceBallot { voice: Voice::Participant(participant(number)), ballot: allocation(ballot) }
    }

    fn excluded(number: u8, ballot: u16) -> Delta {
        Delta { excluded: vec![of(number, ballot)], ..Delta::default() }
    }

    fn restored(number: u8, ballot: u16) -> Delta {
        Delta { restored: vec![of(number, ballot)], ..Delta::default() }
    }

    fn forgotten(number: u8) -> Delta {
        Delta { forgotten: vec![participant(number)], ..Delta::default() }
    }

    /// A total with what is held back of it.
    #[derive(Default)]
    struct Books {
        total: Tally,
        held_back: HeldBack,
    }

    impl Books {
        /// Folds a delta; how many ballots are shown then.
        fn fold(&mut self, delta: &Delta, least: u16) -> i64 {
            self.total.add(&delta.total());
            self.held_back.hold(delta);
            self.held_back.release(&self.total, least, least);
            self.shown().participants
        }

        fn shown(&self) -> Tally {
            self.held_back.shown(&self.total)
        }
    }

    #[test]
    fn who_is_removed_is_named_nowhere_even_if_the_revision_was_folded_before_the_ballot() {
        let mut books = Books::default();
        books.fold(&revised(1, 1, 2), 10);
        books.fold(&added(&[1], 0), 10);
        books.fold(&removed(1, 2), 10);
        assert!(books.held_back.added.participants.is_empty() && books.held_back.changed.replaced.is_empty());
        assert!(is_same(&books.total, &Tally::default()) && is_same(&books.shown(), &Tally::default()));
    }

    #[test]
    fn whose_names_are_forgotten_still_count_towards_a_group() {
        let mut named = Books::default();
        named.fold(&added(&[1, 2, 3, 4, 5], 0), 3);
        named.fold(&added(&[6, 7], 0), 3);
        named.fold(&revised(1, 1, 11), 3);
        named.fold(&revised(2, 2, 12), 3);
        let mut forgotten = Books { total: named.total.clone(), held_back: named.held_back.clone() };
        assert!(forgotten.held_back.forget_participants() && !forgotten.held_back.forget_participants());
        assert!(is_same(&forgotten.shown(), &named.shown()));
        let left = (forgotten.held_back.added.participants.len(), forgotten.held_back.changed.replaced.len());
        assert_eq!(left, (0, 0));
        for least in [3, 2] {
            let released = forgotten.held_back.release(&forgotten.total, least, least);
            assert_eq!(released, named.held_back.release(&named.total, least, least), "{least}");
            assert!(is_same(&forgotten.shown(), &named.shown()));
        }
    }

    #[test]
    fn one_person_who_revises_ten_times_is_one_change() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4, 5], 0), 3);
        let before = books.shown();
        for round in 0..10 {
            books.fold(&revised(1, if round == 0 { 1 } else { 99 + round }, 100 + round), 3);
            assert_eq!(
                books.shown(),
                Tally { submissions: before.submissions + i64::from(round) + 1, ..before.clone() }
            );
        }
        books.fold(&revised(2, 2, 200), 3);
        books.fold(&revised(3, 3, 300), 3);
        assert_eq!(books.shown(), books.total, "three people have revised");
    }

    #[test]
    fn who_goes_back_to_what_is_shown_hides_nobody() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4], 0), 3);
        for participant in [1, 2] {
            books.fold(&revised(participant, participant.into(), 100), 3);
            books.fold(&revised(participant, 100, participant.into()), 3);
        }
        let before = books.shown();
        books.fold(&revised(3, 3, 300), 3);
        assert_eq!(books.shown().categories, before.categories, "the only change would be theirs");
    }

    #[test]
    fn one_revised_ballot_among_many_new_ones_stays_held_back_while_they_are_shown() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3], 0), 3);
        books.fold(&revised(1, 1, 100), 3);
        assert_eq!(books.fold(&added(&[4, 5, 6], 2), 3), 8);
        let mut expected = books.total.clone();
        expected.add(&revised(1, 100, 1).total());
        assert_eq!(Tally { submissions: 0, ..books.shown() }, Tally { submissions: 0, ..expected });
    }

    #[test]
    fn a_revision_of_a_ballot_that_is_not_shown_is_no_change_of_what_is() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2], 0), 3);
        books.fold(&revised(1, 1, 100), 3);
        books.fold(&revised(2, 2, 200), 3);
        assert_eq!(books.shown().participants, 0);
        assert_eq!(books.fold(&added(&[], 1), 3), 3);
        assert_eq!(books.shown(), books.total);
    }

    #[test]
    fn the_same_answer_again_counts_towards_no_group() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3], 0), 3);
        books.fold(&revised(1, 1, 1), 3);
        books.fold(&revised(2, 2, 2), 3);
        let before = books.shown();
        books.fold(&revised(3, 3, 300), 3);
        assert_eq!(books.shown().categories, before.categories);
    }

    #[test]
    fn an_exclusion_that_is_undone_before_it_was_shown_has_changed_nothing() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4, 5], 0), 3);
        let before = books.shown();
        books.fold(&excluded(1, 1), 3);
        assert_eq!(books.shown(), before, "one ballot would be the only one that is taken back");
        books.fold(&restored(1, 1), 3);
        assert!(is_same(&books.shown(), &before) && is_same(&books.held_back.changed.tally, &Tally::default()));
        assert!(books.held_back.changed.excluded.is_empty() && books.held_back.added == Added::default());
        // It was revised while it was excluded: then it is a revision, of one person.
        books.fold(&excluded(1, 1), 3);
        books.fold(&restored(1, 100), 3);
        assert_eq!(books.held_back.changed.replaced.len(), 1);
        books.fold(&revised(2, 2, 200), 3);
        books.fold(&revised(3, 3, 300), 3);
        assert_eq!(books.shown(), books.total);
    }

    #[test]
    fn exclusions_are_shown_in_a_group_and_come_back_as_new_ballots() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4, 5, 6], 0), 3);
        for number in 1..=3 {
            assert_eq!(books.shown().participants, 6);
            books.fold(&excluded(number, number.into()), 3);
        }
        assert_eq!(books.shown().participants, 3);
        books.fold(&restored(1, 1), 3);
        assert_eq!(books.shown().participants, 3, "it would be the only new one");
        books.fold(&restored(2, 2), 3);
        books.fold(&restored(3, 3), 3);
        assert_eq!((books.shown().participants, books.shown()), (6, books.total.clone()));
    }

    #[test]
    fn who_erases_an_excluded_ballot_is_named_nowhere_and_it_is_taken_back_once() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4, 5, 6], 0), 3);
        books.fold(&excluded(1, 1), 3);
        books.fold(&forgotten(1), 3);
        assert_eq!(books.total.participants, 5);
        assert!(books.held_back.changed.excluded.is_empty());
        books.fold(&removed(2, 2), 3);
        books.fold(&removed(3, 3), 3);
        assert_eq!(books.shown(), books.total, "three are taken back");
    }

    #[test]
    fn an_erased_ballot_leaves_its_group_and_nothing_names_its_participant() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3], 0), 3);
        books.fold(&added(&[4, 5], 0), 3);
        books.fold(&removed(4, 4), 3);
        books.fold(&revised(1, 1, 100), 3);
        books.fold(&removed(1, 100), 3);
        let json = serde_json::to_string(&books.held_back).unwrap();
        assert!(!json.contains(&participant(1).0.simple().to_string()), "{json}");
        assert!(!json.contains(&participant(4).0.simple().to_string()), "{json}");
        assert_eq!(books.shown().participants, 3, "one was taken back, and one is new");
        // With three new ones and one removed the removed one could be told.
        assert_eq!(books.fold(&added(&[6, 7], 0), 3), 6);
        assert_eq!(books.total.participants, 5);
        books.fold(&removed(2, 2), 3);
        books.fold(&removed(3, 3), 3);
        assert_eq!(books.shown(), books.total, "three are removed, and none is new");
    }

    #[test]
    fn what_is_shown_never_shrinks_to_fewer_ballots_than_the_threshold() {
        let mut books = Books::default();
        books.fold(&added(&[1, 2, 3, 4, 5], 0), 3);
        for number in 1..=4 {
            books.fold(&removed(number, number.into()), 3);
            let shown = books.shown().participants;
            assert!(shown == 5, "{shown} after {number}: one or two would be left");
        }
        assert_eq!(books.fold(&removed(5, 5), 3), 0);
    }

    #[test]
    fn without_a_record_everything_is_shown_or_nothing() {
        let least = PublishEvery::try_from(5).unwrap();
        for (count, shown) in [(4, 0), (5, 5)] {
            let total = added(&[], count).total();
            let held_back = HeldBack::without_record(&total, least);
            assert_eq!(held_back.shown(&total).participants, shown);
            assert!(held_back.agrees_with(&total));
        }
    }

    #[test]
    fn sums_of_the_first_release_are_shown_with_a_group_if_all_of_them_are_new() {
        let untraced = |delta: Delta| Delta {
            untraced: Tally { submissions: 0, ..delta.total() },
            submissions: delta.submissions,
            ..Delta::default()
        };
        let mut books = Books::default();
        assert_eq!(books.fold(&untraced(added(&[], 2)), 3), 0);
        assert_eq!(books.fold(&untraced(added(&[], 1)), 3), 3);
        // One of them replaced another. Which one, and in which group, is not known.
        let mut sum = added(&[], 4);
        sum.added.add(&revised(1, 1_000, 1_001).total());
        sum.submissions += 1;
        assert_eq!(books.fold(&untraced(sum), 3), 3);
        assert_eq!(books.fold(&added(&[7, 8, 9], 0), 3), 6);
    }

    /// What somebody does: an anonymous answer, an answer of a participant, an erasure, or an exclusion or its end.
    #[derive(Debug, Clone, Copy)]
    enum Act {
        Anonymous,
        /// One of few answers, so that people go back to what is shown.
        Answer(u8, u16),
        Erase(u8),
        Exclude(u8),
        Restore(u8),
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let act = prop_oneof![
            2 => Just(Act::Anonymous),
            6 => (0u8..25, 0u16..3).prop_map(|(voter, choice)| Act::Answer(voter, choice)),
            1 => (0u8..25).prop_map(Act::Erase),
            2 => (0u8..25).prop_map(Act::Exclude),
            1 => (0u8..25).prop_map(Act::Restore),
        ];
        proptest::collection::vec(act, 0..300)
    }

    /// The ballots by voter; those without a participant have numbers of their own.
    type Ballots = HashMap<u32, u16>;

    fn tally(ballots: &Ballots) -> Tally {
        let mut tally = Tally::default();
        for number in ballots.values() {
            tally.count(&allocation(*number));
        }
        tally
    }

    fn is_same(a: &Tally, b: &Tally) -> bool {
        let mut difference = Tally { submissions: 0, ..a.clone() };
        difference.add(&Tally { submissions: 0, ..b.clone() }.inverse());
        difference.is_zero()
    }

    proptest! {
        /// A model that knows of each ballot whether it is shown. What it shows is the total less what is held back, and each
        /// step adds none or enough ballots and takes back none or enough.
        #[test]
        fn each_step_of_what_is_shown_adds_none_or_enough_and_takes_back_none_or_enough(
            acts in acts(), batch_size in 1usize..12, least in 2u16..8, closing in any::<bool>(),
        ) {
            let mut books = Books::default();
            let (mut current, mut shown) = (Ballots::new(), Ballots::new());
            let (mut next, mut gone, mut excluded) = (0, BTreeSet::new(), Ballots::new());
            let batches = acts.len().div_ceil(batch_size);
            for (number, batch) in acts.chunks(batch_size).enumerate() {
                let before = current.clone();
                let mut delta = Delta::default();
                let mut later = Vec::new();
                for act in batch {
                    next += 1;
                    match *act {
                        Act::Anonymous => {
                            current.insert(1_000 + u32::from(next), next);
                            delta.added.count(&allocation(next));
                            delta.submissions += 1;
                        }
                        // Who was erased comes back as somebody else.
                        Act::Answer(voter, _) if gone.contains(&voter) => {}
                        Act::Answer(voter, choice) => {
                            let ballots = if excluded.contains_key(&voter.into()) { &mut excluded } else { &mut current };
                            ballots.insert(voter.into(), 1_000 + 3 * u16::from(voter) + choice);
                            delta.submissions += 1;
                        }
                        // Each is a batch of its own, and comes after this one.
                        Act::Erase(voter) => {
                            gone.insert(voter);
                            later.push(*act);
                        }
                        Act::Exclude(_) | Act::Restore(_) => later.push(*act),
                    }
                }
                for voter in 0..25 {
                    let after = current.get(&voter.into()).copied();
                    match (before.get(&voter.into()).copied(), after) {
                        (None, Some(after)) => {
                            delta.added.count(&allocation(after));
                            delta.added_by.push(participant(voter));
                        }
                        (Some(before), Some(after)) if before != after => {
                            delta.revised.extend(revised(voter, before, after).revised);
                        }
                        _ => {}
                    }
                }
                let later = later.into_iter().filter_map(|act| match act {
                    Act::Erase(voter) => match current.remove(&voter.into()) {
                        Some(ballot) => Some(removed(voter, ballot)),
                        None => excluded.remove(&voter.into()).map(|_| forgotten(voter)),
                    },
                    Act::Exclude(voter) => {
                        let ballot = current.remove(&voter.into())?;
                        excluded.insert(voter.into(), ballot);
                        Some(Delta { excluded: vec![of(voter, ballot)], ..Delta::default() })
                    }
                    Act::Restore(voter) => {
                        let ballot = excluded.remove(&voter.into())?;
                        current.insert(voter.into(), ballot);
                        Some(Delta { restored: vec![of(voter, ballot)], ..Delta::default() })
                    }
                    Act::Anonymous | Act::Answer(..) => None,
                });
                let deltas: Vec<Delta> = [delta].into_iter().chain(later).collect();
                for delta in &deltas {
                    books.total.add(&delta.total());
                    books.held_back.hold(delta);
                }
                let (least, least_shown) = (if closing && number + 1 == batches { least.min(3) } else { least }, least);
                books.held_back.release(&books.total, least, least_shown);
                prop_assert!(is_same(&books.total, &tally(&current)));
                prop_assert!(books.held_back.agrees_with(&books.total));

                // It shows what it showed, or the new ones as well, or everything.
                let mut with_new = shown.clone();
                for (voter, ballot) in &current {
                    with_new.entry(*voter).or_insert(*ballot);
                }
                let candidates = [shown.clone(), with_new, current.clone()];
                let now = candidates.into_iter().find(|ballots| is_same(&books.shown(), &tally(ballots)));
                prop_assert!(now.is_some(), "what is shown is none of these");
                let now = now.unwrap();
                let differs = |a: &Ballots, b: &Ballots| a.iter().filter(|(voter, ballot)| b.get(voter) != Some(ballot)).count();
                let (added, taken_back) = (differs(&now, &shown), differs(&shown, &now));
                for (count, least) in [(added, least), (taken_back, least), (now.len(), least_shown)] {
                    prop_assert!(count == 0 || count >= usize::from(least), "{added} added, {taken_back} taken back, {} shown", now.len());
                }
                // Nothing waits without need.
                let new = current.keys().filter(|voter| !now.contains_key(voter)).count();
                prop_assert!(
                    new < usize::from(least) || current.len() < usize::from(least_shown),
                    "{new} new ones wait"
                );
                shown = now;
            }
        }
    }
}
