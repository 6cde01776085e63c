//! The cookie of a session at the desk.

use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};

use crate::{
    graphql::admin::caller::SessionCookieChange,
    http::access::cookie::values,
    service::desk::{sessions::Credential, tokens},
};

const NAME: &str = "taxbudget_desk";
/// Browsers accept this prefix only from the host itself over HTTPS, so a neighbouring host cannot plant such a cookie.
const HOST_NAME: &str = "__Host-taxbudget_desk";
/// No session lasts longer. The server ends a session that is not used much earlier.
const MAX_AGE: Duration = Duration::days(30);

/// Returns what the cookie shows. The digest of a cookie that is no token finds no session.
pub fn credential(headers: &HeaderMap, is_https: bool) -> Option<Credential> {
    let token = values(headers, name(is_https)).next()?;
    Some(Credential::Session(tokens::digest(token)))
}

/// Returns the `Set-Cookie` value of a change.
pub fn header(change: &SessionCookieChange, is_https: bool) -> Option<HeaderValue> {
    let (value, max_age) = match change {
        SessionCookieChange::Set(token) => (token.as_str(), MAX_AGE),
        SessionCookieChange::Remove => ("", Duration::ZERO),
    };
    let cookie = Cookie::build((name(is_https), value))
        .path("/")
        .http_only(true)
        .secure(is_https)
        .same_site(SameSite::Strict)
        .max_age(max_age);
    HeaderValue::from_str(&cookie.to_string()).ok()
}

fn name(is_https: bool) -> &'static str {
    if is_https { HOST_NAME } else { NAME }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;
    use crate::service::desk::tokens::Token;

    #[test]
    fn scripts_cannot_read_the_cookie_and_other_sites_cannot_send_it() {
        let token = Token::generate().unwrap();
        let set = |is_https| {
            let header = header(&SessionCookieChange::Set(Token::generate().unwrap()), is_https).unwrap();
            header.to_str().unwrap().to_owned()
        };
        let (plain, secure) = (set(false), set(true));
        assert!(plain.starts_with("taxbudget_desk=") && !plain.contains("Secure"), "{plain}");
        assert!(secure.starts_with("__Host-taxbudget_desk=") && secure.contains("Secure"), "{secure}");
        for cookie in [plain, secure] {
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let request =
            |name: &str| [(COOKIE, format!("{name}={}", token.as_str()).parse().unwrap())].into_iter().collect();
        let expected = Some(Credential::Session(token.digest()));
        assert_eq!(credential(&request(NAME), false), expected);
        assert_eq!(credential(&request(HOST_NAME), true), expected);
        assert_eq!(credential(&request(NAME), true), None, "a neighbouring host could have planted it");
    }
}
