//! The page: its documents, their heads and texts, and the built files.

pub mod assets;
pub mod documents;
pub mod head;
pub mod language;
mod origin;
pub mod texts;
