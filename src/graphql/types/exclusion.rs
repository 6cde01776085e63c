//! Exclusions as everybody sees them.

use async_graphql::Object;

use super::{super::public::public, date_time::Timestamp};
use crate::domain::exclusion::PublicExclusion;

/// Answers that an organiser took out of the count at once.
pub struct ExclusionNode(pub PublicExclusion);

/// Answers that an organiser took out of the count at once.
#[Object(name = "Exclusion", directive = public::apply())]
impl ExclusionNode {
    /// The reason, in the organiser's words.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The number of answers. Answers that their participants erased since are not among them.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.count).unwrap_or(i32::MAX)
    }

    /// The moment of the exclusion.
    async fn excluded_at(&self) -> Timestamp {
        Timestamp(self.0.excluded_at)
    }
}
