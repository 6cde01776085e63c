//! Violations: the rules that an input broke, in words for the person who wrote it.

use serde::Serialize;

/// A rule that an input broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Where in the input, e.g. `shares[2].percent`.
    pub path: String,
    /// The rule's stable name, e.g. `SUM`.
    pub rule: &'static str,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
}

impl Violation {
    /// A broken `rule` at `path`.
    pub fn new(path: impl Into<String>, rule: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.into(), rule, message: message.into() }
    }
}
