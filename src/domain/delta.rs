//! Deltas: what one batch of submissions changes.

use serde::{Deserialize, Serialize};

use super::{
    allocation::Allocation,
    participant::ParticipantId,
    tally::{CategoryTally, Tally},
};

/// The change of a budget's ballots by one batch. New ballots are summed. A ballot that was revised or removed stands by
/// itself: the fold must know of each whether it was shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Delta {
    /// Ledger rows.
    pub submissions: i64,
    /// The sum of the new ballots. Those that are not named by `added_by` have no participant.
    pub added: Tally,
    /// The participants among the new ballots, each once.
    pub added_by: Vec<ParticipantId>,
    /// The ballots that their participants replaced.
    pub revised: Vec<RevisedBallot>,
    /// The ballots that no longer count.
    pub removed: Vec<RemovedBallot>,
    /// Changes of which nobody knows what ballots they are: a release without thresholds summed them up.
    #[serde(skip_serializing_if = "Tally::is_zero")]
    pub untraced: Tally,
}

/// A ballot that its participant replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisedBallot {
    /// The participant.
    pub participant: ParticipantId,
    /// What counted until now.
    pub before: Allocation,
    /// What counts instead.
    pub after: Allocation,
}

/// A ballot that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedBallot {
    /// The participant, if it had one.
    pub participant: Option<ParticipantId>,
    /// What counted until now.
    pub before: Allocation,
}

impl Delta {
    /// The change of the tally of all ballots.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.add_to(&mut total);
        total
    }

    /// Adds the change to a tally of all ballots.
    pub fn add_to(&self, tally: &mut Tally) {
        tally.add(&self.added);
        self.add_others_to(tally);
    }

    /// The change of the tally without its histograms.
    pub fn sums(&self) -> Tally {
        let mut sums = self.added.sums();
        self.add_others_to(&mut sums);
        sums.sums()
    }

    /// Adds everything but the new ballots, whose sum may be large.
    fn add_others_to(&self, tally: &mut Tally) {
        tally.add(&self.untraced);
        for revised in &self.revised {
            tally.discount(&revised.before);
            tally.count(&revised.after);
        }
        for removed in &self.removed {
            tally.discount(&removed.before);
        }
        tally.add(&Tally { submissions: self.submissions, ..Tally::default() });
    }

    /// True if every ballot of `untraced` is new. A batch with a revision in it has more ledger rows than new ballots.
    pub fn is_untraced_new(&self) -> bool {
        self.untraced.participants == self.submissions
    }
}

/// What is stored: the fields of this release, or those of the first one, which summed everything.
#[derive(Deserialize)]
struct Stored {
    submissions: i64,
    added: Option<Tally>,
    #[serde(default)]
    added_by: Vec<ParticipantId>,
    #[serde(default)]
    revised: Vec<RevisedBallot>,
    #[serde(default)]
    removed: Vec<RemovedBallot>,
    #[serde(default)]
    untraced: Tally,
    /// Of the first release.
    participants: Option<i64>,
    /// Of the first release.
    #[serde(default)]
    categories: Vec<CategoryTally>,
}

impl TryFrom<Stored> for Delta {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let (added, untraced) = match (stored.added, stored.participants) {
            (Some(added), _) => (added, stored.untraced),
            (None, Some(participants)) => {
                (Tally::default(), Tally { participants, submissions: 0, categories: stored.categories })
            }
            (None, None) => return Err("no release wrote it"),
        };
        Ok(Self {
            submissions: stored.submissions,
            added,
            added_by: stored.added_by,
            revised: stored.revised,
            removed: stored.removed,
            untraced,
        })
    }
}
