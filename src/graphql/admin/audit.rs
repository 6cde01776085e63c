//! The audit log: who changed what at the desk.

use async_graphql::{Context, ID, Json, Object, SimpleObject, connection::PageInfo};

use super::{caller::DeskCaller, ids, invalid};
use crate::{
    domain::desk::Role,
    fault::Fault,
    graphql::types::date_time::Timestamp,
    service::Services,
    store::audit::{AuditEntry as StoredEntry, AuditFilter, AuditPage},
};

const MAX_PAGE: i32 = 200;

#[derive(Default)]
pub struct AuditQuery;

/// A page of the audit log, the newest entry first.
#[derive(SimpleObject)]
struct AuditConnection {
    /// The entries.
    nodes: Vec<AuditEntry>,
    /// Whether there are more entries, and the cursor to continue with.
    page_info: PageInfo,
}

/// One change at the desk.
#[derive(SimpleObject)]
struct AuditEntry {
    /// Identifies the entry.
    id: ID,
    /// When the change was made.
    at: Timestamp,
    /// The name of the account at that time. `console:` is the command line, `system:` is the server itself.
    actor: String,
    /// What was done, for example `budget.open`.
    action: String,
    /// The slug of the budget.
    budget: Option<String>,
    /// What was changed, as it was before.
    before: Option<Json<serde_json::Value>>,
    /// What was changed, as it is now.
    after: Option<Json<serde_json::Value>>,
}

#[Object]
impl AuditQuery {
    /// The audit log, the newest entry first. An owner of the installation sees all of it. The organisers of a budget see what
    /// was done to it. A page has fewer entries than `first` where they say much; the cursor goes on all the same.
    #[allow(clippy::too_many_arguments)] // each is a filter of its own
    async fn audit_log(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many entries, 1 to 200.", default = 50)] first: i32,
        #[graphql(desc = "Only entries older than this cursor.")] after: Option<String>,
        #[graphql(desc = "Only entries about the budget with this slug.")] budget: Option<String>,
        #[graphql(desc = "Only entries of this account.")] account: Option<ID>,
        #[graphql(desc = "Only entries of this action, for example `budget.open`.")] action: Option<String>,
        #[graphql(desc = "Only entries of this time or later.")] since: Option<Timestamp>,
        #[graphql(desc = "Only entries before this time.")] until: Option<Timestamp>,
    ) -> Result<AuditConnection, Fault> {
        let (caller, store) = (context.data_unchecked::<DeskCaller>(), &context.data_unchecked::<Services>().store);
        let mut since_entry = None;
        if let Err(forbidden) = caller.in_installation(Role::Owner) {
            let slug = budget.as_ref().ok_or(forbidden)?;
            let budgets = store.budgets().await?;
            let found = budgets.iter().find(|budget| budget.slug == *slug).ok_or_else(Fault::unknown_budget)?;
            caller.in_budget(found.id, Role::Organiser)?;
            // Earlier entries are about another budget, which had this slug before it was deleted or renamed.
            since_entry = store.entry_of_slug(slug).await?;
        }
        let limit = usize::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first)).ok_or_else(|| {
            invalid("first", "RANGE", format!("{first} entries are not possible. Ask for 1 to {MAX_PAGE}."))
        })?;
        let after = after.map(|after| after.parse()).transpose().map_err(|_| {
            invalid("after", "CURSOR", "This is not a cursor of this list. Use an `endCursor` that it returned.")
        })?;
        let filter = AuditFilter {
            budget,
            since_entry,
            account: account.map(|id| ids::decode(&id)).transpose()?,
            action,
            since: since.map(|since| since.0),
            until: until.map(|until| until.0),
        };
        let AuditPage { entries, has_more } = store.audit_entries(&filter, after, limit).await?;
        let cursor = |row: Option<&StoredEntry>| row.map(|row| row.id.to_string());
        let page_info = PageInfo {
            has_previous_page: after.is_some(),
            has_next_page: has_more,
            start_cursor: cursor(entries.first()),
            end_cursor: cursor(entries.last()),
        };
        Ok(AuditConnection { nodes: entries.into_iter().map(AuditEntry::of).collect(), page_info })
    }
}

impl AuditEntry {
    fn of(row: StoredEntry) -> Self {
        Self {
            id: ID(format!("AuditEntry:{}", row.id)),
            at: Timestamp(row.at),
            actor: row.actor,
            action: row.action,
            budget: row.budget,
            before: row.before.map(Json),
            after: row.after.map(Json),
        }
    }
}
