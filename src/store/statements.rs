//! What the statements of this process take.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use sea_orm::metric;

use crate::{counters::Durations, traces};

/// A statement that takes longer is logged.
const SLOW: Duration = Duration::from_secs(1);

/// Counts statements. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    pub sent: Counter,
    pub failed: Counter,
    pub durations: Durations,
}

impl Statements {
    /// Counts a statement that has ended, and logs it if it was slow or failed: without its values, beside the id of the
    /// request that it was for.
    pub(super) fn ended(&self, statement: &metric::Info<'_>) {
        let elapsed_ms = u64::try_from(statement.elapsed.as_millis()).unwrap_or(u64::MAX);
        let sql = &statement.statement.sql;
        self.sent.inc();
        self.durations.0.time(statement.elapsed);
        traces::statement(sql, statement.elapsed, statement.failed);
        if statement.failed {
            self.failed.inc();
            tracing::warn!(elapsed_ms, sql, "a statement failed");
        } else if statement.elapsed >= SLOW {
            tracing::warn!(elapsed_ms, sql, "a statement took long");
        }
    }
}
