//! How many connections and streams may be open, and how long and large a body may be.

pub mod body;
pub mod connections;
pub mod streams;
