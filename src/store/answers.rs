//! The answers of a budget: the latest submission of each voice, also the excluded ones.
//!
//! They come in the order of their hours. The ids of submissions begin with the time, so within an hour the order is that of
//! their last eight bytes, which are random: it tells nothing of the order of arrival.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{Stream, TryStreamExt};
use sea_orm::{ConnectionTrait, QueryResult, StreamTrait, Value};
use uuid::Uuid;

use super::{Sql, Store, StoreError, Transaction, submissions::allocation_from_json, with_timeout};
use crate::domain::{
    allocation::Allocation,
    answer::{Answer, AnswerFilter, hour_of},
    budget::BudgetId,
    cohort::CohortKind,
    exclusion::ExclusionId,
};

/// For one page: the rows of a busy hour are read for it.
const PAGE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(12);
/// Later than every submission.
const END_OF_TIME: &str = "9999-12-31T00:00:00Z";

/// A page of answers begins with the next one after this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerCursor {
    pub hour: DateTime<Utc>,
    pub submission: Uuid,
}

/// Answers of an hour with the same shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EqualAnswers {
    pub hour: DateTime<Utc>,
    pub allocation: Allocation,
    pub voices: i64,
    /// Of these, the excluded ones.
    pub excluded: i64,
}

/// An hour in which this node or another one flagged a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedHour {
    pub kind: CohortKind,
    pub hour: DateTime<Utc>,
    /// The number of new voices that was flagged.
    pub voices: i64,
}

/// Every answer of the budget `$1`; more conditions may follow.
macro_rules! answers {
    ($rest:literal) => {
        concat!(
            "SELECT submission.id, submission.submitted_at, submission.shares AS stored_shares,
              CAST(submission.shares AS text) AS shares,
              COALESCE(ballot.exclusion_id, excluded_submission.exclusion_id) AS exclusion
            FROM submission
            LEFT JOIN ballot
              ON ballot.budget_id = submission.budget_id AND ballot.participant_id = submission.participant_id
            LEFT JOIN excluded_submission ON excluded_submission.submission_id = submission.id
            WHERE submission.budget_id = $1
              AND (submission.participant_id IS NULL OR ballot.submission_id = submission.id) ",
            $rest
        )
    };
}

/// What answers of one hour are sorted by: the random half of the id, and then the id.
macro_rules! random_order {
    (postgres $id:literal) => {
        concat!("substr(uuid_send(", $id, "), 9), ", $id)
    };
    (sqlite $id:literal) => {
        concat!("substr(", $id, ", 9), ", $id)
    };
}

