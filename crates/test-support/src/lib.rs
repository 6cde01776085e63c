//! What the integration tests, the fault tests and the benchmarks share. Everything here knows the program from outside
//! alone: its flags, its addresses, its database. What looks inside it is in `tests/it/support`.
#![allow(missing_docs, clippy::unwrap_used)]

pub mod federal;
pub mod flags;
pub mod hostile;
pub mod program;
#[cfg(feature = "servers")]
mod servers;

#[cfg(feature = "servers")]
pub use servers::*;

/// A setting of the test run.
#[allow(clippy::disallowed_methods)] // tests have no settings module; this is their one place
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
