//! The rules of the consultation, pure: no async, no I/O, no clock, no floats.
//!
//! Shares are integers in basis points (hundredths of a per cent) and every sum is exact.
// Tests may: they check the integers against the obvious formula.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions))]
#![warn(missing_docs)]

pub mod account;
pub mod allocation;
pub mod answer;
pub mod budget;
pub mod budget_draft;
pub mod cells;
pub mod code;
pub mod cohort;
pub mod color;
pub mod delta;
pub mod desk;
pub mod exclusion;
pub mod format;
pub mod held_back;
pub mod idempotency;
pub mod job_outcome;
pub mod local_time;
pub mod network;
pub mod participant;
pub mod percent;
pub mod presentation;
pub mod publish_every;
pub mod rate;
pub mod retention;
pub mod rounding;
pub mod share;
pub mod snapshot;
pub mod starter_budgets;
pub mod statistics;
pub mod tally;
pub mod violation;
pub mod visibility;
pub mod work;
