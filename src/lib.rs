//! Tax Budget Allocator: how would you spend the taxes?
//!
//! Imports point down this list:
//!
//! - [`cli`] reads the command line; one file a command
//! - [`app`] puts everything together; the only file that knows every layer
//! - [`http`] routes, GraphQL over HTTP and WebSocket, the embedded page
//! - [`engine`] executes operations: limits, caches, shared subscriptions
//! - [`graphql`] the schema
//! - [`service`] the use cases, free of transport
//! - [`aggregator`] when to fold; [`jobs`] work that is left for a running server
//! - [`ledger`] everything that moves a revision: fold, rebuild, restore, publish
//! - [`store`] the database; [`bus`] publication, by the hub in this process and by [`redis`] between processes
//! - [`counters`] what this process has done; [`traces`] what it does, for OpenTelemetry; [`clock`] this machine's time; [`qr`] pictures of links; [`domain`] the rules,
//!   pure

pub mod aggregator;
pub mod app;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod config;
pub mod counters;
pub mod domain;
pub mod engine;
pub mod fault;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod ledger;
pub mod qr;
pub mod redis;
pub mod service;
pub mod store;
pub mod traces;
