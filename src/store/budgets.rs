//! Budgets with their categories.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{LockType, OnConflict},
};

use super::{
    Store, StoreError, Transaction,
    entity::{budget, budget_presentation, category, held_back_change},
    unreadable::{decode, number},
};
use crate::domain::{
    budget::{Budget, BudgetId, BudgetStatus, Category, NewBudget, NewCategory, Participation, PresentedBudget},
    format,
    presentation::BudgetPresentation,
    publish_every::PublishEvery,
    retention::RetentionDays,
    share::Share,
    starter_budgets,
    visibility::{CategoryOrder, ResultVisibility},
};

impl Store {
    /// Every budget, drafts too, oldest first. A budget whose rows cannot be read is left out and logged.
    pub async fn budgets(&self) -> Result<Vec<Budget>, StoreError> {
        let query = budget::Entity::find().order_by_asc(budget::Column::Id);
        let Assembled { budgets, unreadable } = assembled(&self.reader, query, None).await?;
        self.unreadable_budgets.set(unreadable.into_values().collect());
        Ok(budgets)
    }

    /// Every budget as [`Store::budgets`] gives it, and how it is shown.
    pub async fn presented_budgets(&self) -> Result<Vec<PresentedBudget>, StoreError> {
        let budgets = self.budgets().await?;
        let mut presentations = HashMap::with_capacity(budgets.len());
        let query = budget_presentation::Entity::find().build(self.backend());
        for row in self.reader.query_all_raw(query).await? {
            let read = decode::<budget_presentation::Model>(&row)
                .and_then(|row| format::from_value(row.presentation).map_err(|error| error.to_string()));
            presentations.insert(number(&row, "budget_id")?, read);
        }
        let mut exclusions = self.exclusions_in_force().await?;
        let mut problems = BTreeSet::new();
        let presented = budgets.into_iter().map(|budget| {
            let presentation = presentations.remove(&budget.id.0).unwrap_or_else(|| Ok(BudgetPresentation::default()));
            let presentation = presentation.unwrap_or_else(|error| {
                // People can still answer the budget.
                problems.insert(format!(
                    "the presentation of budget \"{}\" cannot be read, and the budget is shown without it: {error}",
                    budget.slug
                ));
                BudgetPresentation::default()
            });
            let exclusions = exclusions.remove(&budget.id).unwrap_or_default();
            PresentedBudget { budget: Arc::new(budget), presentation, exclusions }
        });
        let presented = presented.collect();
        self.unreadable_presentations.set(problems);
        Ok(presented)
    }

    /// Adds a budget with its first revision; returns its number.
    pub async fn create_budget(&self, budget: &NewBudget) -> Result<BudgetId, StoreError> {
        let transaction = self.begin().await?;
        let id = transaction.insert_budget(budget).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Creates the default budget on a database without any.
    pub(super) async fn create_default_budget(&self, publish_every: PublishEvery) -> Result<(), StoreError> {
        if budget::Entity::find().count(&self.writer).await? == 0 {
            let federal = starter_budgets::federal().into_new_budget(BudgetStatus::Open);
            self.create_budget(&NewBudget { publish_every, ..federal }).await?;
        }
        Ok(())
    }
}

impl Transaction {
    /// The budget as it is now, after every submission to it that was being stored is committed.
    pub async fn lock_budget_after_submissions(&self, id: BudgetId) -> Result<Option<Budget>, StoreError> {
        // Stronger than the lock that each batch takes, and weaker than one that would hold up references to the row.
        let query = budget::Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate);
        Ok(assembled(&self.0, query, Some(&[id])).await?.budgets.pop())
    }

    /// Adds a budget with its first revision; returns its number.
    pub async fn insert_budget(&self, budget: &NewBudget) -> Result<BudgetId, StoreError> {
        let row = budget_to_row(budget).insert(&self.0).await?;
        let id = BudgetId(row.id);
        let categories: Vec<_> =
            (0..).zip(&budget.categories).map(|(position, category)| category_to_row(id, position, category)).collect();
        if !categories.is_empty() {
            category::Entity::insert_many(categories).exec(&self.0).await?;
        }
        self.save_presentation(id, &budget.presentation).await?;
        self.begin_aggregate(id).await?;
        Ok(id)
    }

