//! The aggregate of each budget, and the pending deltas that are to be folded into it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, Order, QueryOrder, QuerySelect, sea_query::OnConflict};
use serde::Serialize;

use super::{
    Sql, Store, StoreError, Transaction,
    entity::{aggregate_delta, budget_aggregate, category_aggregate},
    held_back,
    submissions::json_parameter,
};
use crate::domain::{
    budget::{Budget, BudgetId, Category},
    delta::Delta,
    format::{self, FormatError},
    held_back::HeldBack,
    snapshot::{Revision, Snapshot},
    tally::{CategoryTally, Histogram, Tally},
};

/// The stored aggregate of a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    pub revision: Revision,
    /// The time of the last fold.
    pub as_of: DateTime<Utc>,
    /// How often a rebuild changed it.
    pub rebuilds: i64,
    pub tally: Tally,
    /// True if every row is there and nothing was folded into missing rows since the last recount. A missing row reads as
    /// zero.
    pub complete: bool,
    /// What of the tally is not shown.
    pub held_back: HeldBack,
    /// False if no record says what was shown, and `held_back` was made from the tally.
    pub has_record: bool,
    /// True if the budget had closed when it was last looked at, and nothing was folded since.
    pub settled: bool,
    /// The tally that the rows hold. `None` if all of them must be written anew.
    stored: Option<Arc<Tally>>,
}

/// A tally that this process has stored, and what tells whether it is still the one that is stored.
#[derive(Debug, Clone)]
pub struct KnownTally {
    revision: Revision,
    as_of: DateTime<Utc>,
    rebuilds: i64,
    tally: Arc<Tally>,
}

impl Aggregate {
    /// What is published of it.
    pub fn snapshot(&self, budget: &Budget) -> Snapshot {
        Snapshot::derive(budget, &self.tally, &self.held_back, self.revision, self.as_of)
    }

    /// Makes the next save write every row, whatever the rows hold now.
    pub fn write_all(&mut self) {
        self.stored = None;
    }

    /// What the next fold needs so as not to read it again.
    pub fn known(self) -> KnownTally {
        let Self { revision, as_of, rebuilds, tally, .. } = self;
        KnownTally { revision, as_of, rebuilds, tally: Arc::new(tally) }
    }
}

impl KnownTally {
    /// Whether these rows are those of this tally. The sums are compared as well, because an operator may have written them.
    fn is_of(&self, row: &budget_aggregate::Model, sums: &[Option<Sums>]) -> bool {
        let known = self.tally.categories.iter().map(|category| Some((category.sum, category.sum_of_squares)));
        (row.epoch, row.version, row.as_of, row.rebuilds, row.participants, row.submissions)
            == (
                self.revision.epoch,
                self.revision.version,
                self.as_of,
                self.rebuilds,
                self.tally.participants,
                self.tally.submissions,
            )
            && known.eq(sums.iter().copied())
    }
}

impl Store {
    /// The stored aggregate; `None` if it is incomplete.
    pub async fn aggregate(&self, budget: &Budget) -> Result<Option<Aggregate>, StoreError> {
        // A snapshot, because a fold may commit between the statements for the two tables.
        let snapshot = self.begin_snapshot().await?;
        let aggregate = snapshot.aggregate(budget).await?;
        Ok(aggregate.complete.then_some(aggregate))
    }

    /// The revision and time of every stored aggregate.
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
    /// The stored aggregate, complete or not.
    pub async fn aggregate(&self, budget: &Budget) -> Result<Aggregate, StoreError> {
        let row = budget_aggregate::Entity::find_by_id(budget.id.0).one(&self.0).await?;
        with_categories(&self.0, budget, row, None).await
    }

    /// The stored aggregate, locked until the commit. Creates it in a new epoch if it is missing.
    pub async fn lock_aggregate(&self, budget: &Budget, now: DateTime<Utc>) -> Result<Aggregate, StoreError> {
        self.lock_known_aggregate(budget, now, None).await
    }

