//! Marks the results of one subscription for the counts of what is pushed.

use crate::{
    counters::pushes::{Numbering, PushMark},
    domain::snapshot::Revision,
    graphql::subscription_metadata::SubscriptionMetadata,
};

/// What one execution has read so far.
#[derive(Default)]
pub struct Marking {
    numbering: Numbering,
    before: Option<Revision>,
    /// Publications between two that the execution read, since the last mark.
    skipped: u32,
    /// Whether a newer publication was read since the last mark.
    is_news: bool,
}

impl Marking {
    /// Notes what the execution has just read, also if there is nothing to send.
    pub fn read(&mut self, metadata: &SubscriptionMetadata) {
        let Some(now) = metadata.revision() else { return };
        if let Some(before) = self.before {
            self.is_news |= before < now;
            // In another epoch the versions begin again.
            let versions = if before.epoch == now.epoch { now.version - before.version } else { 1 };
            self.skipped = self.skipped.saturating_add(u32::try_from(versions - 1).unwrap_or(0));
        }
        self.before = Some(now);
    }

    /// Returns the mark of the result that shows what was read last.
    pub fn mark(&mut self, metadata: &SubscriptionMetadata) -> PushMark {
        let folded_at = metadata.as_of().filter(|_| std::mem::take(&mut self.is_news));
        let is_thinned = metadata.min_interval().is_some();
        self.numbering.next(std::mem::take(&mut self.skipped), folded_at.map(|at| at.timestamp_micros()), is_thinned)
    }
}
