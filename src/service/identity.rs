//! Names participants by signed tokens. A token holds the participant's id and nothing else.

use cookie::{Cookie, CookieJar, Key};

use crate::domain::participant::ParticipantId;

/// The name under which tokens are signed. The signature covers only the value, so the cookie may have any other name.
const SIGNED: &str = "participant";

/// Signs and verifies participant tokens.
pub struct Identity {
    key: Key,
    /// The key of the previous secret. Tokens that it signed are still valid.
    previous: Option<Key>,
}

/// The participant whom a valid token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct KnownParticipant {
    pub participant: ParticipantId,
    /// Whether the token was signed with the current secret.
    pub is_current: bool,
}

impl Identity {
    /// Derives the keys from secrets of at least 32 bytes each.
    pub fn new(secret: &[u8], previous: Option<&[u8]>) -> Self {
        Self { key: Key::derive_from(secret), previous: previous.map(Key::derive_from) }
    }

    /// Returns the token of a participant. It is the value of the cookie and is also a bearer token.
    pub fn token(&self, participant: ParticipantId) -> String {
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key).add(Cookie::new(SIGNED, participant.to_string()));
        jar.get(SIGNED).map(|cookie| cookie.value().to_owned()).unwrap_or_default()
    }

    /// Returns the participant whom a token names, if the signature is valid.
    pub fn verify(&self, token: &str) -> Option<KnownParticipant> {
        let keys = [(Some(&self.key), true), (self.previous.as_ref(), false)];
        keys.into_iter().find_map(|(key, is_current)| {
            let cookie = CookieJar::new().signed(key?).verify(Cookie::new(SIGNED, token.to_owned()))?;
            Some(KnownParticipant { participant: ParticipantId(cookie.value().parse().ok()?), is_current })
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn identity(secret: u8) -> Identity {
        Identity::new(&[secret; 32], None)
    }

    #[test]
    fn a_token_names_the_participant_and_a_changed_one_nobody() {
        let (identity, participant) = (identity(7), ParticipantId(Uuid::new_v4()));
        let token = identity.token(participant);
        assert_eq!(identity.verify(&token), Some(KnownParticipant { participant, is_current: true }));
        assert_eq!(self::identity(8).verify(&token), None, "another secret");
        let forged = token.replace(&participant.to_string(), &Uuid::new_v4().to_string());
        assert_ne!(forged, token);
        assert_eq!(identity.verify(&forged), None, "another participant under the same signature");
        assert_eq!(identity.verify(&participant.to_string()), None, "no signature");
        assert_eq!(identity.verify(""), None);
    }

    #[test]
    fn after_a_rotation_the_previous_secret_verifies_and_the_new_one_signs() {
        let (before, after) = (identity(7), Identity::new(&[8; 32], Some(&[7; 32])));
        let participant = ParticipantId(Uuid::new_v4());
        let [old, new] = [before.token(participant), after.token(participant)];
        assert_eq!(after.verify(&old), Some(KnownParticipant { participant, is_current: false }));
        assert_eq!(after.verify(&new), Some(KnownParticipant { participant, is_current: true }));
        assert_eq!(before.verify(&new), None);
    }
}
