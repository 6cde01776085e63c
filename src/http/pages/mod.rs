//! The page: its documents, their heads and texts, and the built files.

pub mod assets;
pub mod head;
pub mod language;
pub mod origin;
pub mod page;
pub mod preview;
pub mod texts;
