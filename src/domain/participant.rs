//! Participants.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

/// The bits of an id that are neither its time nor the same in every id.
const RANDOM_BITS: u128 = 0x0fff_3fff_ffff_ffff_ffff;

/// A UUID that is given out only with consent. There is no account and no personal data.
///
/// It begins with the time of the first submission, which the row of that submission tells more exactly. Ids that earlier
/// releases gave out are random throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ParticipantId(#[serde(with = "uuid::serde::simple")] pub Uuid);

impl ParticipantId {
    /// Returns the id of a participant who is new at this time. The time comes first so that indexes grow at their end: at
    /// random places, each new participant would change a page of its own in every index.
    pub fn new(at: DateTime<Utc>, random: &[u8; 10]) -> Self {
        let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Self(Builder::from_unix_timestamp_millis(milliseconds, random).into_uuid())
    }

    /// Whether the random bits are the same, whatever the time.
    pub fn has_random_bits_of(self, other: Self) -> bool {
        self.0.as_u128() & RANDOM_BITS == other.0.as_u128() & RANDOM_BITS
    }
}

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
