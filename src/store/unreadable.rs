//! Rows that somebody wrote by hand and that cannot be read. What they describe is left out, so that everything else works.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    DbErr, FromQueryResult, QueryResult,
    sqlx::{Column, Row, TypeInfo},
};

/// Which rows could not be read the last time, so that each is logged once and not at every read.
#[derive(Clone, Default)]
pub(super) struct UnreadableRows(Arc<Mutex<BTreeSet<String>>>);

impl UnreadableRows {
    /// Logs what was not known before, and that all is well again.
    pub(super) fn set(&self, problems: BTreeSet<String>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
    if let Some(column) = time_out_of_range(row) {
        return Err(format!("{column} holds a time that is infinite or too far away"));
    }
    M::from_query_result(row, "").map_err(|error| error.to_string())
}

/// The number by which a row is left out. Without it nobody could tell what to leave out.
pub(super) fn number(row: &QueryResult, column: &str) -> Result<i64, DbErr> {
    row.try_get("", column)
}

/// A column whose time `DateTime` cannot hold, such as PostgreSQL's `infinity`. The library would panic on it.
fn time_out_of_range(row: &QueryResult) -> Option<&str> {
    const POSTGRES_EPOCH: Option<DateTime<Utc>> = DateTime::from_timestamp(946_684_800, 0);
    let row = row.try_as_pg_row()?;
    let is_out_of_range = |ordinal| {
        // As it is sent: microseconds since 2000.
        let sent = row.try_get_unchecked::<Option<i64>, _>(ordinal).ok().flatten();
        sent.is_some_and(|sent| {
            POSTGRES_EPOCH.and_then(|epoch| epoch.checked_add_signed(TimeDelta::microseconds(sent))).is_none()
        })
    };
    let mut times = row.columns().iter().filter(|column| column.type_info().name() == "TIMESTAMPTZ");
    times.find(|column| is_out_of_range(column.ordinal())).map(Column::name)
}
