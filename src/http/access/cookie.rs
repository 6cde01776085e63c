//! The cookie that makes a browser a remembered participant.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use crate::{
    domain::participant::ParticipantId,
    service::identity::{Identity, KnownParticipant},
};

/// The cookie's name over plain HTTP.
const NAME: &str = "taxbudget_participant";
/// The cookie's name over HTTPS. Browsers accept this prefix only from the host itself over HTTPS, so a neighbouring
/// host cannot plant such a cookie.
const HOST_NAME: &str = "__Host-taxbudget_participant";
/// The most cookies of one name that are verified: each costs an HMAC for each secret.
const MAX_TRIED: usize = 8;

/// Returns the `Set-Cookie` value that remembers a participant for a year. The cookie's value also works as a bearer
/// token.
pub fn set_cookie(identity: &Identity, participant: ParticipantId, is_https: bool) -> Option<HeaderValue> {
    set(identity.token(participant), Duration::days(365), is_https)
}

/// Returns the `Set-Cookie` value that makes the browser delete the cookie.
pub fn remove_cookie(is_https: bool) -> Option<HeaderValue> {
    set(String::new(), Duration::ZERO, is_https)
}

fn set(value: String, max_age: Duration, is_https: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name(is_https), value))
        .path("/")
        .http_only(true)
        .secure(is_https)
        .same_site(SameSite::Lax)
        .max_age(max_age);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// Returns the participant of the first cookie of our name that verifies.
pub fn known_participant(identity: &Identity, headers: &HeaderMap, is_https: bool) -> Option<KnownParticipant> {
    values(headers, name(is_https)).take(MAX_TRIED).find_map(|value| identity.verify(value))
}

/// Returns the values of the cookies of this name, as they come.
pub fn values<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    // Split as bytes: another application's cookie need not be text.
    let headers = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = headers.flat_map(|header| header.split(|byte| *byte == b';'));
    let values = pairs.filter_map(move |pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    values.filter_map(|value| str::from_utf8(value).ok())
}

/// Returns the one name that is read. Over HTTPS the plain name is ignored: any neighbouring host could have planted
/// it.
fn name(is_https: bool) -> &'static str {
    if is_https { HOST_NAME } else { NAME }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn someone() -> ParticipantId {
        ParticipantId(Uuid::new_v4())
    }

    fn identity() -> Identity {
        Identity::new(&[7; 32], None)
    }

    /// Returns `name=value` of a new cookie.
    fn pair(participant: ParticipantId, is_https: bool) -> String {
        let cookie = set_cookie(&identity(), participant, is_https).unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn found(headers: &[&[u8]], is_https: bool) -> Option<ParticipantId> {
        let headers = headers.iter().map(|value| (header::COOKIE, HeaderValue::from_bytes(value).unwrap())).collect();
        known_participant(&identity(), &headers, is_https).map(|known| known.participant)
    }

    #[test]
    fn scripts_cannot_read_the_cookie_and_other_sites_cannot_send_it() {
        let cookie = set_cookie(&identity(), someone(), false).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    }

    #[test]
    fn the_first_cookie_that_verifies_counts_whatever_stands_around_it() {
        let participant = someone();
        let good = pair(participant, false);
        for (before, after) in [
            (b"a=b; ".as_slice(), b"; c=d".as_slice()),
            (b"city=K\xc3\xb6ln; ", b""),
            (b"city=K\xf6ln;", b"; more=\xff"),
            (b"taxbudget_participant=x; ", b""),
            (b"taxbudget_participant=\xff; taxbudget_participant=; ", b"; taxbudget_participant=x"),
            (b";;; =; ", b";"),
        ] {
            let header = [before, good.as_bytes(), after].concat();
            assert_eq!(found(&[&header], false), Some(participant), "{}", header.escape_ascii());
        }
        let three = [b"taxbudget_participant=x".as_slice(), b"\xff", good.as_bytes()];
        assert_eq!(found(&three, false), Some(participant), "three headers");
        assert_eq!(found(&[format!("x{good}").as_bytes()], false), None, "another name");
        let many = format!("{NAME}=x; ").repeat(MAX_TRIED) + &good;
        assert_eq!(found(&[many.as_bytes()], false), None, "so many cookies of one name are an attack");
    }

    #[test]
    fn over_https_the_cookie_is_the_hosts_own_and_no_other_name_is_read() {
        let participant = someone();
        let cookie = set_cookie(&identity(), participant, true).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-taxbudget_participant="), "{cookie}");
        assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
        let [old, new] = [pair(participant, false), pair(participant, true)];
        assert_eq!(found(&[new.as_bytes()], true), Some(participant));
        assert_eq!(found(&[old.as_bytes()], true), None, "a neighbouring host could have planted it");
        let planted = pair(someone(), false);
        assert_eq!(found(&[format!("{planted}; {new}").as_bytes()], true), Some(participant));
        assert_eq!(found(&[new.as_bytes()], false), None);
    }
}
