//! What an attempt at a job came to. It is stored as a sentence, which people read in logs, and read back from that sentence:
//! other words would hide the outcomes of older rows from the desk.

use std::fmt;

/// What an attempt at a job came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// No aggregate differs from a recount.
    NoDrift {
        /// The number of budgets that were recounted.
        budgets: i64,
    },
    /// Aggregates differ from a recount.
    Drift {
        /// The slugs of their budgets.
        budgets: Vec<String>,
    },
    /// The aggregates are as a recount has them.
    Rebuilt {
        /// The number of budgets whose aggregate differed before.
        drifted: i64,
    },
    /// Submissions whose retention time is over were deleted.
    Deleted {
        /// Their number.
        submissions: i64,
    },
    /// There is no budget with the slug that the job names.
    UnknownBudget {
        /// The slug.
        budget: String,
    },
    /// No attempt has come to an end.
    AttemptsExhausted {
        /// The number of attempts.
        attempts: i64,
    },
}

impl JobOutcome {
    /// Reads what [`Display`](fmt::Display) has written. None for any other text, for example the error of a database.
    pub fn parse(text: &str) -> Option<Self> {
        let between = |prefix: &str, suffix: &str| text.strip_prefix(prefix)?.strip_suffix(suffix);
        let number = |prefix, suffix| between(prefix, suffix)?.parse().ok();
        if let Some(budgets) = number("no drift (", " budgets)") {
            Some(Self::NoDrift { budgets })
        } else if let Some(slugs) = between("drift in ", "") {
            Some(Self::Drift { budgets: slugs.split(", ").map(str::to_owned).collect() })
        } else if let Some(drifted) = number("", " budgets had drifted") {
            Some(Self::Rebuilt { drifted })
        } else if let Some(submissions) = number("", " submissions were deleted") {
            Some(Self::Deleted { submissions })
        } else if let Some(slug) = between("there is no budget \"", "\"") {
            Some(Self::UnknownBudget { budget: slug.to_owned() })
        } else {
            number("none of ", " attempts came to an end").map(|attempts| Self::AttemptsExhausted { attempts })
        }
    }
}

impl fmt::Display for JobOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDrift { budgets } => write!(f, "no drift ({budgets} budgets)"),
            Self::Drift { budgets } => write!(f, "drift in {}", budgets.join(", ")),
            Self::Rebuilt { drifted } => write!(f, "{drifted} budgets had drifted"),
            Self::Deleted { submissions } => write!(f, "{submissions} submissions were deleted"),
            Self::UnknownBudget { budget } => write!(f, "there is no budget \"{budget}\""),
            Self::AttemptsExhausted { attempts } => write!(f, "none of {attempts} attempts came to an end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_read_back_from_its_sentence_and_no_other_text_is_taken_for_one() {
        let outcomes = [
            JobOutcome::NoDrift { budgets: 2 },
            JobOutcome::Drift { budgets: vec!["town".to_owned(), "federal".to_owned()] },
            JobOutcome::Rebuilt { drifted: 0 },
            JobOutcome::Deleted { submissions: 5_000_000_000 },
            JobOutcome::UnknownBudget { budget: "town".to_owned() },
            JobOutcome::AttemptsExhausted { attempts: 5 },
        ];
        for outcome in outcomes {
            assert_eq!(JobOutcome::parse(&outcome.to_string()), Some(outcome));
        }
        for other in ["", "no drift", "database is locked", "budget \"town\": broken; 1 budgets had drifted"] {
            assert_eq!(JobOutcome::parse(other), None, "{other}");
        }
    }
}
