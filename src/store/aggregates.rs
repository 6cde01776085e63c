//! The folded tally of each budget, and the deltas that wait to be folded into it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, Order, QueryOrder, QuerySelect, sea_query::OnConflict};

use super::{
    Sql, Store, StoreError, Transaction,
    entity::{aggregate_delta, budget_aggregate, category_aggregate},
};
use crate::domain::{
    budget::{Budget, BudgetId},
    format::{self, FormatError},
    snapshot::{Revision, Snapshot},
    tally::{CategoryTally, Delta, Histogram, Tally},
};

/// A budget's stored aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// Rises with every fold.
    pub revision: Revision,
    /// Time of the last fold.
    pub as_of: DateTime<Utc>,
    /// Rebuilds so far.
    pub rebuilds: i64,
    /// What was folded.
    pub tally: Tally,
    /// Whether every row is there, and nothing was folded into missing ones since the last recount; what is missing
    /// reads as zero.
    pub complete: bool,
}

impl Aggregate {
    /// What people see of it.
    pub fn snapshot(&self, budget: &Budget) -> Snapshot {
        Snapshot::derive(budget, &self.tally, self.revision, self.as_of)
    }
}

impl Store {
    /// The stored aggregate; `None` when a part of it is missing.
    pub async fn aggregate(&self, budget: &Budget) -> Result<Option<Aggregate>, StoreError> {
        // One moment for both tables: a fold may commit between two statements.
        let snapshot = self.begin_snapshot().await?;
        let aggregate = snapshot.aggregate(budget).await?;
        Ok(aggregate.complete.then_some(aggregate))
    }

    /// The revision of every stored aggregate, and its time: one narrow row a budget.
    pub async fn revisions(&self) -> Result<HashMap<BudgetId, (Revision, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(i64, i64, i64, DateTime<Utc>)> = budget_aggregate::Entity::find()
            .select_only()
            .columns([
                budget_aggregate::Column::BudgetId,
                budget_aggregate::Column::Epoch,
                budget_aggregate::Column::Version,
                budget_aggregate::Column::AsOf,
            ])
            .into_tuple()
            .all(&self.reader)
            .await?;
        let order = |(budget, epoch, version, as_of)| (BudgetId(budget), (Revision { epoch, version }, as_of));
        Ok(rows.into_iter().map(order).collect())
    }
}

impl Transaction {
    /// The stored aggregate, whatever of it is there.
    pub async fn aggregate(&self, budget: &Budget) -> Result<Aggregate, StoreError> {
        let row = budget_aggregate::Entity::find_by_id(budget.id.0).one(&self.0).await?;
        with_categories(&self.0, budget, row).await
    }

    /// The stored aggregate, held until the commit; made anew, in a new epoch, when it is missing.
    pub async fn lock_aggregate(&self, budget: &Budget, now: DateTime<Utc>) -> Result<Aggregate, StoreError> {
        let fresh = budget_aggregate::ActiveModel {
            budget_id: Set(budget.id.0),
            epoch: Set(now.timestamp_millis()),
            version: Set(0),
            participants: Set(0),
            submissions: Set(0),
            rebuilds: Set(0),
            as_of: Set(now),
        };
        budget_aggregate::Entity::insert(fresh)
            .on_conflict(OnConflict::column(budget_aggregate::Column::BudgetId).do_nothing().to_owned())
            .exec_without_returning(&self.0)
            .await?;
        let row = budget_aggregate::Entity::find_by_id(budget.id.0).lock_exclusive().one(&self.0).await?;
        with_categories(&self.0, budget, row).await
    }

