//! Rows that were written by hand and cannot be read. They are left out and logged, so that everything else works.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use sea_orm::{
    DbErr, FromQueryResult, QueryResult,
    sqlx::{Column, Row, TypeInfo},
};

/// The problems of the last read, so that each problem is logged once and not at every read.
#[derive(Clone, Default)]
pub(super) struct UnreadableRows(Arc<Mutex<BTreeSet<String>>>);

impl UnreadableRows {
    /// Logs each new problem, and that there is none left.
    pub(super) fn set(&self, problems: BTreeSet<String>) {
        let mut known = self.0.lock();
        for problem in problems.difference(&known) {
            tracing::error!("{problem}; mend the row in the database");
        }
        if problems.is_empty() && !known.is_empty() {
            tracing::info!("every row can be read again");
        }
        *known = problems;
    }
}

/// Decodes a row; the error says why it cannot be read.
pub(super) fn decode<M: FromQueryResult>(row: &QueryResult) -> Result<M, String> {
    if let Some(column) = time_out_of_range(row) {
        return Err(format!("{column} holds a time that is infinite or too far away"));
    }
    M::from_query_result(row, "").map_err(|error| error.to_string())
}

/// The number in this column. It must be readable, because it says which row to leave out.
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
