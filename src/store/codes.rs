//! Participation codes: their digests, and the sealed key that a budget's digests are made with. Using a code only reads.
//! A row that changed when its code is used would show the order in which codes are used.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::OnConflict,
};

use super::{
    READ_TIMEOUT, Sql, Store, StoreError, Transaction,
    entity::{participation_code, participation_key},
    submissions::json_parameter,
    with_timeout,
};
use crate::domain::{budget::BudgetId, code::CodeDigest};

impl Store {
    /// Finds out whether a code with this digest exists for the budget.
    pub async fn has_code(&self, budget: BudgetId, digest: CodeDigest) -> Result<bool, StoreError> {
        let query = participation_code::Entity::find_by_id((budget.0, digest.0.to_vec()));
        let found = async { Ok(query.one(&self.reader).await?) };
        Ok(with_timeout(READ_TIMEOUT, found).await?.is_some())
    }

    /// The number of codes that exist for the budget.
    pub async fn code_count(&self, budget: BudgetId) -> Result<u64, StoreError> {
        let query = participation_code::Entity::find().filter(participation_code::Column::BudgetId.eq(budget.0));
        Ok(query.count(&self.reader).await?)
    }

    /// The sealed key of the budget's codes. `None` if no code was created yet.
    pub async fn sealed_code_key(&self, budget: BudgetId) -> Result<Option<String>, StoreError> {
        with_timeout(READ_TIMEOUT, sealed_key(&self.reader, budget)).await
    }

    /// The sealed keys of all budgets that have codes.
    pub async fn sealed_code_keys(&self) -> Result<Vec<(BudgetId, String)>, StoreError> {
        let rows = participation_key::Entity::find().all(&self.reader).await?;
        Ok(rows.into_iter().map(|row| (BudgetId(row.budget_id), row.sealed_key)).collect())
    }

    /// Replaces a sealed key by the same key sealed with another secret, unless another process has replaced it meanwhile.
    pub async fn replace_sealed_code_key(&self, budget: BudgetId, old: &str, new: &str) -> Result<(), StoreError> {
        let row = participation_key::ActiveModel { budget_id: Set(budget.0), sealed_key: Set(new.to_owned()) };
        participation_key::Entity::update_many()
            .set(row)
            .filter(participation_key::Column::BudgetId.eq(budget.0))
            .filter(participation_key::Column::SealedKey.eq(old))
            .exec(&self.writer)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// Stores the budget's sealed key unless it has one, and returns the one that it has now.
    pub async fn keep_sealed_code_key(&self, budget: BudgetId, sealed: &str) -> Result<String, StoreError> {
        let row = participation_key::ActiveModel { budget_id: Set(budget.0), sealed_key: Set(sealed.to_owned()) };
        participation_key::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&self.0)
            .await?;
        let missing = || StoreError::Corrupt("participation key", format!("of budget {}", budget.0));
        sealed_key(&self.0, budget).await?.ok_or_else(missing)
    }

    /// Deletes the codes of a budget, and the key that they were made with.
    pub async fn delete_codes(&self, budget: BudgetId) -> Result<(), StoreError> {
        let codes = participation_code::Entity::delete_many();
        codes.filter(participation_code::Column::BudgetId.eq(budget.0)).exec(&self.0).await?;
        participation_key::Entity::delete_by_id(budget.0).exec(&self.0).await?;
        Ok(())
    }

    /// Adds codes. `digests` must be sorted, so that the order of the rows says nothing about the order of the codes.
    pub async fn insert_codes(&self, budget: BudgetId, digests: &[CodeDigest]) -> Result<(), StoreError> {
        const INSERT: Sql = Sql {
            postgres: "INSERT INTO participation_code (budget_id, code_digest)
                SELECT $2, decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json)) AS row (value)",
            sqlite: "INSERT INTO participation_code (budget_id, code_digest)
                SELECT $2, unhex(value) FROM json_each($1)",
        };
        let digests = json_parameter(digests.iter().map(|digest| hex::encode(digest.0)))?;
        self.execute(INSERT, [digests, budget.0.into()]).await?;
        Ok(())
    }
}

async fn sealed_key(connection: &impl ConnectionTrait, budget: BudgetId) -> Result<Option<String>, StoreError> {
    let row = participation_key::Entity::find_by_id(budget.0).one(connection).await?;
    Ok(row.map(|row| row.sealed_key))
}
