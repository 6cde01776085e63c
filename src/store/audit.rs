//! The audit log: who changed what at the organisers' desk. A change and its entry are stored in one transaction, or neither is.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::{READ_TIMEOUT, Store, StoreError, Transaction, entity::audit_entry, with_timeout};
use crate::domain::desk::{AccountId, Actor};

/// The bytes of what was changed, before and after, that a page holds. An entry that is larger has a page of its own.
const PAGE_BYTES: usize = 1024 * 1024;

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

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    pub id: i64,
    pub at: DateTime<Utc>,
    /// The name of the account at that time, `console:` or `system:`.
    pub actor: String,
    pub action: String,
    pub budget: Option<String>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// Entries of the log, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    pub entries: Vec<AuditEntry>,
    /// Whether there are older entries.
    pub has_more: bool,
}

/// Which entries are wanted: those to which everything that is set applies.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub budget: Option<String>,
    /// With this number or a later one.
    pub since_entry: Option<i64>,
    pub account: Option<AccountId>,
    pub action: Option<String>,
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
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

    /// At most `limit` entries of the log, the newest first, after the entry with the number `after`. There are fewer if they
    /// would take more than `PAGE_BYTES`.
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        after: Option<i64>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        use audit_entry::Column;
        let query = audit_entry::Entity::find()
            .apply_if(filter.budget.as_deref(), |query, budget| query.filter(Column::Budget.eq(budget)))
            .apply_if(filter.since_entry, |query, since| query.filter(Column::Id.gte(since)))
            .apply_if(filter.account, |query, account| query.filter(Column::AccountId.eq(account.0)))
            .apply_if(filter.action.as_deref(), |query, action| query.filter(Column::Action.eq(action)))
            .apply_if(filter.since, |query, since| query.filter(Column::At.gte(since)))
            .apply_if(filter.until, |query, until| query.filter(Column::At.lt(until)))
            .apply_if(after, |query, after| query.filter(Column::Id.lt(after)))
            .order_by_desc(Column::Id)
            // One more row than requested shows whether there is another page.
            .limit(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
        let page = async {
            // Row by row, so that not even the memory holds more than a page.
            let mut rows = query.stream(&self.reader).await?;
            let (mut page, mut bytes) = (AuditPage { entries: Vec::new(), has_more: false }, 0);
            while let Some(row) = rows.try_next().await? {
                let values = [&row.before, &row.after];
                bytes += values.into_iter().flatten().map(String::len).sum::<usize>();
                let is_full = page.entries.len() == limit || bytes > PAGE_BYTES;
                // A page without an entry would lead nowhere.
                if is_full && !page.entries.is_empty() {
                    page.has_more = true;
                    break;
                }
                page.entries.push(from_row(row)?);
            }
            Ok(page)
        };
        with_timeout(READ_TIMEOUT, page).await
    }
}

impl Store {
    /// The entry that gave a slug to the budget that has it now. `None` if it had none before.
    pub async fn entry_of_slug(&self, slug: &str) -> Result<Option<i64>, StoreError> {
        use audit_entry::Column;
        // Within a text of JSON the quotes would be escaped.
        let gives_slug = format!("\"slug\":{}", serde_json::Value::from(slug));
        let query = audit_entry::Entity::find()
            .filter(Column::Budget.eq(slug))
            .filter(Column::Action.is_in(["budget.create", "budget.update", "budget.import"]))
            .filter(Column::After.contains(gives_slug))
            .order_by_desc(Column::Id);
        let row = with_timeout(READ_TIMEOUT, async { Ok(query.one(&self.reader).await?) }).await?;
        Ok(row.map(|row| row.id))
    }
}

impl AuditedTransaction {
    /// Names another actor in the entries that follow: somebody whose account this transaction has made.
    pub fn act_as(&mut self, actor: &Actor) {
        self.actor = actor.clone();
    }

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

fn from_row(row: audit_entry::Model) -> Result<AuditEntry, StoreError> {
    let json = |text: Option<String>| {
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        parsed.map_err(|error| StoreError::Corrupt("audit entry", error.to_string()))
    };
    Ok(AuditEntry {
        id: row.id,
        at: row.at,
        actor: row.actor,
        action: row.action,
        budget: row.budget,
        before: json(row.before)?,
        after: json(row.after)?,
    })
}