/// One page within the times `$2` and `$3`. `$4`: 0 for all, 1 for the excluded ones, 2 for the others. `$5` to `$7`: a
/// category and the range of its share. `$8`: the shares, or empty for any. `$9`: the answer before the page.
macro_rules! page {
    ($database:ident) => {
        concat!(
            "SELECT id, submitted_at, shares, exclusion FROM (",
            answers!("AND submission.submitted_at >= $2 AND submission.submitted_at < $3"),
            ") AS answer
            WHERE ($4 = 0 OR ($4 = 1 AND exclusion IS NOT NULL) OR ($4 = 2 AND exclusion IS NULL))
              AND CAST(stored_shares ->> CAST($5 AS integer) AS integer) BETWEEN $6 AND $7
              AND ($8 = '' OR shares = $8) AND (",
            random_order!($database "id"),
            ") > (",
            random_order!($database "$9"),
            ") ORDER BY ",
            random_order!($database "id"),
            " LIMIT $10"
        )
    };
}

const PAGE: Sql = Sql { postgres: page!(postgres), sqlite: page!(sqlite) };

impl Store {
    /// At most `limit` answers, the latest hour first.
    pub async fn answers(
        &self,
        budget: BudgetId,
        filter: &AnswerFilter,
        after: Option<AnswerCursor>,
        limit: usize,
    ) -> Result<Vec<Answer<Uuid>>, StoreError> {
        let read = async {
            let mut found = Vec::new();
            let mut cursor = match after {
                Some(cursor) => Some(cursor),
                None => self.latest_hour(budget, filter, None).await?,
            };
            while let Some(AnswerCursor { hour, submission }) = cursor {
                let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
                if left == 0 {
                    break;
                }
                let (since, until) = within(filter, hour);
                let mut values = values_of(budget, filter, since, until);
                values.extend([submission.into(), left.into()]);
                let rows = self.reader.query_all_raw(PAGE.statement(self.backend(), values)).await?;
                for row in &rows {
                    found.push(answer_from_row(row)?);
                }
                cursor = self.latest_hour(budget, filter, Some(hour)).await?;
            }
            Ok(found)
        };
        with_timeout(PAGE_TIMEOUT, read).await
    }

    /// The beginning of the latest hour before this one in which there are submissions.
    async fn latest_hour(
        &self,
        budget: BudgetId,
        filter: &AnswerFilter,
        before: Option<DateTime<Utc>>,
    ) -> Result<Option<AnswerCursor>, StoreError> {
        const LATEST: Sql = Sql::both(
            "SELECT MAX(submitted_at) AS latest FROM submission
            WHERE budget_id = $1 AND submitted_at >= $2 AND submitted_at < $3",
        );
        let before = [before, filter.until].into_iter().flatten().min().unwrap_or_else(end_of_time);
        let values: [Value; 3] = [budget.0.into(), filter.since.unwrap_or_default().into(), before.into()];
        let row = self.reader.query_one_raw(LATEST.statement(self.backend(), values)).await?;
        let latest: Option<DateTime<Utc>> = row.map(|row| row.try_get("", "latest")).transpose()?.flatten();
        Ok(latest.map(|latest| AnswerCursor { hour: hour_of(latest), submission: Uuid::nil() }))
    }

    /// The hours of a budget in which cohorts were flagged, newest first.
    pub async fn flagged_hours(&self, budget: BudgetId) -> Result<Vec<FlaggedHour>, StoreError> {
        const HOURS: Sql =
            Sql::both("SELECT kind, hour, count FROM cohort_flag WHERE budget_id = $1 ORDER BY hour DESC, count DESC");
        let rows = self.reader.query_all_raw(HOURS.statement(self.backend(), [budget.0.into()])).await?;
        rows.iter().map(flagged_hour).collect()
    }

    /// Groups of at least `least` answers of an hour with the same shares, the largest first.
    pub async fn equal_answers(
        &self,
        budget: BudgetId,
        hour: DateTime<Utc>,
        least: u64,
    ) -> Result<Vec<EqualAnswers>, StoreError> {
        const EQUAL: Sql = Sql::both(concat!(
            "SELECT shares, COUNT(*) AS voices, COUNT(exclusion) AS excluded FROM (",
            answers!("AND submission.submitted_at >= $2 AND submission.submitted_at < $3"),
            ") AS answer GROUP BY shares HAVING COUNT(*) >= $4 ORDER BY 2 DESC, 1"
        ));
        let least = i64::try_from(least).unwrap_or(i64::MAX);
        let values: [Value; 4] = [budget.0.into(), hour.into(), (hour + TimeDelta::hours(1)).into(), least.into()];
        let read = async { Ok(self.reader.query_all_raw(EQUAL.statement(self.backend(), values)).await?) };
        let rows = with_timeout(PAGE_TIMEOUT, read).await?;
        let group = |row: &QueryResult| {
            let shares: String = row.try_get("", "shares")?;
            Ok(EqualAnswers {
                hour,
                allocation: allocation_from_json(&shares)?,
                voices: row.try_get("", "voices")?,
                excluded: row.try_get("", "excluded")?,
            })
        };
        rows.iter().map(group).collect()
    }
}

impl Transaction {
    /// Every answer of a budget in this transaction's snapshot, as a stream: memory does not grow with their number.
    pub async fn all_answers(
        &self,
        budget: BudgetId,
    ) -> Result<impl Stream<Item = Result<Answer<Uuid>, StoreError>> + '_, StoreError> {
        const ALL: Sql = Sql {
            postgres: concat!(
                answers!(""),
                "ORDER BY date_trunc('hour', submission.submitted_at, 'UTC'), ",
                random_order!(postgres "submission.id")
            ),
            sqlite: concat!(
                answers!(""),
                "ORDER BY substr(submission.submitted_at, 1, 13), ",
                random_order!(sqlite "submission.id")
            ),
        };
        self.disable_timeout().await?;
        let statement = ALL.statement(StreamTrait::get_database_backend(&self.0), [budget.0.into()]);
        let rows = self.0.stream_raw(statement).await?;
        Ok(rows.map_err(StoreError::from).and_then(|row| async move { answer_from_row(&row) }))
    }

    /// The ids of the answers of an hour with exactly these shares that are not excluded.
    pub async fn counting_answers_of(
        &self,
        budget: BudgetId,
        hour: DateTime<Utc>,
        allocation: &Allocation,
    ) -> Result<Vec<Uuid>, StoreError> {
        let filter =
            AnswerFilter { excluded: Some(false), allocation: Some(allocation.clone()), ..AnswerFilter::default() };
        let mut values = values_of(budget, &filter, hour, hour + TimeDelta::hours(1));
        values.extend([Uuid::nil().into(), i64::MAX.into()]);
        self.query(PAGE, values).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }
}

