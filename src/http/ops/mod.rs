//! What a process says of itself to its operators.

pub mod health;
pub mod metrics;

/// The paths of the probes. They are answered also where a limit of connections leaves no room for anything else.
pub const PROBES: [&str; 3] = ["/metrics", "/healthz", "/readyz"];
