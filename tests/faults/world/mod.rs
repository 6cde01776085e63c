//! The world that a fault happens to, and who watches what becomes of it.
//!
//! - `trial`: one test's run: a cluster under load with watchers, and the checks at its end
//! - `cluster`: PostgreSQL, Redis, nodes and proxy as processes, in one folder that nothing may outlive
//! - `node`, `postgres`, `nginx`: each kind of process; `leftovers`: those that are still there
//! - `clock`: wall clocks that can be set
//! - `relay`: a connection that can be made to swallow everything
//! - `submitters`, `watchers`: clients that keep their history; `crowd`: thousands that keep none
//! - `verdict`: what is said of those histories

pub mod clock;
pub mod cluster;
pub mod crowd;
pub mod leftovers;
pub mod nginx;
pub mod node;
pub mod postgres;
pub mod relay;
pub mod submitters;
pub mod trial;
pub mod verdict;
pub mod watchers;

pub use cluster::{Cluster, Layout};
pub use trial::{Ended, Trial};