/// The times of an hour, as far as the filter lets them through.
fn within(filter: &AnswerFilter, hour: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let end = hour + TimeDelta::hours(1);
    (filter.since.map_or(hour, |since| since.max(hour)), filter.until.map_or(end, |until| until.min(end)))
}

fn values_of(budget: BudgetId, filter: &AnswerFilter, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Value> {
    let excluded: i32 = filter.excluded.map_or(0, |excluded| if excluded { 1 } else { 2 });
    // Every share is between 0 and 10 000.
    let (category, least, greatest) = filter.share.map_or((0, 0, 10_000), |range| {
        let category = i32::try_from(range.category).unwrap_or(i32::MAX);
        (category, i32::from(range.least.basis_points()), i32::from(range.greatest.basis_points()))
    });
    let shares = filter.allocation.as_ref().map(shares_text).unwrap_or_default();
    vec![
        budget.0.into(),
        since.into(),
        until.into(),
        excluded.into(),
        category.into(),
        least.into(),
        greatest.into(),
        shares.into(),
    ]
}

/// The shares as the ledger has them.
fn shares_text(allocation: &Allocation) -> String {
    let shares: Vec<String> = allocation.shares().iter().map(|share| share.basis_points().to_string()).collect();
    format!("[{}]", shares.join(","))
}

fn end_of_time() -> DateTime<Utc> {
    END_OF_TIME.parse().unwrap_or_default()
}

fn answer_from_row(row: &QueryResult) -> Result<Answer<Uuid>, StoreError> {
    let shares: String = row.try_get("", "shares")?;
    let exclusion: Option<i64> = row.try_get("", "exclusion")?;
    Ok(Answer {
        id: row.try_get("", "id")?,
        hour: hour_of(row.try_get("", "submitted_at")?),
        allocation: allocation_from_json(&shares)?,
        exclusion: exclusion.map(ExclusionId),
    })
}

fn flagged_hour(row: &QueryResult) -> Result<FlaggedHour, StoreError> {
    let (kind, hour): (String, String) = (row.try_get("", "kind")?, row.try_get("", "hour")?);
    let kind = [CohortKind::Network, CohortKind::Allocation].into_iter().find(|known| known.name() == kind);
    Ok(FlaggedHour {
        kind: kind.ok_or_else(|| StoreError::Corrupt("kind of a cohort", hour.clone()))?,
        hour: format!("{hour}:00:00Z").parse().map_err(|_| StoreError::Corrupt("hour of a cohort", hour))?,
        voices: row.try_get("", "count")?,
    })
}
