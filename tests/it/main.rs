//! The program through its front door, on the real thing.
//!
//! - `answers`: answers at the desk, in pages and as files
//! - `allowances`: what a network may submit for nothing, and what more costs
//! - `schema`: the committed schema is the program's, and everything in it is described
//! - `submissions`: submitting, revising, retrying, and reading it back
//! - `response_cache`: the cache of public responses, and persisted queries
//! - `global_ids`: ids that no two objects share, and `node`
//! - `http_transport`: GraphQL over HTTP, rule by rule
//! - `websocket`: `graphql-transport-ws`, rule by rule
//! - `metrics`: each metric, and what moves it
//! - `monitoring`: alarms and dashboard, as Prometheus reads them
//! - `multipart`: subscriptions in the parts of one response
//! - `connections`: how long a connection may take, and how many there may be
//! - `following`: many subscribers, slow ones, and limits
//! - `inputs`: every bad input, and faults of ours
//! - `query_limits`: what a query may ask for
//! - `limits`: how often one participant or network may submit, and what the log never holds
//! - `live`: what subscribers see
//! - `sse`: the same over server-sent events
//! - `operations`: nodes, jobs, and the figures of a running budget
//! - `origins`: what pages of other sites may do
//! - `my_data`: what a participant can read and erase of their data
//! - `retention`: submissions that are deleted some time after their budget has closed
//! - `participants`: cookies, tokens and idempotency keys, and how they outlive secrets and time
//! - `presentation`: texts in the reader's language, and what an income pays
//! - `pages`: the page, the explorer and their files
//! - `documents`: their status, language and preview, and pictures
//! - `downloads`: the aggregate as JSON and CSV
//! - `reads`: the aggregate's numbers, and where they are read from
//! - `differencing`: what can be told of single ballots by subtracting publications
//! - `exclusion`: answers that an organiser takes out of the count
//! - `architecture`: imports point down, and the security policy names tests that are there
//! - `concurrency`: many submitters at many nodes
//! - `recount`: verify and rebuild, and tables damaged by hand
//! - `jobs`: background jobs that fail, never end, or lose their process
//! - `cluster`: two servers on one PostgreSQL and Redis
//! - `codes`: participation by code, and what the database tells of it
//! - `desk`: the schema of the organisers' desk, and what it needs of its callers
//! - `desk_access`: every root field of the desk, for every kind of caller, over HTTP and WebSocket
//! - `desk_attacks`: what people with an account once could do, and now cannot
//! - `desk_accounts`: accounts of the desk: signing in, sessions, invitations, passwords, codes, the audit log
//! - `commands`: the binary, from `--help` to exit codes
//! - `crash`: processes killed under load
//! - `desk_budgets`: what organisers change of budgets, and what they cannot
//! - `budget_files`: budgets as files, and their JSON Schema
//! - `traces`: what a collector sees, and request ids beside statements
//! - `visibility`: results that are not shown to everybody at any time
//! - `drain`: nodes that are told to stop
//! - `replicas`: histories and statistics from a replica of PostgreSQL
//! - `restore`: an older database that is put back
//! - `roles`: nodes that answer people and nodes that fold
//! - `start`: waiting for the database, and its schema
//! - `topologies`: Redis with passwords, over TLS, as a cluster, behind a sentinel
#![allow(clippy::unwrap_used, clippy::float_cmp, clippy::missing_panics_doc)]

mod allowances;
mod answers;
mod architecture;
mod budget_files;
mod cluster;
mod codes;
mod commands;
mod concurrency;
mod connections;
mod crash;
mod desk;
mod desk_access;
mod desk_accounts;
mod desk_attacks;
mod desk_budgets;
mod differencing;
mod documents;
mod downloads;
mod drain;
mod exclusion;
mod following;
mod global_ids;
mod http_transport;
mod inputs;
mod jobs;
mod limits;
mod live;
mod metrics;
mod monitoring;
mod multipart;
mod my_data;
mod operations;
mod origins;
mod pages;
mod participants;
mod presentation;
mod query_limits;
mod reads;
mod recount;
mod replicas;
mod response_cache;

mod restore;
mod retention;
mod roles;
mod schema;
mod sse;
mod start;
mod submissions;
mod support;
mod topologies;
mod traces;
mod visibility;
mod websocket;
