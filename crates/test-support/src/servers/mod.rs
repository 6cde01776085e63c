//! The real program on real services: a database a test, a Redis prefix a test, port 0, clean-up on drop.
//!
//! Without `TEST_DATABASE_URL` the database is a SQLite file, without `TEST_REDIS_URL` there is one process alone; the
//! same tests run on both.

pub mod answers;
pub mod backup;
pub mod client;
pub mod database;
pub mod ledger;
pub mod loopback;
pub mod nodes;
pub mod origins;
pub mod process;
pub mod raw_socket;
pub mod redis;
pub mod relay;
pub mod socket;
pub mod standby;

use std::{
    future::Future,
    time::{Duration, Instant},
};

pub use client::Client;
pub use database::TestDatabase;

/// Longer than anything should take: only a broken program waits so long.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Waits until `attempt` returns something.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut attempt: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        if let Some(value) = attempt().await {
            return value;
        }
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
