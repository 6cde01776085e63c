//! The audit log: who changed what at the organisers' desk. A change and its entry are stored in one transaction, or neither is.

use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{Store, StoreError, Transaction, entity::audit_entry};
use crate::domain::desk::Actor;

/// What an entry says besides who and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditedChange {
    /// What was done, for example `budget.open`.
    pub action: &'static str,
    /// The slug of the budget that it was done to.
    pub budget: Option<String>,
    /// JSON of what was changed, as it was before.
    pub before: Option<serde_json::Value>,
    /// JSON of what was changed, as it is now.
    pub after: Option<serde_json::Value>,
}

/// A transaction of somebody at the desk. It cannot be committed before what it changes is in the audit log.
pub struct AuditedTransaction {
    /// For the methods of the nouns that are changed.
    pub transaction: Transaction,
    actor: Actor,
    is_recorded: bool,
}

impl Store {
    /// A write transaction of this actor.
    pub async fn begin_audited(&self, actor: &Actor) -> Result<AuditedTransaction, StoreError> {
        Ok(AuditedTransaction { transaction: self.begin().await?, actor: actor.clone(), is_recorded: false })
    }
}

impl AuditedTransaction {
    /// Adds an entry.
    pub async fn record(&mut self, change: AuditedChange) -> Result<(), StoreError> {
        let text = |value: Option<serde_json::Value>| value.map(|value| value.to_string());
        let entry = audit_entry::ActiveModel {
            at: Set(self.transaction.now().await?),
            account_id: Set(self.actor.account().map(|account| account.0)),
            actor: Set(self.actor.name().to_owned()),
            action: Set(change.action.to_owned()),
            budget: Set(change.budget),
            before: Set(text(change.before)),
            after: Set(text(change.after)),
            ..Default::default()
        };
        entry.insert(&self.transaction.0).await?;
        self.is_recorded = true;
        Ok(())
    }

    /// Makes the change durable. Fails if nothing was recorded.
    pub async fn commit(self) -> Result<(), StoreError> {
        if !self.is_recorded {
            return Err(StoreError::Corrupt("change", "it has no entry in the audit log".to_owned()));
        }
        self.transaction.commit().await
    }
}
