//! Rows that somebody wrote by hand and that cannot be read. What they describe is left out, so that everything else works.

use std::{collections::BTreeSet, sync::Arc};

use parking_lot::Mutex;
use sea_orm::{DbErr, FromQueryResult, QueryResult};

/// Which rows could not be read the last time, so that each is logged once and not at every read.
#[derive(Clone, Default)]
pub(super) struct UnreadableRows(Arc<Mutex<BTreeSet<String>>>);

impl UnreadableRows {
    /// Logs what was not known before, and that all is well again.
    pub(super) fn set(&self, problems: BTreeSet<String>) {
        let mut known = self.0.lock();
        for problem in problems.difference(&known) {
            tracing::error!("{problem}; mend the row in the database");
        }
        if problems.is_empty() && !known.is_empty() {
            tracing::info!("every budget can be read again");
        }
        *known = problems;
    }
}

/// The row, or why it cannot be read.
pub(super) fn decode<M: FromQueryResult>(row: &QueryResult) -> Result<M, String> {
    M::from_query_result(row, "").map_err(|error| error.to_string())
}

/// The number by which a row is left out. Without it nobody could tell what to leave out.
pub(super) fn number(row: &QueryResult, column: &str) -> Result<i64, DbErr> {
    row.try_get("", column)
}
