//! The operations that the page itself sends. A server can be told to execute no others.

use std::collections::HashSet;

use serde::Deserialize;

/// Generated from the page's sources, and embedded: the page and the server are built together.
const OPERATIONS: &str = include_str!("../../frontend/operations.json");

/// Which documents may be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operations {
    /// Every valid one within the limits.
    All,
    /// Those of the page alone.
    Trusted,
}

/// DocumentCache of the page, by their text.
pub struct TrustedDocuments(HashSet<String>);

#[derive(Deserialize)]
struct Operation {
    document: String,
}

impl TrustedDocuments {
    /// Those that were built into this program.
    pub fn built_in() -> Self {
        let operations: Vec<Operation> =
            serde_json::from_str(OPERATIONS).expect("frontend/operations.json is generated, and a test reads it");
        Self(operations.into_iter().map(|operation| operation.document).collect())
    }

    /// Each text.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the page sends this text.
    pub fn contains(&self, text: &str) -> bool {
        self.0.contains(text)
    }
}
