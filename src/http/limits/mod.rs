//! Limits of open connections and streams, and of the size and time of a body.

pub mod body;
pub mod connections;
pub mod streams;