    /// Writes the whole aggregate of a budget.
    pub async fn save_aggregate(&self, budget: &Budget, aggregate: &Aggregate) -> Result<(), StoreError> {
        let row = budget_aggregate::ActiveModel {
            budget_id: Set(budget.id.0),
            epoch: Set(aggregate.revision.epoch),
            version: Set(aggregate.revision.version),
            participants: Set(aggregate.tally.participants),
            submissions: Set(aggregate.tally.submissions),
            rebuilds: Set(aggregate.rebuilds),
            as_of: Set(aggregate.as_of),
        };
        budget_aggregate::Entity::update(row).exec(&self.0).await?;
        let zero = CategoryTally::default();
        let mut rows = Vec::with_capacity(budget.categories.len());
        for (index, category) in budget.categories.iter().enumerate() {
            let tally = aggregate.tally.categories.get(index).unwrap_or(&zero);
            rows.push(category_aggregate::ActiveModel {
                category_id: Set(category.id),
                sum_basis_points: Set(tally.sum),
                sum_of_squares: Set(tally.sum_of_squares),
                histogram: Set(to_json(&tally.histogram)?),
            });
        }
        let changed = [
            category_aggregate::Column::SumBasisPoints,
            category_aggregate::Column::SumOfSquares,
            category_aggregate::Column::Histogram,
        ];
        category_aggregate::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(category_aggregate::Column::CategoryId).update_columns(changed).to_owned())
            .exec_without_returning(&self.0)
            .await?;
        Ok(())
    }

    /// Leaves a delta to be folded.
    pub async fn insert_delta(&self, budget: BudgetId, delta: &Delta) -> Result<(), StoreError> {
        let json = format::to_json(delta).map_err(|error| StoreError::Corrupt("delta", error.to_string()))?;
        self.insert_delta_json(budget, json).await
    }

    async fn insert_delta_json(&self, budget: BudgetId, json: String) -> Result<(), StoreError> {
        const INSERT: Sql = Sql {
            postgres: "INSERT INTO aggregate_delta (budget_id, delta) VALUES ($1, CAST($2 AS json))",
            sqlite: "INSERT INTO aggregate_delta (budget_id, delta) VALUES ($1, $2)",
        };
        self.execute(INSERT, [budget.0.into(), json.into()]).await?;
        Ok(())
    }

    /// Deletes at most `limit` deltas and returns their sum for each budget. Skips those that another node is folding.
    pub async fn claim_deltas(&self, limit: u32) -> Result<BTreeMap<BudgetId, Delta>, StoreError> {
        const CLAIM: Sql = Sql {
            postgres: "DELETE FROM aggregate_delta WHERE id IN
                  (SELECT id FROM aggregate_delta ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
                RETURNING budget_id, CAST(delta AS text) AS delta",
            sqlite: "DELETE FROM aggregate_delta WHERE id IN (SELECT id FROM aggregate_delta ORDER BY id LIMIT ?1)
                RETURNING budget_id, CAST(delta AS text) AS delta",
        };
        let PendingDeltas { sums, newer } = pending_from(&self.query(CLAIM, [i64::from(limit).into()]).await?)?;
        // A node of the newer release folds them.
        for (budget, json) in newer {
            self.insert_delta_json(budget, json).await?;
        }
        Ok(sums)
    }

    /// The sum of the pending deltas of a budget.
    pub async fn pending_deltas(&self, budget: BudgetId) -> Result<Delta, StoreError> {
        const PENDING: Sql = Sql {
            postgres: "SELECT budget_id, CAST(delta AS text) AS delta FROM aggregate_delta WHERE budget_id = $1",
            sqlite: "SELECT budget_id, CAST(delta AS text) AS delta FROM aggregate_delta WHERE budget_id = ?1",
        };
        let PendingDeltas { mut sums, newer } = pending_from(&self.query(PENDING, [budget.0.into()]).await?)?;
        // Taken for nothing, it would be counted twice: as drift now, and when it is folded.
        if !newer.is_empty() {
            return Err(StoreError::Corrupt("delta", "a newer release wrote it and must fold it first".to_owned()));
        }
        Ok(sums.remove(&budget).unwrap_or_default())
    }
}

impl Store {
    /// The number of the delta that has waited longest to be folded.
    pub async fn oldest_pending_delta(&self) -> Result<Option<i64>, StoreError> {
        self.first_pending_delta(Order::Asc).await
    }

    /// The number of the delta that came last.
    pub async fn newest_pending_delta(&self) -> Result<Option<i64>, StoreError> {
        self.first_pending_delta(Order::Desc).await
    }

