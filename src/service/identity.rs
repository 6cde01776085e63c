//! Who a cookie or bearer token is: a random UUID, signed, and nothing else.

use cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::net::IpAddr;
use uuid::Uuid;

use crate::domain::participant::ParticipantId;

/// The cookie's name; also the name under which the token is signed.
pub const COOKIE: &str = "taxbudget_participant";

/// Signs and reads participant tokens, and blinds network addresses.
pub struct Identity {
    key: Key,
    /// Whether cookies are for HTTPS alone.
    secure: bool,
}

/// A network address blinded by the secret: tells equal from different and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NetworkKey(String);

impl NetworkKey {
    /// Hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Identity {
    /// Derives its keys from the secret, which is at least 32 bytes.
    pub fn new(secret: &[u8], secure: bool) -> Self {
        Self { key: Key::derive_from(secret), secure }
    }

    /// A new voice.
    pub fn new_participant(&self) -> ParticipantId {
        ParticipantId(Uuid::new_v4())
    }

    /// The new voice of who hands in with this idempotency key. A retry gets the same one: the first answer may have
    /// been lost with its cookie, and a second voice would count twice.
    pub fn new_participant_for(&self, budget: &str, idempotency_key: &str) -> ParticipantId {
        let digest = self.digest(&[b"participant", budget.as_bytes(), b"\0", idempotency_key.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        ParticipantId(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The `Set-Cookie` value that remembers a participant for a year. Its value is also good as a bearer token.
    pub fn cookie(&self, participant: ParticipantId) -> String {
        let mut jar = CookieJar::new();
        let cookie = Cookie::build((COOKIE, participant.to_string()))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(365));
        jar.signed_mut(&self.key).add(cookie);
        jar.get(COOKIE).map(ToString::to_string).unwrap_or_default()
    }

    /// The participant of a `Cookie` header.
    pub fn from_cookie_header(&self, header: &str) -> Option<ParticipantId> {
        let cookie = Cookie::split_parse(header).filter_map(Result::ok).find(|cookie| cookie.name() == COOKIE)?;
        self.verify(cookie.into_owned())
    }

    /// The participant of a bearer token.
    pub fn from_token(&self, token: &str) -> Option<ParticipantId> {
        self.verify(Cookie::parse(format!("{COOKIE}={token}")).ok()?)
    }

    /// Blinds an address. IPv6 counts by its /64, which one household or machine holds.
    pub fn network_key(&self, address: IpAddr) -> NetworkKey {
        let digest = match address.to_canonical() {
            IpAddr::V4(address) => self.digest(&[&address.octets()]),
            IpAddr::V6(address) => self.digest(&[&address.octets()[..8]]),
        };
        NetworkKey(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.signing()).expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn verify(&self, cookie: Cookie<'static>) -> Option<ParticipantId> {
        let cookie = CookieJar::new().signed(&self.key).verify(cookie)?;
        cookie.value().parse().ok().map(ParticipantId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(set_cookie: &str) -> &str {
        set_cookie.split_once('=').unwrap().1.split(';').next().unwrap()
    }

    #[test]
    fn a_cookie_and_its_value_as_token_are_the_participant_and_a_changed_one_is_nobody() {
        let identity = Identity::new(&[7; 32], false);
        let participant = identity.new_participant();
        let set_cookie = identity.cookie(participant);
        assert!(set_cookie.contains("HttpOnly") && set_cookie.contains("SameSite=Lax"), "{set_cookie}");
        let token = value(&set_cookie);
        assert_eq!(identity.from_cookie_header(&format!("a=b; {COOKIE}={token}; c=d")), Some(participant));
        assert_eq!(identity.from_token(token), Some(participant));
        assert_eq!(Identity::new(&[8; 32], false).from_token(token), None, "another secret");
        let forged = token.replace(&participant.to_string(), &Uuid::new_v4().to_string());
        assert_ne!(forged, token);
        assert_eq!(identity.from_token(&forged), None, "another participant under the same signature");
        assert_eq!(identity.from_token(&participant.to_string()), None, "no signature");
        assert_eq!(identity.from_token(""), None);
    }

    #[test]
    fn one_ipv6_household_is_one_network_and_the_address_cannot_be_read_from_its_key() {
        let identity = Identity::new(&[7; 32], false);
        let key = |address: &str| identity.network_key(address.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("192.0.2.1"), key("::ffff:192.0.2.1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_ne!(key("192.0.2.1"), Identity::new(&[8; 32], false).network_key("192.0.2.1".parse().unwrap()));
    }
}
