//! Names and passwords of the accounts of the desk.

use std::fmt;

use super::violation::Violation;

const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=64;
const LEAST_PASSWORD_CHARACTERS: usize = 12;
/// The hash reads the whole password, so its length must have an end.
const MOST_PASSWORD_BYTES: usize = 1_024;

/// The name of an account. Two names that differ only in case are the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName(String);

impl AccountName {
    /// Takes a name without the white space around it. A colon is refused: the audit log uses it for actors that are no
    /// accounts.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let name = text.trim();
        let violation = |rule, message: String| Err(Violation::new("name", rule, message));
        if !NAME_CHARACTERS.contains(&name.chars().count()) {
            let (least, most) = NAME_CHARACTERS.into_inner();
            return violation("LENGTH", format!("A name has {least} to {most} characters."));
        }
        if name.chars().any(|character| character == ':' || character.is_control()) {
            return violation("CHARACTERS", "A name has no colon and no control characters.".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    /// Returns the name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what no two accounts have in common.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks the rules of a new password. There are no rules about kinds of characters: they make passwords worse
/// (NIST SP 800-63B, 3.1.1.2).
pub fn check_password(password: &str, name: &str) -> Result<(), Violation> {
    let violation = |rule, message: String| Err(Violation::new("password", rule, message));
    if password.chars().count() < LEAST_PASSWORD_CHARACTERS {
        return violation("LENGTH", format!("A password has at least {LEAST_PASSWORD_CHARACTERS} characters."));
    }
    if password.len() > MOST_PASSWORD_BYTES {
        return violation("LENGTH", format!("A password has at most {MOST_PASSWORD_BYTES} bytes."));
    }
    if password.to_lowercase() == name.to_lowercase() {
        return violation("NAME", "The password must not be the name.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_more_than_case_and_have_no_colon() {
        let name = AccountName::parse("  Ada Lovelace ").unwrap();
        assert_eq!(name.as_str(), "Ada Lovelace");
        assert_eq!(name.key(), AccountName::parse("ADA lovelace").unwrap().key());
        for (text, rule) in [("a", "LENGTH"), ("", "LENGTH"), ("console:", "CHARACTERS"), ("a\u{7}b", "CHARACTERS")] {
            assert_eq!(AccountName::parse(text).unwrap_err().rule, rule, "{text:?}");
        }
        assert_eq!(AccountName::parse(&"é".repeat(64)).unwrap().as_str().len(), 128);
        assert!(AccountName::parse(&"é".repeat(65)).is_err());
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        assert!(check_password("correct horse", "ada").is_ok());
        for (password, rule) in [("elevenchars", "LENGTH"), (&*"x".repeat(1_025), "LENGTH"), ("ADA LOVELACE", "NAME")] {
            assert_eq!(check_password(password, "ada lovelace").unwrap_err().rule, rule, "{password}");
        }
    }
}
