//! The link to the other processes, over Redis. The only folder that names the Redis client library; one file for the
//! connections and one for each use of them.

mod client;
mod rate_limit;
mod snapshots;

pub use client::{RedisClient, RedisError};
pub use snapshots::{Event, Events};
