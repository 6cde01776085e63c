//! The documents of the page. The setting `--operations trusted` lets a server execute only these.

use std::collections::HashSet;

use serde::Deserialize;

/// The operations of the page. The file is generated from the page's sources, and embedded because the page and the
/// server are built together.
const OPERATIONS: &str = include_str!("../../frontend/operations.json");

/// The documents that a server executes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operations {
    /// Every valid document within the limits.
    All,
    /// Only the documents of the page.
    Trusted,
}

/// The texts of the page's documents.
pub struct TrustedDocuments(HashSet<String>);

#[derive(Deserialize)]
struct Operation {
    document: String,
}

impl TrustedDocuments {
    /// Reads the documents that are built into this program.
    pub fn built_in() -> Self {
        let operations: Vec<Operation> =
            serde_json::from_str(OPERATIONS).expect("frontend/operations.json is generated, and a test reads it");
        Self(operations.into_iter().map(|operation| operation.document).collect())
    }

    /// Returns the text of each document.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns whether the page sends this text.
    pub fn contains(&self, text: &str) -> bool {
        self.0.contains(text)
    }
}
