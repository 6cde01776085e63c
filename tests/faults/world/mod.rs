//! The world that a fault happens to, and who watches what becomes of it.
//!
//! - `trial`: one test's run: a cluster under load with watchers, and the checks at its end
//! - `cluster`: PostgreSQL, Redis, nodes and proxy as processes, in one folder that nothing may outlive
//! - `node`, `postgres`, `nginx`: each kind of process; `leftovers`: those that are still there
//! - `clock`: wall clocks that can be set
//! - `submitters`, `watchers`: clients that keep their history; `crowd`: thousands that keep none
//! - `verdict`: what is said of those histories

pub mod clock;
pub mod cluster;
pub mod crowd;
pub mod leftovers;
pub mod nginx;
pub mod node;
pub mod postgres;
pub mod submitters;
pub mod trial;
pub mod verdict;
pub mod watchers;

pub use cluster::{Cluster, Layout};
pub use trial::Trial;

/// Of a test that fails, what this process said last belongs to its report.
fn report(name: &str, log: &std::path::Path) {
    if std::thread::panicking() {
        let log = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        eprintln!("── {name}:\n{}", lines[lines.len().saturating_sub(25)..].join("\n"));
    }
}
