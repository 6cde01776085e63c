//! Participants.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A random UUID that is given out only with consent. There is no account and no personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ParticipantId(#[serde(with = "uuid::serde::simple")] pub Uuid);

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
