//! Idempotency keys, by which a retry finds the first submission.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{budget::BudgetId, participant::ParticipantId, violation::Violation};

/// The allowed number of characters of a key.
const LENGTH: RangeInclusive<usize> = 8..=64;
/// The least number of characters of a key from which a participant is derived: 22 characters of base64 are 128 bits.
const UNGUESSABLE_LENGTH: usize = 22;

/// A key that a client chose. Only its [`KeyDigest`] is stored.
pub struct IdempotencyKey(String);

/// The stored form of a key: 128 bits of a hash over the key and its owner, so that equal keys of two owners differ.
///
/// The hash contains no secret: secrets are rotated, and after a rotation a retry would not find the first submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyDigest(pub Uuid);

impl IdempotencyKey {
    /// A key of 8 to 64 characters without control characters.
    pub fn new(text: String) -> Result<Self, Violation> {
        if LENGTH.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            return Ok(Self(text));
        }
        let message = "Use 8 to 64 characters, none of them a control character; a random UUID is a good key.";
        Err(Violation::new("idempotencyKey", "KEY_FORMAT", message))
    }

    /// The participant that a first submission with consent and this key creates. Only the random bits come from the key. A
    /// retry without the cookie makes an id with a later time, which is never stored: the digest finds the first submission.
    pub fn new_participant(&self, budget: BudgetId, at: DateTime<Utc>) -> ParticipantId {
        let [_, _, _, _, _, _, random @ ..] = self.hash(b"participant", &budget.0.to_be_bytes());
        ParticipantId::new(at, &random)
    }

    /// Whether this key created the participant, at whatever time.
    fn has_created(&self, participant: ParticipantId, budget: BudgetId) -> bool {
        participant.has_random_bits_of(self.new_participant(budget, DateTime::UNIX_EPOCH))
    }

    /// Refuses a key that could be guessed. For some minutes, a client that sends the key of a remembered submission gets its
    /// cookie.
    pub fn check_unguessable(&self) -> Result<(), Violation> {
        if self.0.chars().count() >= UNGUESSABLE_LENGTH {
            return Ok(());
        }
        let message = format!(
            "With `remember` the key must be random and at least {UNGUESSABLE_LENGTH} characters long (in base64 that is \
             128 bits): whoever guesses it gets the participant's cookie. A random UUID is a good key."
        );
        Err(Violation::new("idempotencyKey", "KEY_TOO_SHORT", message))
    }

    /// The key's digest for its owner. The key of a known participant belongs to the participant, every other key to the
    /// budget, with or without consent. The participant that this very key created does not count as known: the first request
    /// came without the cookie, and its retry must have the same digest.
    pub fn digest(&self, budget: BudgetId, participant: Option<ParticipantId>) -> KeyDigest {
        KeyDigest(Uuid::from_bytes(match participant.filter(|known| !self.has_created(*known, budget)) {
            Some(known) => self.hash(b"key of participant", known.0.as_bytes()),
            None => self.hash(b"key of budget", &budget.0.to_be_bytes()),
        }))
    }

    fn hash(&self, purpose: &[u8], owner: &[u8]) -> [u8; 16] {
        let digest = Sha256::new()
            .chain_update(purpose)
            // Ends the purpose. The owner has a fixed length, so that no two inputs have the same bytes.
            .chain_update([0])
            .chain_update(owner)
            .chain_update(&self.0)
            .finalize();
        let mut first = [0; 16];
        for (byte, hashed) in first.iter_mut().zip(digest) {
            *byte = hashed;
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> IdempotencyKey {
        IdempotencyKey::new(text.to_owned()).unwrap()
    }

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(milliseconds).unwrap()
    }

    #[test]
    fn a_key_belongs_to_its_participant_and_otherwise_to_the_budget_with_or_without_consent() {
        let (one, other) = (BudgetId(1), BudgetId(2));
        let [a, b] = [1, 2].map(|number| Some(ParticipantId(Uuid::from_u128(number))));
        let key = key("f3b6d1c2-0d0c-4d2e-9a3b-111111111111");
        let digests = [key.digest(one, None), key.digest(other, None), key.digest(one, a), key.digest(one, b)];
        for (index, digest) in digests.iter().enumerate() {
            assert!(!digests[index + 1..].contains(digest), "{index}");
        }
        assert_eq!(key.digest(one, a), key.digest(other, a), "a participant's key is one for all budgets");
        let [now, later] = [1_790_000_000_000, 1_790_000_000_001].map(at);
        assert_eq!(key.digest(one, Some(key.new_participant(one, now))), key.digest(one, None));
        assert_eq!(key.digest(one, Some(key.new_participant(one, later))), key.digest(one, None));
        assert_ne!(key.new_participant(one, now), key.new_participant(other, now));
    }

    #[test]
    fn digests_are_those_that_are_stored_already() {
        let key = key("f3b6d1c2-0d0c-4d2e-9a3b-111111111111");
        let stored = |digest: KeyDigest| digest.0.to_string();
        assert_eq!(stored(key.digest(BudgetId(1), None)), "77e4a79e-e3ac-83a7-3b99-05e496a90e4b");
        assert_eq!(
            stored(key.digest(BudgetId(1), Some(ParticipantId(Uuid::from_u128(7))))),
            "4aec57bf-f713-32f8-c678-2462ae146667"
        );
    }

    #[test]
    fn a_participant_begins_with_its_time_and_one_that_an_earlier_release_created_still_belongs_to_its_key() {
        let key = key("f3b6d1c2-0d0c-4d2e-9a3b-111111111111");
        let created = key.new_participant(BudgetId(1), at(0x0190_1234_5678));
        assert_eq!(created.to_string(), "01901234-5678-7c9d-9a67-d78f37574bd8");
        let earlier = ParticipantId("fb407a10-016d-4c9d-9a67-d78f37574bd8".parse().unwrap());
        assert_eq!(key.digest(BudgetId(1), Some(earlier)), key.digest(BudgetId(1), None));
        assert_ne!(key.digest(BudgetId(2), Some(earlier)), key.digest(BudgetId(2), None));
    }

    #[test]
    fn a_key_that_may_be_guessed_creates_no_participant() {
        assert!(key("123456789012345678901").check_unguessable().is_err());
        assert!(key("1234567890123456789012").check_unguessable().is_ok());
    }
}
