//! Faults that the program must survive, on the real thing: processes, sockets, one machine.
//!
//! - `nodes`: processes killed under load, also between a commit and its publication
//! - `rolling`: every process told to stop, one after another, behind the proxy
//! - `postgres`: the database killed, stopped, and held up by somebody's transaction
//! - `redis`: killed, emptied, paused, and a connection that the network swallows
//! - `bus`: messages repeated, out of order, from long ago, and nonsense
//! - `disk`: no room left for SQLite
//! - `clock`: the wall clock jumps an hour
//! - `origins`: what pages of other sites may do, through the proxy
//! - `subscribers`: five thousand who come back at once, and some who stop reading
//! - `hostile`: twelve thousand connections of one address
//! - `world`: what all of them need: the processes, the load, who watches, and who checks
//!
//! Each test prints its seed and, at its end, a line of figures. They are heavy: run them one at a time.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]
#![allow(clippy::large_futures)] // one for each test, and it holds all that the test is about

mod bus;
mod clock;
mod disk;
mod hostile;
mod nodes;
mod origins;
mod postgres;
mod redis;
mod rolling;
mod subscribers;
mod world;
