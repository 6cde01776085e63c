//! Exclusions: answers that an organiser took out of the count, for a reason that everybody can read.

use chrono::{DateTime, Utc};

use super::violation::Violation;

/// The number of an exclusion in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExclusionId(pub i64);

/// What was excluded at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionKind {
    /// One answer.
    Answer,
    /// A cohort of answers with the same shares.
    Cohort,
}

/// Why answers were excluded, in the organiser's words. From 1 to 500 characters, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// An exclusion as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicExclusion {
    /// The exclusion.
    pub id: ExclusionId,
    /// Why.
    pub reason: String,
    /// How many answers. Those that their participants erased since are not among them.
    pub count: i64,
    /// When.
    pub excluded_at: DateTime<Utc>,
}

impl ExclusionKind {
    /// The stable name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Cohort => "cohort",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Answer, Self::Cohort].into_iter().find(|kind| kind.name() == name)
    }
}

impl Reason {
    const MAX_CHARACTERS: usize = 500;

    /// Reads a reason. Spaces at its ends are left out.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Violation::new("reason", "REQUIRED", "Give the reason. Everybody can read it."));
        }
        if text.chars().count() > Self::MAX_CHARACTERS || text.chars().any(char::is_control) {
            let message = format!("Give the reason in one line of at most {} characters.", Self::MAX_CHARACTERS);
            return Err(Violation::new("reason", "LENGTH", message));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_that_says_something() {
        assert_eq!(Reason::parse("  sent by a script ").unwrap().as_str(), "sent by a script");
        assert!(Reason::parse(&"ä".repeat(500)).is_ok());
        for refused in ["", " \u{a0}", "two\nlines", &"x".repeat(501)] {
            assert!(Reason::parse(refused).is_err(), "{refused:?}");
        }
    }
}
