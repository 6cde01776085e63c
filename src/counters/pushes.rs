//! Counts of results that were pushed to subscribers. A push costs some microseconds, so each of these is a few atomic
//! additions and a look at the clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use prometheus_client::metrics::{counter::Counter, gauge::Gauge};

use super::histogram::{Histogram, Table};
use crate::clock;

/// How a client receives the results of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `graphql-transport-ws`.
    WebSocket,
    /// `text/event-stream`.
    Events,
    /// `multipart/mixed`.
    Multipart,
}

impl Transport {
    /// All transports with their names in metrics.
    pub const ALL: [(Self, &str); 3] =
        [(Self::WebSocket, "websocket"), (Self::Events, "events"), (Self::Multipart, "multipart")];
}

/// The counts. Clones share them.
#[derive(Debug, Clone)]
pub struct PushCounters {
    /// Subscriptions that run, by transport.
    pub subscriptions: Table<Gauge>,
    /// Results that were handed to a connection, by transport.
    pub pushes: Table<Counter>,
    /// Publications that a subscriber skipped because its connection, or the server, was slower, by transport.
    pub conflated: Table<Counter>,
    /// The time from a fold, by the clock of the database, to handing its result to a connection, by transport.
    pub latencies: Table<Histogram>,
}

impl Default for PushCounters {
    fn default() -> Self {
        let names = Transport::ALL.map(|(_, name)| name);
        Self {
            subscriptions: Table::by("transport", &names, Gauge::default),
            pushes: Table::by("transport", &names, Counter::default),
            conflated: Table::by("transport", &names, Counter::default),
            latencies: Table::by("transport", &names, Histogram::of_durations),
        }
    }
}

/// What a result says about itself for these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushMark {
    /// Which execution made it. Numbers of different executions cannot be compared.
    pub execution: u32,
    /// The number of the publication within the execution, from 1 on.
    pub number: u32,
    /// The time of the fold in microseconds since 1970, if the result is news: neither the first of its execution, nor the
    /// same numbers again.
    pub folded_at: Option<i64>,
    /// Whether the client asked for fewer results than there are.
    pub is_thinned: bool,
}

/// Counts the pushes of one subscription, and the subscription itself until the last clone is dropped.
#[derive(Debug, Clone)]
pub struct PushMeter(Arc<Meter>);

#[derive(Debug)]
struct Meter {
    counters: PushCounters,
    transport: usize,
    /// Execution and number of the last result. 0 before the first.
    last: AtomicU64,
}

impl PushMeter {
    /// Begins to count a subscription over this transport.
    pub fn new(counters: &PushCounters, transport: Transport) -> Self {
        let transport = transport as usize;
        counters.subscriptions.at(transport).inc();
        Self(Arc::new(Meter { counters: counters.clone(), transport, last: AtomicU64::new(0) }))
    }

    /// Counts a result that is handed to the connection.
    pub fn pushed(&self, mark: Option<PushMark>) {
        let Meter { counters, transport, last } = &*self.0;
        counters.pushes.at(*transport).inc();
        let Some(mark) = mark else { return };
        let now = u64::from(mark.execution) << 32 | u64::from(mark.number);
        let before = last.swap(now, Relaxed);
        if before == 0 {
            return;
        }
        let is_same_execution = before >> 32 == u64::from(mark.execution);
        if is_same_execution && !mark.is_thinned {
            counters.conflated.at(*transport).inc_by((now - before.min(now)).saturating_sub(1));
        }
        if let Some(folded_at) = mark.folded_at.filter(|_| !mark.is_thinned) {
            // The clock of the database may be ahead of this one.
            let micros = u64::try_from(clock::now_micros() - folded_at).unwrap_or(0);
            counters.latencies.at(*transport).time(Duration::from_micros(micros));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.counters.subscriptions.at(self.transport).dec();
    }
}

/// The last number that an execution got.
static EXECUTIONS: AtomicI64 = AtomicI64::new(0);

/// Numbers the results of one execution.
#[derive(Debug)]
pub struct Numbering {
    execution: u32,
    number: u32,
}

impl Default for Numbering {
    fn default() -> Self {
        // It may begin again after four billion executions. 0 is left out.
        let execution = EXECUTIONS.fetch_add(1, Relaxed).rem_euclid(i64::from(u32::MAX)) + 1;
        Self { execution: u32::try_from(execution).unwrap_or(1), number: 0 }
    }
}

impl Numbering {
    /// Marks the next result. `skipped` publications were never executed, because others came before their turn.
    pub fn next(&mut self, skipped: u32, folded_at: Option<i64>, is_thinned: bool) -> PushMark {
        let is_first = self.number == 0;
        self.number = self.number.saturating_add(1).saturating_add(if is_first { 0 } else { skipped });
        PushMark {
            execution: self.execution,
            number: self.number,
            folded_at: folded_at.filter(|_| !is_first),
            is_thinned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes, conflated pushes, and latencies that were counted.
    fn counted(counters: &PushCounters) -> (u64, u64) {
        (counters.pushes.at(0).get(), counters.conflated.at(0).get())
    }

    #[test]
    fn what_a_subscriber_skips_is_counted_and_what_it_asked_to_skip_is_not() {
        let counters = PushCounters::default();
        let meter = PushMeter::new(&counters, Transport::WebSocket);
        let mut numbering = Numbering::default();
        let marks: Vec<PushMark> = (0..10).map(|_| numbering.next(0, Some(0), false)).collect();
        // A subscriber that joins late has skipped nothing.
        meter.pushed(Some(marks[3]));
        meter.pushed(Some(marks[4]));
        assert_eq!(counted(&counters), (2, 0));
        meter.pushed(Some(marks[8]));
        assert_eq!(counted(&counters), (3, 3));
        // The execution itself was slower than the publications.
        meter.pushed(Some(numbering.next(5, Some(0), false)));
        assert_eq!(counted(&counters), (4, 3 + 1 + 5));
        // Another execution has other numbers.
        meter.pushed(Some(Numbering::default().next(0, Some(0), false)));
        assert_eq!(counted(&counters), (5, 9));
        let other = PushMeter::new(&counters, Transport::WebSocket);
        other.pushed(Some(marks[0]));
        other.pushed(Some(PushMark { is_thinned: true, ..marks[9] }));
        assert_eq!(counted(&counters), (7, 9));
        assert_eq!(counters.subscriptions.at(0).get(), 2);
        drop((meter, other));
        assert_eq!(counters.subscriptions.at(0).get(), 0);
    }
}
