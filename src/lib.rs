//! Tax Budget Allocator: how would you spend the taxes?

pub mod aggregator;
pub mod bus;
pub mod domain;
pub mod graphql;
pub mod service;
pub mod store;
