//! Answers as organisers see them: what was said, and never by whom.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::{allocation::Allocation, exclusion::ExclusionId, share::Share};

/// The answer of one voice: its latest submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<Id> {
    /// Names the answer.
    pub id: Id,
    /// The hour of the submission. The minute would help to find out who it was.
    pub hour: DateTime<Utc>,
    /// What was said.
    pub allocation: Allocation,
    /// The exclusion that holds it out of the count.
    pub exclusion: Option<ExclusionId>,
}

/// Which answers to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerFilter {
    /// From this hour on.
    pub since: Option<DateTime<Utc>>,
    /// Before this hour.
    pub until: Option<DateTime<Utc>>,
    /// Only those that are excluded, or only those that are not.
    pub excluded: Option<bool>,
    /// Only those with the share of one category in a range.
    pub share: Option<ShareRange>,
    /// Only those with exactly these shares.
    pub allocation: Option<Allocation>,
}

/// A range of the share of one category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareRange {
    /// The position of the category.
    pub category: usize,
    /// The least share.
    pub least: Share,
    /// The greatest share.
    pub greatest: Share,
}

/// Rounds a time down to its hour.
pub fn hour_of(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::hours(1)).unwrap_or(time)
}

/// Rounds a time up to an hour.
pub fn hour_up(time: DateTime<Utc>) -> DateTime<Utc> {
    let hour = hour_of(time);
    if hour == time { hour } else { hour.checked_add_signed(TimeDelta::hours(1)).unwrap_or(time) }
}
