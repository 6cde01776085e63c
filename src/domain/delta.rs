//! Deltas: what one batch of submissions changes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// The ballots that were erased.
    pub removed: Vec<RemovedBallot>,
    /// The ballots that an organiser took out of the count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<VoiceBallot>,
    /// The ballots that an organiser put back into the count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub restored: Vec<VoiceBallot>,
    /// The participants who erased a ballot that was excluded. It counted no more, but what is held back may name them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<ParticipantId>,
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

/// Whose ballot it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// A participant.
    Participant(ParticipantId),
    /// A submission without a participant, by its id.
    Submission(Uuid),
}

/// The ballot of a voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceBallot {
    /// The voice.
    pub voice: Voice,
    /// Its ballot at the time of the change.
    pub ballot: Allocation,
}

impl Voice {
    /// The random number of the participant or of the submission.
    pub fn id(self) -> Uuid {
        match self {
            Self::Participant(participant) => participant.0,
            Self::Submission(id) => id,
        }
    }

    /// The participant, if there is one.
    pub fn participant(self) -> Option<ParticipantId> {
        match self {
            Self::Participant(participant) => Some(participant),
            Self::Submission(_) => None,
        }
    }
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
        for excluded in &self.excluded {
            tally.discount(&excluded.ballot);
        }
        for restored in &self.restored {
            tally.count(&restored.ballot);
        }
        tally.add(&Tally { submissions: self.submissions, ..Tally::default() });
    }

    /// True if it takes ballots out of the count or puts them back, which releases without exclusions cannot read.
    pub fn has_exclusions(&self) -> bool {
        !(self.excluded.is_empty() && self.restored.is_empty() && self.forgotten.is_empty())
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
    excluded: Vec<VoiceBallot>,
    #[serde(default)]
    restored: Vec<VoiceBallot>,
    #[serde(default)]
    forgotten: Vec<ParticipantId>,
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
            excluded: stored.excluded,
            restored: stored.restored,
            forgotten: stored.forgotten,
            untraced,
        })
    }
}
