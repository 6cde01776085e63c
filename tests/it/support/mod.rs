//! What only these tests use: the program in their own process, and a look inside it. The rest is the crate `test-support`.

pub mod app;
pub mod ledger;

pub use app::TestApp;
pub use test_support::*;