    /// As [`Self::lock_aggregate`]. Does not read the histograms if `known` is what is stored.
    pub async fn lock_known_aggregate(
        &self,
        budget: &Budget,
        now: DateTime<Utc>,
        known: Option<&KnownTally>,
    ) -> Result<Aggregate, StoreError> {
        let fresh = budget_aggregate::ActiveModel {
            budget_id: Set(budget.id.0),
            epoch: Set(now.timestamp_millis()),
            version: Set(0),
            participants: Set(0),
            submissions: Set(0),
            rebuilds: Set(0),
            as_of: Set(now),
            format: Set(budget_aggregate::FORMAT),
        };
        budget_aggregate::Entity::insert(fresh)
            .on_conflict(OnConflict::column(budget_aggregate::Column::BudgetId).do_nothing().to_owned())
            .exec_without_returning(&self.0)
            .await?;
        let row = budget_aggregate::Entity::find_by_id(budget.id.0).lock_exclusive().one(&self.0).await?;
        with_categories(&self.0, budget, row, known).await
    }

    /// Writes an aggregate: its sums, and the pages of its histograms that changed.
    pub async fn save_aggregate(&self, budget: &Budget, aggregate: &Aggregate) -> Result<(), StoreError> {
        let row = budget_aggregate::ActiveModel {
            budget_id: Set(budget.id.0),
            epoch: Set(aggregate.revision.epoch),
            version: Set(aggregate.revision.version),
            participants: Set(aggregate.tally.participants),
            submissions: Set(aggregate.tally.submissions),
            rebuilds: Set(aggregate.rebuilds),
            as_of: Set(aggregate.as_of),
            format: Set(budget_aggregate::FORMAT),
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
            });
        }
        let changed = [category_aggregate::Column::SumBasisPoints, category_aggregate::Column::SumOfSquares];
        // A draft may have no categories yet.
        if !rows.is_empty() {
            let key = category_aggregate::Column::CategoryId;
            category_aggregate::Entity::insert_many(rows)
                .on_conflict(OnConflict::column(key).update_columns(changed).to_owned())
                .exec_without_returning(&self.0)
                .await?;
        }
        self.save_pages(budget, aggregate).await?;
        // Made from a tally that lacks rows, it would say that what is missing was shown.
        if aggregate.complete || aggregate.has_record {
            self.save_held_back(budget.id, &aggregate.held_back, aggregate.settled).await?;
        }
        Ok(())
    }

    async fn save_pages(&self, budget: &Budget, aggregate: &Aggregate) -> Result<(), StoreError> {
        const DELETE: Sql =
            Sql::both("DELETE FROM histogram_page WHERE category_id IN (SELECT id FROM category WHERE budget_id = $1)");
        const SAVE: Sql = Sql {
            postgres: "INSERT INTO histogram_page (category_id, page, bins) SELECT category_id, page, bins
                FROM json_to_recordset(CAST($1 AS json)) AS row (category_id bigint, page smallint, bins json)
                ON CONFLICT (category_id, page) DO UPDATE SET bins = excluded.bins",
            sqlite: "INSERT INTO histogram_page (category_id, page, bins)
                SELECT value ->> 'category_id', value ->> 'page', value -> 'bins' FROM json_each($1) WHERE true
                ON CONFLICT (category_id, page) DO UPDATE SET bins = excluded.bins",
        };
        #[derive(Serialize)]
        struct Row {
            category_id: i64,
            page: u8,
            bins: Vec<(u16, i64)>,
        }
        if aggregate.stored.is_none() {
            self.execute(DELETE, [budget.id.0.into()]).await?;
        }
        let none = Histogram::default();
        let mut rows = Vec::new();
        for (index, category) in budget.categories.iter().enumerate() {
            let new = aggregate.tally.categories.get(index).map_or(&none, |category| &category.histogram);
            let old = aggregate.stored.as_ref().and_then(|stored| stored.categories.get(index));
            let old = old.map_or(&none, |category| &category.histogram);
            let emptied = old.pages().map(|(number, _)| number).filter(|number| new.page(*number).is_none());
            let changed = new.pages().filter(|(number, page)| old.page(*number) != Some(page));
            let changed = changed.map(|(number, page)| (number, page.bins(number).collect()));
            rows.extend(changed.chain(emptied.map(|number| (number, Vec::new()))).map(|(page, bins)| Row {
                category_id: category.id,
                page,
                bins,
            }));
        }
        if !rows.is_empty() {
            self.execute(SAVE, [json_parameter(rows.into_iter())?]).await?;
        }
        Ok(())
    }

    /// Adds a pending delta.
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

    /// Deletes at most `limit` deltas and returns them for each budget, in the order in which they were stored. Waits for
    /// a node that is folding: if it were passed by, a revision could be folded before the ballot that it replaced, and
    /// nobody could tell whether that ballot was shown.
    pub async fn claim_deltas(&self, limit: u32) -> Result<BTreeMap<BudgetId, Vec<Delta>>, StoreError> {
        const CLAIM: Sql = Sql {
            postgres: "DELETE FROM aggregate_delta WHERE id IN
                  (SELECT id FROM aggregate_delta ORDER BY id LIMIT $1 FOR UPDATE)
                RETURNING id, budget_id, CAST(delta AS text) AS delta",
            sqlite: "DELETE FROM aggregate_delta WHERE id IN (SELECT id FROM aggregate_delta ORDER BY id LIMIT $1)
                RETURNING id, budget_id, CAST(delta AS text) AS delta",
        };
        let PendingDeltas { readable, newer } = pending_from(&self.query(CLAIM, [i64::from(limit).into()]).await?)?;
        // A node of the newer release folds them.
        for (budget, json) in newer {
            self.insert_delta_json(budget, json).await?;
        }
        Ok(readable)
    }

    /// The sum of the pending deltas of a budget.
    pub async fn pending_deltas(&self, budget: BudgetId) -> Result<Tally, StoreError> {
        const PENDING: Sql =
            Sql::both("SELECT id, budget_id, CAST(delta AS text) AS delta FROM aggregate_delta WHERE budget_id = $1");
        let PendingDeltas { readable, newer } = pending_from(&self.query(PENDING, [budget.0.into()]).await?)?;
        // Taken for nothing, it would be counted twice: as drift now, and when it is folded.
        if !newer.is_empty() {
            return Err(StoreError::Corrupt("delta", "a newer release wrote it and must fold it first".to_owned()));
        }
        let mut sum = Tally::default();
        for delta in readable.values().flatten() {
            delta.add_to(&mut sum);
        }
        Ok(sum)
    }

    /// True if a delta of this budget is pending.
    pub async fn has_pending_delta(&self, budget: BudgetId) -> Result<bool, StoreError> {
        const PENDING: Sql = Sql::both("SELECT id FROM aggregate_delta WHERE budget_id = $1 LIMIT 1");
        Ok(!self.query(PENDING, [budget.0.into()]).await?.is_empty())
    }
}

