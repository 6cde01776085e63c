//! Accounts of the desk, and their roles.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::OnConflict,
};

use super::{
    READ_TIMEOUT, Store, StoreError, Transaction,
    entity::{account, budget_role},
    with_timeout,
};
use crate::domain::{
    account::AccountName,
    budget::BudgetId,
    desk::{AccountId, Role},
};

/// An account. It is not `Debug`, so that no log shows its hash.
#[derive(Clone)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    /// `None` if the account is signed on by a proxy alone.
    pub password_hash: Option<String>,
    pub sealed_totp_secret: Option<String>,
    /// Waits for its first code.
    pub sealed_new_totp_secret: Option<String>,
    /// Its role in the installation.
    pub role: Option<Role>,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub is_disabled: bool,
}

/// A new account.
pub struct NewAccount<'a> {
    pub name: &'a AccountName,
    pub password_hash: Option<String>,
    pub role: Option<Role>,
}

/// The roles of one account in single budgets.
pub type BudgetRoles = HashMap<BudgetId, Role>;

impl Store {
    /// Whether there is an account.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        with_timeout(READ_TIMEOUT, async { Ok(account::Entity::find().one(&self.reader).await?.is_some()) }).await
    }

    /// The account with this number.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        with_timeout(READ_TIMEOUT, by_id(&self.reader, id)).await
    }

    /// The account with this name, in any case.
    pub async fn account_named(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        with_timeout(READ_TIMEOUT, by_name(&self.reader, name)).await
    }

    /// All accounts, in the order of their names.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let rows = account::Entity::find().order_by_asc(account::Column::NameKey).all(&self.reader);
        with_timeout(READ_TIMEOUT, async { Ok(rows.await?) }).await?.into_iter().map(from_row).collect()
    }

    /// The roles of an account in single budgets.
    pub async fn budget_roles_of(&self, id: AccountId) -> Result<BudgetRoles, StoreError> {
        let rows = budget_role::Entity::find().filter(budget_role::Column::AccountId.eq(id.0)).all(&self.reader);
        let rows = with_timeout(READ_TIMEOUT, async { Ok(rows.await?) }).await?;
        rows.into_iter().map(|row| Ok((BudgetId(row.budget_id), role(&row.role)?))).collect()
    }

    /// The roles of all accounts in single budgets.
    pub async fn budget_roles(&self) -> Result<HashMap<AccountId, BudgetRoles>, StoreError> {
        let rows = budget_role::Entity::find().all(&self.reader);
        let mut roles: HashMap<AccountId, BudgetRoles> = HashMap::new();
        for row in with_timeout(READ_TIMEOUT, async { Ok(rows.await?) }).await? {
            roles.entry(AccountId(row.account_id)).or_default().insert(BudgetId(row.budget_id), role(&row.role)?);
        }
        Ok(roles)
    }

    /// Notes when an account was last seen.
    pub async fn touch_account(&self, id: AccountId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = account::ActiveModel { id: Set(id.0), last_seen_at: Set(Some(now)), ..Default::default() };
        row.update(&self.writer).await?;
        Ok(())
    }

    /// Replaces a sealed secret by the same secret sealed with another key, unless somebody has replaced it meanwhile.
    pub async fn replace_sealed_totp_secret(&self, id: AccountId, old: &str, new: &str) -> Result<(), StoreError> {
        let row = account::ActiveModel { sealed_totp_secret: Set(Some(new.to_owned())), ..Default::default() };
        account::Entity::update_many()
            .set(row)
            .filter(account::Column::Id.eq(id.0))
            .filter(account::Column::SealedTotpSecret.eq(old))
            .exec(&self.writer)
            .await?;
        Ok(())
    }
}

impl Transaction {
    /// Keeps every other transaction from changing accounts until the commit. Two of them could otherwise each take away
    /// one of the last two owners. On SQLite a write transaction is alone anyway.
    pub async fn lock_accounts(&self) -> Result<(), StoreError> {
        if self.0.get_database_backend() == sea_orm::DbBackend::Postgres {
            self.0.execute_unprepared("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE").await?;
        }
        Ok(())
    }

