//! Changes of budgets at the desk. Each one raises the version of the budget and keeps how the budget was before, so that two
//! organisers who change it at once lose nothing.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use serde_json::Value;

use super::{
    Sql, Store, StoreError, Transaction,
    budgets::{assembled, budget_to_row, category_to_row},
    entity::{
        budget, budget_aggregate, budget_presentation, budget_version, category, category_aggregate, held_back_change,
        participation_code, participation_key,
    },
};
use crate::domain::{
    budget::{BudgetId, Category, NewBudget, NewCategory, PresentedBudget},
    desk::Actor,
    format,
};
use chrono::{DateTime, Utc};

/// How many earlier versions of a budget are kept. A change that is based on an older one is a conflict.
const KEPT_VERSIONS: i64 = 200;

/// A budget that nobody else can change or answer before the commit.
pub struct LockedBudget {
    pub presented: PresentedBudget,
    /// Whether somebody has answered it.
    pub has_answers: bool,
}

/// A budget as it is to be, with what an organiser has decided about running it.
pub struct ChangedBudget {
    pub budget: NewBudget,
    pub paused_at: Option<DateTime<Utc>>,
    pub archived_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Whether somebody has answered a budget.
    pub async fn has_answers(&self, id: BudgetId) -> Result<bool, StoreError> {
        has_answers(&self.reader, id).await
    }
}