impl Store {
    /// The number of the delta that has been pending for longest.
    pub async fn oldest_pending_delta(&self) -> Result<Option<i64>, StoreError> {
        self.first_pending_delta(Order::Asc).await
    }

    /// The number of the newest pending delta.
    pub async fn newest_pending_delta(&self) -> Result<Option<i64>, StoreError> {
        self.first_pending_delta(Order::Desc).await
    }

    async fn first_pending_delta(&self, order: Order) -> Result<Option<i64>, StoreError> {
        let ids = aggregate_delta::Entity::find().select_only().column(aggregate_delta::Column::Id);
        Ok(ids.order_by(aggregate_delta::Column::Id, order).into_tuple().one(&self.reader).await?)
    }

    pub async fn pending_delta_count(&self) -> Result<u64, StoreError> {
        use sea_orm::PaginatorTrait;
        Ok(aggregate_delta::Entity::find().count(&self.reader).await?)
    }
}

/// The sums of one category: of shares, and of squared shares.
type Sums = (i64, i64);

async fn with_categories(
    connection: &impl ConnectionTrait,
    budget: &Budget,
    row: Option<budget_aggregate::Model>,
    known: Option<&KnownTally>,
) -> Result<Aggregate, StoreError> {
    let sums = sums(connection, budget).await?;
    let complete = sums.iter().all(Option::is_some) && row.as_ref().is_some_and(|row| row.version > 0);
    let row = row.unwrap_or(budget_aggregate::Model {
        budget_id: budget.id.0,
        epoch: 0,
        version: 0,
        participants: 0,
        submissions: 0,
        rebuilds: 0,
        as_of: DateTime::UNIX_EPOCH,
        format: budget_aggregate::FORMAT,
    });
    let stored = if let Some(known) = known.filter(|known| known.is_of(&row, &sums)) {
        Arc::clone(&known.tally)
    } else {
        let mut histograms = histograms(connection, budget).await?;
        let category = |(category, sums): (&Category, &Option<Sums>)| {
            let Some((sum, sum_of_squares)) = *sums else { return CategoryTally::default() };
            CategoryTally { sum, sum_of_squares, histogram: histograms.remove(&category.id).unwrap_or_default() }
        };
        let categories = budget.categories.iter().zip(&sums).map(category).collect();
        Arc::new(Tally { participants: row.participants, submissions: row.submissions, categories })
    };
    let tally = Tally::clone(&stored);
    let record = held_back::load(connection, budget).await?;
    let (has_record, settled) = (record.is_some(), record.as_ref().is_some_and(|record| record.settled));
    let without_record = || HeldBack::without_record(&tally, budget.publish_every);
    Ok(Aggregate {
        revision: Revision { epoch: row.epoch, version: row.version },
        as_of: row.as_of,
        rebuilds: row.rebuilds,
        held_back: record.map_or_else(without_record, |record| record.held_back),
        tally,
        complete,
        has_record,
        settled,
        // The pages of a category whose row is missing were not read.
        stored: complete.then_some(stored),
    })
}