    pub(super) async fn save_presentation(
        &self,
        id: BudgetId,
        presentation: &BudgetPresentation,
    ) -> Result<(), StoreError> {
        let row = budget_presentation::ActiveModel {
            budget_id: Set(id.0),
            presentation: Set(format::to_value(presentation).map_err(|error| DbErr::Json(error.to_string()))?),
        };
        let changed = budget_presentation::Column::Presentation;
        budget_presentation::Entity::insert(row)
            .on_conflict(OnConflict::column(budget_presentation::Column::BudgetId).update_column(changed).to_owned())
            .exec_without_returning(&self.0)
            .await?;
        Ok(())
    }

    /// The next aggregate of a budget whose categories are new and whose answers nobody has given yet.
    pub(super) async fn begin_aggregate(&self, id: BudgetId) -> Result<(), StoreError> {
        // What was held back is of other categories, and of no ballots.
        held_back_change::Entity::delete_by_id(id.0).exec(&self.0).await?;
        let locked = self.lock_budgets(&[id]).await?;
        let unreadable =
            || StoreError::Corrupt("budget", format!("number {} cannot be read after it was written", id.0));
        let budget = locked.readable.get(&id).ok_or_else(unreadable)?;
        let now = self.now().await?;
        let mut aggregate = self.lock_aggregate(budget, now).await?;
        aggregate.revision.version += 1;
        aggregate.as_of = aggregate.as_of.max(now);
        // Its rows are written now, and nothing is missing in them.
        aggregate.complete = true;
        self.save_aggregate(budget, &aggregate).await
    }

    /// These budgets as they are now. Nobody can change them or their categories before the commit; other transactions may
    /// lock them in the same way.
    pub async fn lock_budgets(&self, ids: &[BudgetId]) -> Result<LockedBudgets, StoreError> {
        let query = budget::Entity::find()
            .filter(budget::Column::Id.is_in(numbers(ids)))
            .order_by_asc(budget::Column::Id)
            .lock_shared();
        let Assembled { budgets, unreadable } = assembled(&self.0, query, Some(ids)).await?;
        Ok(LockedBudgets {
            readable: budgets.into_iter().map(|budget| (budget.id, budget)).collect(),
            unreadable: unreadable.into_keys().collect(),
        })
    }
}

/// The budgets that a transaction has locked.
pub struct LockedBudgets {
    /// Those whose rows can be read.
    pub readable: HashMap<BudgetId, Budget>,
    /// Those whose rows cannot be read. Their deltas must stay pending.
    pub unreadable: HashSet<BudgetId>,
}

pub(super) struct Assembled {
    pub(super) budgets: Vec<Budget>,
    /// The other budgets, each with what is wrong.
    unreadable: BTreeMap<BudgetId, String>,
}

fn numbers(ids: &[BudgetId]) -> impl Iterator<Item = i64> + '_ {
    ids.iter().map(|id| id.0)
}

pub(super) fn budget_to_row(budget: &NewBudget) -> budget::ActiveModel {
    budget::ActiveModel {
        slug: Set(budget.slug.clone()),
        title: Set(budget.title.clone()),
        description: Set(budget.description.clone()),
        currency: Set(budget.currency.clone()),
        total_amount: Set(budget.total_amount),
        status: Set(status_name(budget.status).to_owned()),
        participation: Set(participation_name(budget.participation).to_owned()),
        visibility: Set(budget.visibility.name().to_owned()),
        category_order: Set(budget.category_order.name().to_owned()),
        opens_at: Set(budget.opens_at),
        closes_at: Set(budget.closes_at),
        time_zone: Set(budget.time_zone.clone()),
        publish_every: Set(i32::from(budget.publish_every.ballots())),
        retention_days: Set(budget.retention.map(retention_to_row)),
        ..Default::default()
    }
}

pub(super) fn category_to_row(id: BudgetId, position: i32, category: &NewCategory) -> category::ActiveModel {
    category::ActiveModel {
        id: NotSet,
        budget_id: Set(id.0),
        key: Set(category.key.clone()),
        label: Set(category.label.clone()),
        description: Set(category.description.clone()),
        color: Set(category.color.clone()),
        position: Set(position),
        actual_basis_points: Set(category.actual.map(|share| i32::from(share.basis_points()))),
    }
}