impl Transaction {
    /// The budget with this number. Waits for submissions to it that are being stored.
    pub async fn lock_budget_for_change(&self, id: BudgetId) -> Result<Option<LockedBudget>, StoreError> {
        // Submissions hold the row shared, and references to it need its key.
        let query = budget::Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate);
        let Some(budget) = assembled(&self.0, query, Some(&[id])).await?.budgets.pop() else { return Ok(None) };
        let presentation = budget_presentation::Entity::find_by_id(id.0).one(&self.0).await?;
        let corrupt = |error: format::FormatError| StoreError::Corrupt("presentation", error.to_string());
        let presentation = presentation.map(|row| format::from_value(row.presentation)).transpose().map_err(corrupt)?;
        let has_answers = has_answers(&self.0, budget.id).await?;
        let presentation = presentation.unwrap_or_default();
        // No change of a budget looks at its exclusions.
        let presented = PresentedBudget { budget: Arc::new(budget), presentation, exclusions: Vec::new() };
        Ok(Some(LockedBudget { presented, has_answers }))
    }

    /// Whether a budget has this slug.
    pub async fn is_slug_taken(&self, slug: &str) -> Result<bool, StoreError> {
        Ok(budget::Entity::find().filter(budget::Column::Slug.eq(slug)).one(&self.0).await?.is_some())
    }

    /// Writes a changed budget. `before` is its draft before the change. Returns the new version.
    pub async fn save_budget(
        &self,
        locked: &LockedBudget,
        before: Value,
        changed: &ChangedBudget,
        actor: &Actor,
    ) -> Result<i64, StoreError> {
        let budget = &locked.presented.budget;
        let version = budget.version.saturating_add(1);
        let row = budget::ActiveModel {
            id: Set(budget.id.0),
            version: Set(version),
            paused_at: Set(changed.paused_at),
            archived_at: Set(changed.archived_at),
            updated_at: Set(Some(self.now().await?)),
            updated_by: Set(Some(actor.name().to_owned())),
            ..budget_to_row(&changed.budget)
        };
        row.update(&self.0).await?;
        if changed.budget.presentation != locked.presented.presentation {
            self.save_presentation(budget.id, &changed.budget.presentation).await?;
        }
        self.save_categories(budget.id, &budget.categories, &changed.budget.categories).await?;
        self.keep_version(budget.id, budget.version, before).await?;
        Ok(version)
    }

    /// The draft of an earlier version. `None` if it is not kept any more.
    pub async fn draft_of_version(&self, id: BudgetId, version: i64) -> Result<Option<Value>, StoreError> {
        let row = budget_version::Entity::find_by_id((id.0, version)).one(&self.0).await?;
        Ok(row.map(|row| row.draft))
    }

    async fn keep_version(&self, id: BudgetId, version: i64, draft: Value) -> Result<(), StoreError> {
        let row = budget_version::ActiveModel { budget_id: Set(id.0), version: Set(version), draft: Set(draft) };
        let key = [budget_version::Column::BudgetId, budget_version::Column::Version];
        budget_version::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_column(budget_version::Column::Draft).to_owned())
            .exec_without_returning(&self.0)
            .await?;
        budget_version::Entity::delete_many()
            .filter(budget_version::Column::BudgetId.eq(id.0))
            .filter(budget_version::Column::Version.lte(version.saturating_sub(KEPT_VERSIONS)))
            .exec(&self.0)
            .await?;
        Ok(())
    }

    async fn save_categories(&self, id: BudgetId, old: &[Category], new: &[NewCategory]) -> Result<(), StoreError> {
        // Two categories never have one position, also not between two statements.
        const MOVE_AWAY: Sql = Sql::both("UPDATE category SET position = -1 - position WHERE budget_id = $1");
        let by_key: HashMap<&str, &Category> = old.iter().map(|category| (category.key.as_str(), category)).collect();
        if old.iter().map(|category| &category.key).eq(new.iter().map(|category| &category.key)) {
            for (old, new) in old.iter().zip(new).filter(|(old, new)| !is_same(old, new)) {
                // The key and the position stay: once there are answers, the database refuses to write them.
                let row = category::ActiveModel { key: NotSet, ..category_to_row(id, 0, new) };
                let row = category::ActiveModel { id: Set(old.id), budget_id: NotSet, position: NotSet, ..row };
                row.update(&self.0).await?;
            }
            return Ok(());
        }
        let kept = |category: &&Category| new.iter().any(|new| new.key == category.key);
        let removed: Vec<i64> = old.iter().filter(|category| !kept(category)).map(|category| category.id).collect();
        category_aggregate::Entity::delete_many()
            .filter(category_aggregate::Column::CategoryId.is_in(removed.iter().copied()))
            .exec(&self.0)
            .await?;
        category::Entity::delete_many().filter(category::Column::Id.is_in(removed)).exec(&self.0).await?;
        self.execute(MOVE_AWAY, [id.0.into()]).await?;
        for (position, new) in (0..).zip(new) {
            let row = category_to_row(id, position, new);
            match by_key.get(new.key.as_str()) {
                Some(old) => drop(category::ActiveModel { id: Set(old.id), ..row }.update(&self.0).await?),
                None => drop(row.insert(&self.0).await?),
            }
        }
        self.begin_aggregate(id).await
    }

    /// Deletes a budget that nobody has answered.
    pub async fn delete_budget(&self, locked: &LockedBudget) -> Result<(), StoreError> {
        let id = locked.presented.id;
        let categories = locked.presented.categories.iter().map(|category| category.id);
        category_aggregate::Entity::delete_many()
            .filter(category_aggregate::Column::CategoryId.is_in(categories))
            .exec(&self.0)
            .await?;
        category::Entity::delete_many().filter(category::Column::BudgetId.eq(id.0)).exec(&self.0).await?;
        held_back_change::Entity::delete_by_id(id.0).exec(&self.0).await?;
        budget_aggregate::Entity::delete_by_id(id.0).exec(&self.0).await?;
        participation_code::Entity::delete_many()
            .filter(participation_code::Column::BudgetId.eq(id.0))
            .exec(&self.0)
            .await?;
        participation_key::Entity::delete_by_id(id.0).exec(&self.0).await?;
        // Presentation, versions and roles follow.
        budget::Entity::delete_by_id(id.0).exec(&self.0).await?;
        Ok(())
    }
}

fn is_same(old: &Category, new: &NewCategory) -> bool {
    let NewCategory { key, label, description, color, actual } = new;
    (&old.key, &old.label, &old.description, &old.color, &old.actual) == (key, label, description, color, actual)
}

/// Whether a submission is there, was there, or is still being counted or taken back.
async fn has_answers(connection: &impl ConnectionTrait, id: BudgetId) -> Result<bool, StoreError> {
    const TRACE: Sql = Sql::both(
        "SELECT 1 AS trace WHERE EXISTS (SELECT 1 FROM submission WHERE budget_id = $1)
            OR EXISTS (SELECT 1 FROM retained_tally WHERE budget_id = $1)
            OR EXISTS (SELECT 1 FROM aggregate_delta WHERE budget_id = $1)
            OR EXISTS (SELECT 1 FROM exclusion WHERE budget_id = $1)
            OR EXISTS (SELECT 1 FROM budget_aggregate WHERE budget_id = $1 AND (participants > 0 OR submissions > 0))",
    );
    Ok(connection.query_one_raw(TRACE.statement(connection.get_database_backend(), [id.0.into()])).await?.is_some())
}
