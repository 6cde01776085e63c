//! What the page tells people about this installation, from its settings.

use super::limiter::SubmissionRates;

/// The settings that people are told about.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The name of who runs the server, and the address at which they can be reached, as the operator wrote them.
    pub operator: Option<String>,
    /// See [`Installation::operator`].
    pub contact: Option<String>,
    /// The allowances for submissions. They are the same for each budget.
    pub submission_rates: SubmissionRates,
}