/// The sums of the categories in their order; `None` for a row that is missing.
async fn sums(connection: &impl ConnectionTrait, budget: &Budget) -> Result<Vec<Option<Sums>>, StoreError> {
    const SUMS: Sql = Sql::both(
        "SELECT category_id, sum_basis_points, sum_of_squares FROM category_aggregate
        WHERE category_id IN (SELECT id FROM category WHERE budget_id = $1)",
    );
    let statement = SUMS.statement(connection.get_database_backend(), [budget.id.0.into()]);
    let mut sums: HashMap<i64, Sums> = HashMap::with_capacity(budget.categories.len());
    for row in connection.query_all_raw(statement).await? {
        let category = row.try_get("", "category_id")?;
        sums.insert(category, (row.try_get("", "sum_basis_points")?, row.try_get("", "sum_of_squares")?));
    }
    Ok(budget.categories.iter().map(|category| sums.remove(&category.id)).collect())
}

/// The histograms by the number of the category. A page that was written by hand and cannot be read counts as empty; a rebuild
/// finds the difference.
async fn histograms(connection: &impl ConnectionTrait, budget: &Budget) -> Result<HashMap<i64, Histogram>, StoreError> {
    // As text: the column may hold text that was written by hand and is not even JSON.
    const PAGES: Sql = Sql::both(
        "SELECT category_id, CAST(page AS bigint) AS page, CAST(bins AS text) AS bins FROM histogram_page
        WHERE category_id IN (SELECT id FROM category WHERE budget_id = $1)",
    );
    let statement = PAGES.statement(connection.get_database_backend(), [budget.id.0.into()]);
    let mut histograms: HashMap<i64, Histogram> = HashMap::with_capacity(budget.categories.len());
    for row in connection.query_all_raw(statement).await? {
        let (category, number): (i64, i64) = (row.try_get("", "category_id")?, row.try_get("", "page")?);
        let bins: String = row.try_get("", "bins")?;
        let page = serde_json::from_str::<Histogram>(&bins).map_err(|error| error.to_string()).and_then(|page| {
            let is_alone = page.pages().all(|(found, _)| i64::from(found) == number);
            if is_alone { Ok(page) } else { Err("it holds bins of another page".to_owned()) }
        });
        match page {
            Ok(page) => histograms.entry(category).or_default().merge(&page),
            Err(error) => tracing::error!(
                error,
                category,
                page = number,
                "the stored page of a histogram is not valid; run `taxbudget rebuild`"
            ),
        }
    }
    Ok(histograms)
}

struct PendingDeltas {
    /// In the order in which they were stored.
    readable: BTreeMap<BudgetId, Vec<Delta>>,
    /// Those that only a newer release can read, as they are stored.
    newer: Vec<(BudgetId, String)>,
}

fn pending_from(rows: &[sea_orm::QueryResult]) -> Result<PendingDeltas, StoreError> {
    let mut in_order = BTreeMap::new();
    for row in rows {
        let id: i64 = row.try_get("", "id")?;
        let delta: (BudgetId, String) = (BudgetId(row.try_get("", "budget_id")?), row.try_get("", "delta")?);
        in_order.insert(id, delta);
    }
    let (mut readable, mut newer) = (BTreeMap::<BudgetId, Vec<Delta>>::new(), Vec::new());
    for (budget, json) in in_order.into_values() {
        match format::from_json(&json) {
            Ok(delta) => readable.entry(budget).or_default().push(delta),
            Err(FormatError::Newer(_)) => newer.push((budget, json)),
            // Written by hand. It must not hold up the others; a rebuild finds what it should have been.
            Err(error) => {
                tracing::error!(%error, "a stored delta is not valid and passed over; run `taxbudget rebuild`");
                readable.entry(budget).or_default();
            }
        }
    }
    Ok(PendingDeltas { readable, newer })
}