    /// Whether there is an account.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(account::Entity::find().one(&self.0).await?.is_some())
    }

    /// The account with this number.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        by_id(&self.0, id).await
    }

    /// The account with this name, in any case.
    pub async fn account_named(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        by_name(&self.0, name).await
    }

    /// How many other accounts are owners of the installation and not disabled.
    pub async fn count_other_owners(&self, id: AccountId) -> Result<u64, StoreError> {
        let owners = account::Entity::find()
            .filter(account::Column::Role.eq(Role::Owner.name()))
            .filter(account::Column::DisabledAt.is_null())
            .filter(account::Column::Id.ne(id.0));
        Ok(owners.count(&self.0).await?)
    }

    /// Adds an account. Its name must be free: see [`Self::lock_accounts`].
    pub async fn insert_account(&self, new: NewAccount<'_>) -> Result<Account, StoreError> {
        let row = account::ActiveModel {
            name: Set(new.name.as_str().to_owned()),
            name_key: Set(new.name.key()),
            password_hash: Set(new.password_hash),
            role: Set(new.role.map(|role| role.name().to_owned())),
            created_at: Set(self.now().await?),
            ..Default::default()
        };
        from_row(row.insert(&self.0).await?)
    }

    pub async fn set_password_hash(&self, id: AccountId, hash: String) -> Result<(), StoreError> {
        self.update_account(id, account::ActiveModel { password_hash: Set(Some(hash)), ..Default::default() }).await
    }

    /// Stores a secret that waits for its first code.
    pub async fn set_new_totp_secret(&self, id: AccountId, sealed: String) -> Result<(), StoreError> {
        let row = account::ActiveModel { sealed_new_totp_secret: Set(Some(sealed)), ..Default::default() };
        self.update_account(id, row).await
    }

    /// Sets the secret of the codes, or takes it away. No secret waits any more.
    pub async fn set_totp_secret(&self, id: AccountId, sealed: Option<String>) -> Result<(), StoreError> {
        let row = account::ActiveModel {
            sealed_totp_secret: Set(sealed),
            sealed_new_totp_secret: Set(None),
            last_totp_step: Set(None),
            ..Default::default()
        };
        self.update_account(id, row).await
    }

    /// Uses the code of a time step. Returns false if that step or a later one was used before.
    pub async fn use_totp_step(&self, id: AccountId, step: i64) -> Result<bool, StoreError> {
        let unused =
            Condition::any().add(account::Column::LastTotpStep.is_null()).add(account::Column::LastTotpStep.lt(step));
        let updated = account::Entity::update_many()
            .set(account::ActiveModel { last_totp_step: Set(Some(step)), ..Default::default() })
            .filter(account::Column::Id.eq(id.0))
            .filter(unused)
            .exec(&self.0)
            .await?;
        Ok(updated.rows_affected == 1)
    }

    /// Sets the role in the installation, or takes it away.
    pub async fn set_role(&self, id: AccountId, role: Option<Role>) -> Result<(), StoreError> {
        let role = Set(role.map(|role| role.name().to_owned()));
        self.update_account(id, account::ActiveModel { role, ..Default::default() }).await
    }

    /// The role in a budget.
    pub async fn budget_role(&self, id: AccountId, budget: BudgetId) -> Result<Option<Role>, StoreError> {
        let row = budget_role::Entity::find_by_id((id.0, budget.0)).one(&self.0).await?;
        row.map(|row| role(&row.role)).transpose()
    }

    /// Sets the role in a budget, or takes it away.
    pub async fn set_budget_role(&self, id: AccountId, budget: BudgetId, role: Option<Role>) -> Result<(), StoreError> {
        let Some(role) = role else {
            budget_role::Entity::delete_by_id((id.0, budget.0)).exec(&self.0).await?;
            return Ok(());
        };
        let row = budget_role::ActiveModel {
            account_id: Set(id.0),
            budget_id: Set(budget.0),
            role: Set(role.name().to_owned()),
        };
        let key = [budget_role::Column::AccountId, budget_role::Column::BudgetId];
        budget_role::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).update_column(budget_role::Column::Role).to_owned())
            .exec_without_returning(&self.0)
            .await?;
        Ok(())
    }

    pub async fn set_disabled(&self, id: AccountId, disabled_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        self.update_account(id, account::ActiveModel { disabled_at: Set(disabled_at), ..Default::default() }).await
    }

    async fn update_account(&self, id: AccountId, row: account::ActiveModel) -> Result<(), StoreError> {
        account::ActiveModel { id: Set(id.0), ..row }.update(&self.0).await?;
        Ok(())
    }
}

async fn by_id(connection: &impl ConnectionTrait, id: AccountId) -> Result<Option<Account>, StoreError> {
    account::Entity::find_by_id(id.0).one(connection).await?.map(from_row).transpose()
}

async fn by_name(connection: &impl ConnectionTrait, name: &AccountName) -> Result<Option<Account>, StoreError> {
    let query = account::Entity::find().filter(account::Column::NameKey.eq(name.key()));
    query.one(connection).await?.map(from_row).transpose()
}

pub(super) fn from_row(row: account::Model) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.id),
        name: row.name,
        password_hash: row.password_hash,
        sealed_totp_secret: row.sealed_totp_secret,
        sealed_new_totp_secret: row.sealed_new_totp_secret,
        role: row.role.as_deref().map(role).transpose()?,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        is_disabled: row.disabled_at.is_some(),
    })
}

pub(super) fn role(name: &str) -> Result<Role, StoreError> {
    Role::from_name(name).ok_or_else(|| StoreError::Corrupt("role", name.to_owned()))
}
