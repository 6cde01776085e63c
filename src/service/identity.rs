//! Who a cookie or bearer token is: a random UUID, signed, and nothing else.

use std::net::IpAddr;

use cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::participant::ParticipantId;

/// The cookie's name over plain http.
const COOKIE: &str = "taxbudget_participant";
/// The cookie's name over https. Browsers take this prefix only from the host itself over https, so that no neighbouring
/// host can plant such a cookie.
const HOST_COOKIE: &str = "__Host-taxbudget_participant";
/// Cookies of one name that are tried: each costs an HMAC for each secret.
const MAX_TRIED: usize = 8;

/// Signs and reads participant tokens, and blinds network addresses.
pub struct Identity {
    key: Key,
    /// Of the secret before this one, whose tokens are still good.
    previous: Option<Key>,
    /// Whether cookies are for HTTPS alone.
    secure: bool,
}

/// The participant of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownByCookie {
    /// Who it is.
    pub participant: ParticipantId,
    /// Whether the cookie has the name and the signature that a new one would have.
    pub is_current: bool,
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
    /// Derives its keys from secrets of at least 32 bytes each.
    pub fn new(secret: &[u8], previous: Option<&[u8]>, secure: bool) -> Self {
        Self { key: Key::derive_from(secret), previous: previous.map(Key::derive_from), secure }
    }

    /// The `Set-Cookie` value that remembers a participant for a year. Its value is also good as a bearer token.
    pub fn cookie(&self, participant: ParticipantId) -> String {
        let mut jar = CookieJar::new();
        let name = self.cookie_name();
        let cookie = Cookie::build((name, participant.to_string()))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::days(365));
        jar.signed_mut(&self.key).add(cookie);
        jar.get(name).map(ToString::to_string).unwrap_or_default()
    }

    /// The participant of `Cookie` headers: the first cookie of the name that verifies.
    pub fn from_cookies(&self, headers: &[&[u8]]) -> Option<KnownByCookie> {
        let name = self.cookie_name().as_bytes();
        // Split as bytes: another application's cookie need not be text.
        let pairs = headers.iter().flat_map(|header| header.split(|byte| *byte == b';'));
        let values = pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name)?.strip_prefix(b"="));
        let mut values = values.take(MAX_TRIED).filter_map(|value| str::from_utf8(value).ok());
        values.find_map(|value| {
            let (participant, is_current) = self.verify(value)?;
            Some(KnownByCookie { participant, is_current })
        })
    }

    /// The participant of a bearer token.
    pub fn from_token(&self, token: &str) -> Option<ParticipantId> {
        self.verify(token).map(|(participant, _)| participant)
    }

    /// Over https the name that only this very host can set: any neighbouring host could plant a cookie of the other one.
    fn cookie_name(&self) -> &'static str {
        if self.secure { HOST_COOKIE } else { COOKIE }
    }

    /// Blinds an address. IPv6 counts by its /64, which one household or machine holds.
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

    /// The participant of a signed value, and whether it was signed with the current secret.
    fn verify(&self, value: &str) -> Option<(ParticipantId, bool)> {
        let keys = [(Some(&self.key), true), (self.previous.as_ref(), false)];
        keys.into_iter().find_map(|(key, is_current)| {
            let cookie = CookieJar::new().signed(key?).verify(Cookie::new(COOKIE, value.to_owned()))?;
            Some((ParticipantId(cookie.value().parse().ok()?), is_current))
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn identity(secret: u8) -> Identity {
        Identity::new(&[secret; 32], None, false)
    }

    fn someone() -> ParticipantId {
        ParticipantId(Uuid::new_v4())
    }

    fn value(set_cookie: &str) -> &str {
        set_cookie.split_once('=').unwrap().1.split(';').next().unwrap()
    }

    fn known(identity: &Identity, headers: &[&[u8]]) -> Option<KnownByCookie> {
        identity.from_cookies(headers)
    }

    #[test]
    fn a_cookie_and_its_value_as_token_are_the_participant_and_a_changed_one_is_nobody() {
        let (identity, participant) = (identity(7), someone());
        let set_cookie = identity.cookie(participant);
        assert!(set_cookie.contains("HttpOnly") && set_cookie.contains("SameSite=Lax"), "{set_cookie}");
        let token = value(&set_cookie);
        let current = Some(KnownByCookie { participant, is_current: true });
        assert_eq!(known(&identity, &[format!("a=b; {COOKIE}={token}; c=d").as_bytes()]), current);
        assert_eq!(identity.from_token(token), Some(participant));
        assert_eq!(self::identity(8).from_token(token), None, "another secret");
        let forged = token.replace(&participant.to_string(), &Uuid::new_v4().to_string());
        assert_ne!(forged, token);
        assert_eq!(identity.from_token(&forged), None, "another participant under the same signature");
        assert_eq!(identity.from_token(&participant.to_string()), None, "no signature");
        assert_eq!(identity.from_token(""), None);
    }

    #[test]
    fn the_first_cookie_that_verifies_counts_whatever_stands_around_it() {
        let (identity, participant) = (identity(7), someone());
        let set_cookie = identity.cookie(participant);
        let good = format!("{COOKIE}={}", value(&set_cookie));
        let current = Some(KnownByCookie { participant, is_current: true });
        for (before, after) in [
            (b"city=K\xc3\xb6ln; ".as_slice(), b"".as_slice()),
            (b"city=K\xf6ln;", b"; more=\xff"),
            (b"taxbudget_participant=x; ", b""),
            (b"taxbudget_participant=\xff; taxbudget_participant=; ", b"; taxbudget_participant=x"),
            (b";;; =; ", b";"),
        ] {
            let header = [before, good.as_bytes(), after].concat();
            assert_eq!(known(&identity, &[&header]), current, "{}", header.escape_ascii());
        }
        assert_eq!(known(&identity, &[b"taxbudget_participant=x", b"\xff", good.as_bytes()]), current, "three headers");
        assert_eq!(known(&identity, &[format!("x{good}").as_bytes()]), None, "another name");
        let many = format!("{COOKIE}=x; ").repeat(MAX_TRIED) + &good;
        assert_eq!(known(&identity, &[many.as_bytes()]), None, "so many cookies of one name are an attack");
    }

    #[test]
    fn over_https_the_cookie_is_the_hosts_own_and_no_other_name_is_read() {
        let (plain, secure, participant) = (identity(7), Identity::new(&[7; 32], None, true), someone());
        let (old, new) = (plain.cookie(participant), secure.cookie(participant));
        assert!(new.starts_with("__Host-taxbudget_participant=") && new.contains("Secure") && new.contains("Path=/"));
        assert!(!new.contains("Domain"), "{new}");
        let [old, new] = [old, new].map(|cookie| cookie.split(';').next().unwrap().to_owned());
        let found =
            |header: &str| known(&secure, &[header.as_bytes()]).map(|known| (known.participant, known.is_current));
        assert_eq!(found(&new), Some((participant, true)));
        assert_eq!(found(&old), None, "a neighbouring host could have planted it");
        let planted = plain.cookie(someone());
        let planted = planted.split(';').next().unwrap();
        assert_eq!(found(&format!("{planted}; {new}")), Some((participant, true)));
        assert_eq!(known(&plain, &[new.as_bytes()]), None);
    }

    #[test]
    fn after_a_rotation_the_previous_secret_verifies_and_the_new_one_signs() {
        let (before, after) = (identity(7), Identity::new(&[8; 32], Some(&[7; 32]), false));
        let participant = someone();
        let [old, new] = [before.cookie(participant), after.cookie(participant)];
        let found =
            |cookie: &str| known(&after, &[cookie.as_bytes()]).map(|known| (known.participant, known.is_current));
        assert_eq!(found(&old), Some((participant, false)));
        assert_eq!(found(&new), Some((participant, true)));
        assert_eq!(after.from_token(value(&old)), Some(participant));
        assert_eq!(before.from_token(value(&new)), None);
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
