//! Cohorts: many new voices within an hour that have something in common. They are counted like all others, and flagged.

/// What the submissions of a cohort have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CohortKind {
    /// They came from one IPv4 address or /64.
    Network,
    /// They give the same shares.
    Allocation,
}

impl CohortKind {
    /// Returns the name in the database, in metrics and for organisers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Allocation => "allocation",
        }
    }

    /// The least number of submissions within an hour that is worth a look. A class behind one address is not, and some
    /// people leave the shares as the form begins with them.
    pub fn threshold(self) -> u64 {
        match self {
            Self::Network => 100,
            Self::Allocation => 25,
        }
    }
}
