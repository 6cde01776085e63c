//! The use cases of the organisers' desk, one file a noun.

pub mod answer_ids;
pub mod answers;
pub mod exclusions;
