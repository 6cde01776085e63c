//! Counts of GraphQL operations.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

use super::histogram::{Histogram, Table};

/// The type of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads.
    Query,
    /// Changes.
    Mutation,
    /// Watches.
    Subscription,
    /// Refused before its type was known.
    Unknown,
}

/// How an operation ended. A subscription has the outcome of its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Executed without an error.
    Ok,
    /// Answered from the response cache.
    Cached,
    /// Executed; the response has errors.
    Errors,
    /// Not executed.
    Refused,
}

impl Kind {
    /// The name in metrics and traces.
    pub fn name(self) -> &'static str {
        KINDS[self as usize]
    }
}

impl Outcome {
    /// The name in metrics and traces.
    pub fn name(self) -> &'static str {
        OUTCOMES[self as usize]
    }
}

const KINDS: [&str; 4] = ["query", "mutation", "subscription", "unknown"];
const OUTCOMES: [&str; 4] = ["ok", "cached", "errors", "refused"];

/// The counts. Clones share them.
#[derive(Debug, Clone)]
pub struct OperationCounters {
    /// Operations of the public schema, by type and outcome.
    pub operations: Table<Counter>,
    /// The time of an execution, by type. Answers from the cache are not executed, and a subscription has no end.
    pub durations: Table<Histogram>,
    /// Operations of the desk over HTTP and WebSocket, without an outcome.
    pub desk_operations: Counter,
}

impl Default for OperationCounters {
    fn default() -> Self {
        Self {
            operations: Table::by_two(["type", "outcome"], &KINDS, &OUTCOMES, Counter::default),
            durations: Table::by("type", &KINDS[..2], Histogram::of_durations),
            desk_operations: Counter::default(),
        }
    }
}

impl OperationCounters {
    /// Counts one operation.
    pub fn ended(&self, kind: Kind, outcome: Outcome) {
        self.operations.at(kind as usize * OUTCOMES.len() + outcome as usize).inc();
    }

    /// Counts one operation that ended after this time.
    pub fn executed(&self, kind: Kind, outcome: Outcome, elapsed: Duration) {
        self.ended(kind, outcome);
        if matches!(kind, Kind::Query | Kind::Mutation) && outcome != Outcome::Refused {
            self.durations.at(kind as usize).time(elapsed);
        }
    }
}
