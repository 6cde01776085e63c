//! Names participants by signed tokens, and blinds network addresses. A token holds a random UUID and nothing else.

use std::net::IpAddr;

use cookie::{Cookie, CookieJar, Key};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::participant::ParticipantId;

/// The name under which tokens are signed. The signature covers only the value, so the cookie may have any other name.
const SIGNED: &str = "participant";

/// Signs and verifies participant tokens, and blinds network addresses.
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

/// A network address, blinded by the secret. It shows whether two addresses are equal, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkKey(String);

impl NetworkKey {
    /// Returns the key in hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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

    /// Blinds an address. IPv6 addresses with the same /64 prefix get the same key, because one household or machine
    /// holds them.
    pub fn network_key(&self, address: IpAddr) -> NetworkKey {
        let digest = match address.to_canonical() {
            IpAddr::V4(address) => self.digest(&[&address.octets()]),
            IpAddr::V6(address) => self.digest(&[&address.octets()[..8]]),
        };
        NetworkKey(hex::encode(&digest[..16]))
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.signing()).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
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

    #[test]
    fn one_ipv6_household_is_one_network_and_the_address_cannot_be_read_from_its_key() {
        let this = identity(7);
        let key = |address: &str| this.network_key(address.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("192.0.2.1"), identity(8).network_key("192.0.2.1".parse().unwrap()));
    }
}
