//! Health and metrics of a process, for its operators.

pub mod health;
pub mod metrics;
mod process;

/// The paths of the probes. They are served even on a connection over a limit.
pub const PROBES: [&str; 3] = ["/metrics", "/healthz", "/readyz"];
