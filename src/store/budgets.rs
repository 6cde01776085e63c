//! Budgets with their categories.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{
    Store, StoreError, Transaction,
    entity::{budget, budget_presentation, category},
};
use crate::domain::{
    budget::{Budget, BudgetId, BudgetStatus, Category},
    presentation::Presentation,
    share::Share,
};

mod default;

impl Store {
    /// Every budget, drafts too, oldest first.
    pub async fn budgets(&self) -> Result<Vec<Budget>, StoreError> {
        let budgets = budget::Entity::find().order_by_asc(budget::Column::Id).all(&self.reader).await?;
        let categories = categories_of(&self.reader, None).await?;
        let mut budgets = assemble(budgets, categories)?;
        for row in budget_presentation::Entity::find().all(&self.reader).await? {
            if let Some(budget) = budgets.iter_mut().find(|budget| budget.id.0 == row.budget_id) {
                budget.presentation = presentation_from_row(row.presentation, &budget.slug);
            }
        }
        Ok(budgets)
    }

    /// Adds a budget; the ids of `budget` and its categories are given by the database and those passed are ignored.
    pub async fn create_budget(&self, budget: &Budget) -> Result<BudgetId, StoreError> {
        let transaction = self.begin().await?;
        let now = transaction.now().await?;
        let row = budget::ActiveModel {
            slug: Set(budget.slug.clone()),
            title: Set(budget.title.clone()),
            description: Set(budget.description.clone()),
            currency: Set(budget.currency.clone()),
            total_amount: Set(budget.total_amount),
            status: Set(status_name(budget.status).to_owned()),
            opens_at: Set(budget.opens_at),
            closes_at: Set(budget.closes_at),
            ..Default::default()
        };
        let row = row.insert(&transaction.0).await?;
        let categories = budget.categories.iter().map(|category| category::ActiveModel {
            budget_id: Set(row.id),
            key: Set(category.key.clone()),
            label: Set(category.label.clone()),
            description: Set(category.description.clone()),
            color: Set(category.color.clone()),
            position: Set(category.position),
            actual_basis_points: Set(category.actual.map(|share| i32::from(share.basis_points()))),
            ..Default::default()
        });
        category::Entity::insert_many(categories).exec(&transaction.0).await?;
        let presentation = budget_presentation::ActiveModel {
            budget_id: Set(row.id),
            presentation: Set(
                serde_json::to_value(&budget.presentation).map_err(|error| DbErr::Json(error.to_string()))?
            ),
        };
        budget_presentation::Entity::insert(presentation).exec_without_returning(&transaction.0).await?;
        let id = BudgetId(row.id);
        transaction.begin_aggregate(id, now).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Creates the default budget on a database without any.
    pub(super) async fn create_default_budget(&self) -> Result<(), StoreError> {
        if budget::Entity::find().count(&self.writer).await? == 0 {
            self.create_budget(&default::federal()).await?;
        }
        Ok(())
    }
}

impl Transaction {
    /// The first aggregate of a new budget: nobody, version 1.
    async fn begin_aggregate(&self, id: BudgetId, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(budget) = self.hold_budgets(&[id]).await?.get(&id) {
            let mut aggregate = self.hold_aggregate(budget, now).await?;
            aggregate.revision.version += 1;
            self.save_aggregate(budget, &aggregate).await?;
        }
        Ok(())
    }

    /// These budgets as they are now, held so that nobody changes them or their categories before the commit.
    /// Others may hold them too. Counting does not show them: their presentation is not loaded.
    pub async fn hold_budgets(&self, ids: &[BudgetId]) -> Result<HashMap<BudgetId, Budget>, StoreError> {
        let budgets = budget::Entity::find()
            .filter(budget::Column::Id.is_in(numbers(ids)))
            .order_by_asc(budget::Column::Id)
            .lock_shared()
            .all(&self.0)
            .await?;
        let budgets = assemble(budgets, categories_of(&self.0, Some(ids)).await?)?;
        Ok(budgets.into_iter().map(|budget| (budget.id, budget)).collect())
    }
}

fn numbers(ids: &[BudgetId]) -> impl Iterator<Item = i64> + '_ {
    ids.iter().map(|id| id.0)
}

async fn categories_of(
    connection: &impl ConnectionTrait,
    budgets: Option<&[BudgetId]>,
) -> Result<Vec<category::Model>, DbErr> {
    let mut query = category::Entity::find().order_by_asc(category::Column::Position);
    if let Some(ids) = budgets {
        query = query.filter(category::Column::BudgetId.is_in(numbers(ids)));
    }
    query.all(connection).await
}

fn assemble(budgets: Vec<budget::Model>, categories: Vec<category::Model>) -> Result<Vec<Budget>, StoreError> {
    let mut by_budget: HashMap<i64, Vec<Category>> = HashMap::new();
    for row in categories {
        by_budget.entry(row.budget_id).or_default().push(Category {
            id: row.id,
            key: row.key,
            label: row.label,
            description: row.description,
            color: row.color,
            position: row.position,
            actual: row.actual_basis_points.map(share_from_row).transpose()?,
        });
    }
    let budget = |row: budget::Model| {
        Ok(Budget {
            id: BudgetId(row.id),
            slug: row.slug,
            title: row.title,
            description: row.description,
            currency: row.currency,
            total_amount: row.total_amount,
            status: status_from_name(&row.status)?,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            categories: by_budget.remove(&row.id).unwrap_or_default(),
            presentation: Presentation::default(),
        })
    };
    budgets.into_iter().map(budget).collect()
}

/// What an operator wrote by hand may be wrong. That must not take the budget from the people who answer it.
fn presentation_from_row(row: serde_json::Value, slug: &str) -> Presentation {
    serde_json::from_value(row).unwrap_or_else(|error| {
        tracing::warn!(budget = slug, %error, "the presentation cannot be read; the budget is shown without it");
        Presentation::default()
    })
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

fn status_from_name(name: &str) -> Result<BudgetStatus, StoreError> {
    match name {
        "draft" => Ok(BudgetStatus::Draft),
        "open" => Ok(BudgetStatus::Open),
        "closed" => Ok(BudgetStatus::Closed),
        _ => Err(StoreError::Corrupt("budget status", name.to_owned())),
    }
}