/// The budgets of a query with their categories. `ids` are those that the query asks for, `None` for all.
pub(super) async fn assembled(
    connection: &impl ConnectionTrait,
    query: Select<budget::Entity>,
    ids: Option<&[BudgetId]>,
) -> Result<Assembled, StoreError> {
    let backend = connection.get_database_backend();
    let rows = connection.query_all_raw(query.build(backend)).await?;
    let mut categories = category::Entity::find().order_by_asc(category::Column::Position);
    if let Some(ids) = ids {
        categories = categories.filter(category::Column::BudgetId.is_in(numbers(ids)));
    }
    let mut by_budget: HashMap<i64, Result<Vec<Category>, String>> = HashMap::new();
    for row in connection.query_all_raw(categories.build(backend)).await? {
        let lines = by_budget.entry(number(&row, "budget_id")?).or_insert_with(|| Ok(Vec::new()));
        match decode(&row).and_then(category_from_row) {
            Ok(category) => drop(lines.as_mut().map(|lines| lines.push(category))),
            // Leaving out the category alone would change what the other shares mean.
            Err(error) => *lines = Err(format!("a category: {error}")),
        }
    }
    let (mut budgets, mut unreadable) = (Vec::with_capacity(rows.len()), BTreeMap::new());
    for row in rows {
        let id = number(&row, "id")?;
        let categories = by_budget.remove(&id).unwrap_or_else(|| Ok(Vec::new()));
        match categories.and_then(|categories| budget_from_row(decode(&row)?, categories)) {
            Ok(budget) => budgets.push(budget),
            Err(error) => {
                let name = row.try_get::<String>("", "slug").map_or(id.to_string(), |slug| format!("\"{slug}\""));
                unreadable
                    .insert(BudgetId(id), format!("budget {name} cannot be read and is shown to nobody: {error}"));
            }
        }
    }
    Ok(Assembled { budgets, unreadable })
}

fn category_from_row(row: category::Model) -> Result<Category, String> {
    Ok(Category {
        id: row.id,
        key: row.key,
        label: row.label,
        description: row.description,
        color: row.color,
        position: row.position,
        actual: row.actual_basis_points.map(share_from_row).transpose().map_err(|error| error.to_string())?,
    })
}

fn budget_from_row(row: budget::Model, categories: Vec<Category>) -> Result<Budget, String> {
    Ok(Budget {
        id: BudgetId(row.id),
        slug: row.slug,
        title: row.title,
        description: row.description,
        currency: row.currency,
        total_amount: row.total_amount,
        status: status_from_name(&row.status).map_err(|error| error.to_string())?,
        participation: participation_from_name(&row.participation).map_err(|error| error.to_string())?,
        visibility: ResultVisibility::from_name(&row.visibility)
            .ok_or_else(|| format!("it has the visibility \"{}\"", row.visibility))?,
        category_order: CategoryOrder::from_name(&row.category_order)
            .ok_or_else(|| format!("it has the category order \"{}\"", row.category_order))?,
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        time_zone: row.time_zone,
        paused_at: row.paused_at,
        archived_at: row.archived_at,
        version: row.version,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        publish_every: publish_every_from_row(row.publish_every)?,
        retention: row.retention_days.map(retention_from_row).transpose()?,
        categories,
    })
}

fn publish_every_from_row(ballots: i32) -> Result<PublishEvery, String> {
    let ballots = u16::try_from(ballots).map_err(|error| error.to_string())?;
    PublishEvery::try_from(ballots).map_err(|error| error.to_string())
}

fn retention_from_row(days: i32) -> Result<RetentionDays, String> {
    let days = u16::try_from(days).map_err(|error| error.to_string())?;
    RetentionDays::try_from(days).map_err(|error| error.to_string())
}

fn retention_to_row(retention: RetentionDays) -> i32 {
    i32::from(retention.days())
}

fn share_from_row(basis_points: i32) -> Result<Share, StoreError> {
    u16::try_from(basis_points)
        .ok()
        .and_then(Share::from_basis_points)
        .ok_or_else(|| StoreError::Corrupt("share", basis_points.to_string()))
}

fn status_name(status: BudgetStatus) -> &'static str {
    match status {
        BudgetStatus::Draft => "draft",
        BudgetStatus::Open => "open",
        BudgetStatus::Closed => "closed",
    }
}

pub(super) fn status_from_name(name: &str) -> Result<BudgetStatus, StoreError> {
    match name {
        "draft" => Ok(BudgetStatus::Draft),
        "open" => Ok(BudgetStatus::Open),
        "closed" => Ok(BudgetStatus::Closed),
        _ => Err(StoreError::Corrupt("budget status", name.to_owned())),
    }
}

fn participation_name(participation: Participation) -> &'static str {
    match participation {
        Participation::Open => "open",
        Participation::Code => "code",
    }
}

pub(super) fn participation_from_name(name: &str) -> Result<Participation, StoreError> {
    match name {
        "open" => Ok(Participation::Open),
        "code" => Ok(Participation::Code),
        _ => Err(StoreError::Corrupt("participation", name.to_owned())),
    }
}
