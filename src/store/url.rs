//! Reading the database's URL, with the library that connects, so that both understand the same.

use std::{path::PathBuf, str::FromStr};

use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use super::StoreError;

/// Refuses a URL that cannot work; the error says what to write.
pub fn check_url(url: &str) -> Result<(), StoreError> {
    let refuse = |why: String| Err(StoreError::Url(why));
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "sqlite" if is_in_memory(url) => refuse(
            "a SQLite database in memory is a different one for each connection; name a file, as in \
             sqlite://data/taxbudget.db?mode=rwc"
                .to_owned(),
        ),
        "sqlite" if sqlite_file(url).is_none_or(|file| file.as_os_str().is_empty()) => {
            refuse("it names no file; write sqlite://data/taxbudget.db?mode=rwc".to_owned())
        }
        // A URL ends at a #, and the rest of the password and the host would be lost.
        "postgres" | "postgresql" if url.contains('#') => refuse(
            "it contains a #; in user and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25"
                .to_owned(),
        ),
        "sqlite" | "postgres" | "postgresql" => Ok(()),
        // The text is not quoted: without a scheme it could be a password.
        _ => refuse("it must begin with sqlite:// or postgres://; other databases are not supported".to_owned()),
    }
}

/// The URL without user and password. Everything before the last `@` may be a password with unescaped characters.
pub fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (before, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    // The last `@` may stand in a parameter, which may be a password too.
    let place = if before.contains('?') { "…" } else { place.split(['?', '#']).next().unwrap_or_default() };
    format!("{scheme}://{place}")
}

/// The file of a SQLite URL; `None` for other databases.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let options = url.starts_with("sqlite:").then(|| SqliteConnectOptions::from_str(url).ok())??;
    Some(options.get_filename().into())
}

fn is_in_memory(url: &str) -> bool {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    path.ends_with(":memory:") || query.split('&').any(|parameter| parameter == "mode=memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_never_shows_a_part_of_the_password() {
        for (url, place) in [
            ("postgres://u:p@db.example:5433/taxes?sslmode=require", "postgres://db.example:5433/taxes"),
            ("postgresql://app:p@ss/w:rd#1@127.0.0.1:5432/appdb", "postgresql://127.0.0.1:5432/appdb"),
            ("postgres://u:se?cr@et@db/taxes", "postgres://…"),
            ("postgres://db/taxes?user=u&password=se@cret", "postgres://…"),
            ("postgres://db/taxes", "postgres://db/taxes"),
            ("sqlite://data/x.db?mode=rwc", "sqlite://data/x.db"),
        ] {
            assert_eq!(without_credentials(url), place, "{url}");
        }
    }

    #[test]
    fn the_file_is_the_one_that_the_library_opens() {
        for (url, file) in [
            ("sqlite://data/taxbudget.db?mode=rwc", Some("data/taxbudget.db")),
            ("sqlite:///srv/my%20data/x%3F.db", Some("/srv/my data/x?.db")),
            ("sqlite:x.db", Some("x.db")),
            ("postgres://h/d", None),
        ] {
            assert_eq!(sqlite_file(url), file.map(PathBuf::from), "{url}");
            assert!(check_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_url_of_no_database_of_ours_is_refused_with_what_to_write() {
        for (url, hint) in [
            ("sqlite::memory:", "name a file"),
            ("sqlite://:memory:", "name a file"),
            ("sqlite://x.db?mode=memory", "name a file"),
            ("sqlite://", "names no file"),
            ("mysql://u:hunter2@h/d", "sqlite:// or postgres://"),
            ("hunter2", "sqlite:// or postgres://"),
            ("postgres://u:hunter2#1@h/d", "# as %23"),
        ] {
            let error = check_url(url).unwrap_err();
            assert!(error.to_string().contains(hint) && !error.to_string().contains("hunter2"), "{url}: {error}");
            assert!(!error.is_transient_connect_error());
        }
    }
}
