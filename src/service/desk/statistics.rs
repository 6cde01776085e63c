//! Numbers of budgets for their organisers and operators: totals, days, categories, and how often people revise.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    domain::{budget::Budget, snapshot::CategorySnapshot},
    store::{Store, StoreError, statistics::Revisions},
};

/// The numbers of one budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetStatistics {
    /// The slug.
    pub budget: String,
    /// Ballots that count.
    pub participants: i64,
    /// Ledger rows, also those that were deleted after the retention time.
    pub submissions: i64,
    /// Ballots in the published statistics.
    pub shown_participants: i64,
    /// The days with submissions, the newest first.
    pub days: Vec<Day>,
    /// The published average of each category.
    pub categories: Vec<CategoryAverage>,
    /// How often participants submitted, and how many did so often.
    pub revisions: Vec<Revisions>,
}

/// The submissions of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // the names say it
pub struct Day {
    pub day: NaiveDate,
    pub submissions: i64,
    /// Of these, the ones without a participant.
    pub anonymous: i64,
}

/// The published average of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryAverage {
    /// The key.
    pub category: String,
    /// The average share.
    pub average_basis_points: u32,
}

/// The numbers of these budgets over so many days, today included. Reads the ledger.
pub async fn of_budgets(store: &Store, budgets: &[&Budget], days: u32) -> Result<Vec<BudgetStatistics>, StoreError> {
    let by_day = store.days(days).await?;
    let mut found = Vec::with_capacity(budgets.len());
    for budget in budgets {
        let snapshot = store.aggregate(budget).await?.map(|aggregate| aggregate.snapshot(budget));
        let snapshot = snapshot.as_ref();
        let days = by_day.iter().filter(|day| day.budget == budget.slug);
        let average = |category: &CategorySnapshot| CategoryAverage {
            category: category.key.clone(),
            average_basis_points: category.average,
        };
        found.push(BudgetStatistics {
            budget: budget.slug.clone(),
            participants: snapshot.map_or(0, |snapshot| snapshot.participants),
            submissions: snapshot.map_or(0, |snapshot| snapshot.submissions),
            shown_participants: snapshot.map_or(0, |snapshot| snapshot.shown_participants),
            days: days
                .map(|day| Day { day: day.day, submissions: day.submissions, anonymous: day.anonymous })
                .collect(),
            categories: snapshot.map(|snapshot| snapshot.categories.iter().map(average).collect()).unwrap_or_default(),
            revisions: store.revisions_of(budget.id).await?,
        });
    }
    Ok(found)
}