    async fn first_pending_delta(&self, order: Order) -> Result<Option<i64>, StoreError> {
        let ids = aggregate_delta::Entity::find().select_only().column(aggregate_delta::Column::Id);
        Ok(ids.order_by(aggregate_delta::Column::Id, order).into_tuple().one(&self.reader).await?)
    }

    /// How many deltas wait to be folded.
    pub async fn pending_delta_count(&self) -> Result<u64, StoreError> {
        use sea_orm::PaginatorTrait;
        Ok(aggregate_delta::Entity::find().count(&self.reader).await?)
    }
}

async fn with_categories(
    connection: &impl ConnectionTrait,
    budget: &Budget,
    row: Option<budget_aggregate::Model>,
) -> Result<Aggregate, StoreError> {
    // As text: somebody may have written into the table by hand what is not even JSON.
    const CATEGORIES: Sql = Sql {
        postgres: "SELECT category_id, sum_basis_points, sum_of_squares, CAST(histogram AS text) AS histogram
            FROM category_aggregate WHERE category_id IN (SELECT id FROM category WHERE budget_id = $1)",
        sqlite: "SELECT category_id, sum_basis_points, sum_of_squares, CAST(histogram AS text) AS histogram
            FROM category_aggregate WHERE category_id IN (SELECT id FROM category WHERE budget_id = ?1)",
    };
    let statement = CATEGORIES.statement(connection.get_database_backend(), [budget.id.0.into()]);
    let mut rows: HashMap<i64, CategoryTally> = HashMap::with_capacity(budget.categories.len());
    for row in connection.query_all_raw(statement).await? {
        let id = row.try_get("", "category_id")?;
        let histogram: String = row.try_get("", "histogram")?;
        let tally = CategoryTally {
            sum: row.try_get("", "sum_basis_points")?,
            sum_of_squares: row.try_get("", "sum_of_squares")?,
            histogram: histogram_or_empty(&histogram, id),
        };
        rows.insert(id, tally);
    }
    let complete = rows.len() == budget.categories.len() && row.as_ref().is_some_and(|row| row.version > 0);
    let row = row.unwrap_or(budget_aggregate::Model {
        budget_id: budget.id.0,
        epoch: 0,
        version: 0,
        participants: 0,
        submissions: 0,
        rebuilds: 0,
        as_of: DateTime::UNIX_EPOCH,
    });
    let categories = budget.categories.iter().map(|category| rows.remove(&category.id).unwrap_or_default());
    Ok(Aggregate {
        revision: Revision { epoch: row.epoch, version: row.version },
        as_of: row.as_of,
        rebuilds: row.rebuilds,
        tally: Tally { participants: row.participants, submissions: row.submissions, categories: categories.collect() },
        complete,
    })
}

/// Somebody may have written anything into the table by hand; a rebuild then finds the difference and mends it.
fn histogram_or_empty(json: &str, category: i64) -> Histogram {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::error!(%error, category, "the stored histogram is not valid; run `taxbudget rebuild`");
        Histogram::default()
    })
}

fn to_json(histogram: &Histogram) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(histogram).map_err(|error| StoreError::Corrupt("histogram", error.to_string()))
}

struct PendingDeltas {
    sums: BTreeMap<BudgetId, Delta>,
    /// Those that only a newer release can read, as they are stored.
    newer: Vec<(BudgetId, String)>,
}

fn pending_from(rows: &[sea_orm::QueryResult]) -> Result<PendingDeltas, StoreError> {
    let (mut sums, mut newer) = (BTreeMap::<BudgetId, Delta>::new(), Vec::new());
    for row in rows {
        let budget = BudgetId(row.try_get("", "budget_id")?);
        let json: String = row.try_get("", "delta")?;
        match format::from_json(&json) {
            Ok(delta) => sums.entry(budget).or_default().add(&delta),
            Err(FormatError::Newer(_)) => newer.push((budget, json)),
            // Written by hand. It must not hold up the others; a rebuild finds what it should have been.
            Err(FormatError::Malformed(error)) => {
                tracing::error!(%error, "a stored delta is not valid and passed over; run `taxbudget rebuild`");
                sums.entry(budget).or_default();
            }
        }
    }
    Ok(PendingDeltas { sums, newer })
}
