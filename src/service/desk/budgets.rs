//! Creating, editing and running budgets.
//!
//! A change names its budget by number, as the role of the actor does: meanwhile another budget may have the slug.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    domain::{
        budget::{Budget, BudgetId, BudgetState, BudgetStatus, PresentedBudget},
        budget_draft::{BudgetDraft, DraftError, Problem, check, file, merge},
        desk::Actor,
        starter_budgets::StarterBudget,
        violation::Violation,
    },
    store::{
        Store, StoreError,
        audit::{AuditedChange, AuditedTransaction},
        budget_changes::{ChangedBudget, LockedBudget},
    },
};

/// What a new budget begins with.
#[derive(Debug, Clone)]
pub enum Beginning {
    /// The starter budget with this name.
    Template(String),
    /// The text of a budget file.
    File(String),
    /// The budget with this number.
    CopyOf(BudgetId),
    /// A draft without lines.
    Empty(Box<BudgetDraft>),
}

/// Why a budget was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such budget.
    #[error("there is no such budget")]
    Unknown,
    /// The change breaks rules.
    #[error("{}", messages(.0))]
    Invalid(Vec<Violation>),
    /// Somebody else has changed the same since.
    #[error("somebody else has changed the budget since: {}", .0.paths.join(", "))]
    Conflict(Box<Conflict>),
    /// People have answered, and the change would give their answers another meaning.
    #[error("{FROZEN}: {}", messages(.0))]
    Frozen(Vec<Violation>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What somebody else has changed in the meantime.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The version that is there now.
    pub version: i64,
    /// The parts of the draft that both have changed. Empty if it is not known which.
    pub paths: Vec<String>,
    /// The draft that is there now.
    pub draft: Value,
}

/// Why parts of a budget cannot be changed.
pub const FROZEN: &str = "People have answered this budget. What gives their answers a meaning stays as it is: the address, the keys of \
    the lines, their number and order, who may take part, the currency and the total. Copy the budget to ask in another way.";

/// Reads what a new budget begins with. `slug` is its own slug, if one was chosen; otherwise a free one is found.
pub async fn begin_with(store: &Store, beginning: Beginning, slug: Option<String>) -> Result<BudgetDraft, ChangeError> {
    let (mut draft, is_fixed) = match beginning {
        Beginning::Template(name) => {
            let unknown = || invalid("template", "UNKNOWN", format!("There is no template \"{name}\"."));
            (StarterBudget::named(&name).ok_or_else(unknown)?.draft(), false)
        }
        Beginning::File(text) => (
            file::parse(&text).map_err(|error| invalid("file", "FILE", format!("The file cannot be read. {error}")))?,
            true,
        ),
        Beginning::CopyOf(id) => {
            let budgets = store.presented_budgets().await?;
            let original = budgets.iter().find(|budget| budget.id == id).ok_or(ChangeError::Unknown)?;
            // The times were those of the original.
            (BudgetDraft { opens_at: None, closes_at: None, ..BudgetDraft::of(original) }, false)
        }
        Beginning::Empty(draft) => (*draft, true),
    };
    match slug {
        Some(slug) => draft.slug = slug,
        None if is_fixed => {}
        None => draft.slug = free_slug(store, &draft.slug).await?,
    }
    Ok(draft)
}

/// Stores a new budget as a draft.
pub async fn create(store: &Store, actor: &Actor, draft: BudgetDraft) -> Result<(), ChangeError> {
    refuse(check(&draft).into_iter().filter(|problem| problem.refused))?;
    let mut transaction = store.begin_audited(actor).await?;
    let (slug, after) = (draft.slug.clone(), draft.to_value());
    if transaction.transaction.is_slug_taken(&slug).await? {
        return Err(taken(&slug));
    }
    let inserted = transaction.transaction.insert_budget(&draft.into_new_budget(BudgetStatus::Draft)).await;
    inserted.map_err(|error| if error.is_taken() { taken(&slug) } else { error.into() })?;
    let entry = AuditedChange { action: "budget.create", budget: Some(slug), before: None, after: Some(after) };
    transaction.record(entry).await?;
    Ok(transaction.commit().await?)
}

/// Applies a merge patch (RFC 7396) of the draft. If the budget was changed since `version`, both changes are brought together;
/// what both have changed is a conflict. Returns the slug, which the patch may change.
pub async fn update(
    store: &Store,
    actor: &Actor,
    id: BudgetId,
    version: i64,
    patch: &Value,
) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    let draft = editing.patched(version, patch).await?;
    editing.save("budget.update", |budget| budget.draft = draft).await
}

/// Applies a merge patch to the budget that has this slug, as it is now.
pub async fn set(store: &Store, actor: &Actor, slug: &str, patch: &Value) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id_of(store, slug).await?).await?;
    let draft = editing.patched(editing.budget().version, patch).await?;
    editing.save("budget.update", |budget| budget.draft = draft).await
}

/// Takes everything that can be edited from a budget file.
pub async fn replace(store: &Store, actor: &Actor, draft: BudgetDraft) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id_of(store, &draft.slug).await?).await?;
    editing.save("budget.import", |budget| budget.draft = draft).await
}

/// Opens a draft: at once, or at the time that it has for it.
pub async fn open(store: &Store, actor: &Actor, id: BudgetId, version: i64) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    editing.require(&[BudgetState::Draft], "Only a draft can be opened.")?;
    editing.require_version(version)?;
    editing.save("budget.open", |budget| budget.status = BudgetStatus::Open).await
}

/// Sets times. A draft with a time of opening is published with it. See [`update`] for `version`.
pub async fn schedule(
    store: &Store,
    actor: &Actor,
    id: BudgetId,
    version: i64,
    times: &super::schedule::Times,
) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    let patch = times.patch(&editing.locked.presented).map_err(ChangeError::Invalid)?;
    let draft = editing.patched(version, &patch).await?;
    editing
        .save("budget.schedule", |budget| {
            if draft.opens_at.is_some() && budget.status == BudgetStatus::Draft {
                budget.status = BudgetStatus::Open;
            }
            budget.draft = draft;
        })
        .await
}

/// Takes no submissions until the budget is resumed.
pub async fn pause(store: &Store, actor: &Actor, id: BudgetId) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    let states = [BudgetState::Open, BudgetState::Scheduled, BudgetState::Paused];
    editing.require(&states, "Only an open budget can be paused.")?;
    let now = editing.now;
    editing.save("budget.pause", |budget| budget.paused_at = budget.paused_at.or(Some(now))).await
}

/// Takes submissions again.
pub async fn resume(store: &Store, actor: &Actor, id: BudgetId) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    editing.save("budget.resume", |budget| budget.paused_at = None).await
}

/// Ends a budget for good, now.
pub async fn close(store: &Store, actor: &Actor, id: BudgetId) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    let states = [BudgetState::Open, BudgetState::Scheduled, BudgetState::Paused, BudgetState::Closed];
    editing.require(&states, "Only a budget that was opened can be closed.")?;
    let now = editing.now;
    editing
        .save("budget.close", |budget| {
            budget.status = BudgetStatus::Closed;
            // The retention time is counted from it.
            budget.draft.closes_at = Some(budget.draft.closes_at.map_or(now, |closes_at| closes_at.min(now)));
        })
        .await
}

/// Takes a budget off the lists, or puts it back. Its address works in either case.
pub async fn archive(store: &Store, actor: &Actor, id: BudgetId, archived: bool) -> Result<String, ChangeError> {
    let editing = Editing::begin(store, actor, id).await?;
    let states = [BudgetState::Draft, BudgetState::Closed, BudgetState::Archived];
    editing.require(&states, "Close the budget before you archive it.")?;
    let (action, archived_at) =
        if archived { ("budget.archive", Some(editing.now)) } else { ("budget.unarchive", None) };
    editing
        .save(action, |budget| budget.archived_at = if archived { budget.archived_at.or(archived_at) } else { None })
        .await
}

/// Deletes a draft that nobody has answered.
pub async fn delete(store: &Store, actor: &Actor, id: BudgetId) -> Result<(), ChangeError> {
    let mut editing = Editing::begin(store, actor, id).await?;
    if editing.locked.presented.status != BudgetStatus::Draft || editing.locked.has_answers {
        return Err(wrong_state("Only a draft without answers can be deleted. Archive the budget instead."));
    }
    editing.transaction.transaction.delete_budget(&editing.locked).await?;
    let (budget, before) = (Some(editing.locked.presented.slug.clone()), Some(editing.before));
    editing.transaction.record(AuditedChange { action: "budget.delete", budget, before, after: None }).await?;
    Ok(editing.transaction.commit().await?)
}

/// What changes of a budget in one transaction.
struct Edited {
    draft: BudgetDraft,
    status: BudgetStatus,
    paused_at: Option<DateTime<Utc>>,
    archived_at: Option<DateTime<Utc>>,
}

/// A budget while it is changed.
struct Editing<'a> {
    transaction: AuditedTransaction,
    actor: &'a Actor,
    locked: LockedBudget,
    /// The draft before the change.
    before: Value,
    now: DateTime<Utc>,
}

impl<'a> Editing<'a> {
    async fn begin(store: &Store, actor: &'a Actor, id: BudgetId) -> Result<Self, ChangeError> {
        let transaction = store.begin_audited(actor).await?;
        let locked = transaction.transaction.lock_budget_for_change(id).await?.ok_or(ChangeError::Unknown)?;
        let (before, now) = (BudgetDraft::of(&locked.presented).to_value(), transaction.transaction.now().await?);
        Ok(Self { transaction, actor, locked, before, now })
    }

    fn budget(&self) -> &Budget {
        &self.locked.presented.budget
    }

    fn require(&self, states: &[BudgetState], message: &str) -> Result<(), ChangeError> {
        if states.contains(&self.budget().state(self.now)) { Ok(()) } else { Err(wrong_state(message)) }
    }

    fn require_version(&self, version: i64) -> Result<(), ChangeError> {
        if version == self.budget().version { Ok(()) } else { Err(self.conflict(Vec::new())) }
    }

    fn conflict(&self, paths: Vec<String>) -> ChangeError {
        let version = self.budget().version;
        ChangeError::Conflict(Box::new(Conflict { version, paths, draft: self.before.clone() }))
    }

    /// The draft with a patch that was written for this version of it.
    async fn patched(&self, version: i64, patch: &Value) -> Result<BudgetDraft, ChangeError> {
        if !patch.is_object() {
            return Err(invalid("patch", "PATCH", "A patch is an object with the members that change.".to_owned()));
        }
        let is_current = version == self.budget().version;
        let base = if is_current {
            Some(self.before.clone())
        } else {
            self.transaction.transaction.draft_of_version(self.budget().id, version).await?
        };
        let base = base.ok_or_else(|| self.conflict(Vec::new()))?;
        let mut mine = base.clone();
        merge::apply_patch(&mut mine, patch);
        let merged = if is_current {
            mine
        } else {
            merge::three_way(&base, &mine, &self.before).map_err(|paths| self.conflict(paths))?
        };
        BudgetDraft::from_value(merged)
            .map_err(|DraftError { path, message }| ChangeError::Invalid(vec![Violation::new(path, "FORM", message)]))
    }

    /// Checks and stores the change together with its entry in the audit log. A change of nothing is not stored.
    async fn save(mut self, action: &'static str, change: impl FnOnce(&mut Edited)) -> Result<String, ChangeError> {
        let budget = &self.locked.presented;
        let mut edited = Edited {
            draft: BudgetDraft::of(budget),
            status: budget.status,
            paused_at: budget.paused_at,
            archived_at: budget.archived_at,
        };
        change(&mut edited);
        self.check(&edited).await?;
        let (slug, after) = (edited.draft.slug.clone(), edited.draft.to_value());
        let is_unchanged = after == self.before
            && (edited.status, edited.paused_at, edited.archived_at)
                == (budget.status, budget.paused_at, budget.archived_at);
        if is_unchanged {
            return Ok(slug);
        }
        let changed = ChangedBudget {
            budget: edited.draft.into_new_budget(edited.status),
            paused_at: edited.paused_at,
            archived_at: edited.archived_at,
        };
        let entry = self.entry(action, &after, &changed);
        let saved = self.transaction.transaction.save_budget(&self.locked, self.before, &changed, self.actor).await;
        saved.map_err(|error| if error.is_taken() { taken(&slug) } else { error.into() })?;
        self.transaction.record(entry).await?;
        self.transaction.commit().await?;
        Ok(slug)
    }

    async fn check(&self, edited: &Edited) -> Result<(), ChangeError> {
        let budget = &self.locked.presented;
        let problems = check(&edited.draft);
        if edited.status == BudgetStatus::Draft {
            refuse(problems.into_iter().filter(|problem| problem.refused))?;
        } else {
            // What was wrong already, for example because it was written by hand, does not hold up other changes.
            let known = if budget.status == BudgetStatus::Draft { Vec::new() } else { check(&BudgetDraft::of(budget)) };
            let is_new = |problem: &Problem| !known.contains(problem);
            refuse(problems.into_iter().filter(|problem| problem.blocking && is_new(problem)))?;
        }
        if budget.status == BudgetStatus::Draft && edited.status == BudgetStatus::Open {
            let ends = edited.draft.closes_at.is_some_and(|closes_at| closes_at <= self.now);
            refuse_if(ends, "closesAt", "WINDOW", "This time is over. Take a later one.")?;
        }
        if edited.status != BudgetStatus::Draft && edited.draft.closes_at != budget.closes_at {
            // The retention time is counted from it: with a time long ago the submissions would be deleted at once.
            let is_past = edited.draft.closes_at.is_some_and(|closes_at| closes_at < self.now);
            refuse_if(is_past, "closesAt", "WINDOW", "This time is over. Take a later one, or close the budget now.")?;
        }
        if self.budget().is_closed(self.now) {
            let moves = edited.draft.closes_at != budget.closes_at && budget.closes_at.is_some();
            let message =
                "The budget has closed, and stays so: people have been told the result. Copy it to ask again.";
            refuse_if(moves || edited.draft.opens_at != budget.opens_at, "closesAt", "CLOSED", message)?;
        }
        if self.locked.has_answers {
            let is_account = self.actor.account().is_some();
            let frozen = frozen_changes(&BudgetDraft::of(budget), &edited.draft, is_account);
            if !frozen.is_empty() {
                return Err(ChangeError::Frozen(frozen));
            }
        }
        if edited.draft.slug != budget.slug && self.transaction.transaction.is_slug_taken(&edited.draft.slug).await? {
            return Err(taken(&edited.draft.slug));
        }
        Ok(())
    }

    fn entry(&self, action: &'static str, after: &Value, changed: &ChangedBudget) -> AuditedChange {
        let before = self.budget();
        let now_budget = Budget {
            status: changed.budget.status,
            opens_at: changed.budget.opens_at,
            closes_at: changed.budget.closes_at,
            paused_at: changed.paused_at,
            archived_at: changed.archived_at,
            ..before.clone()
        };
        let (mut was, mut is) = merge::difference(&self.before, after);
        let states = [before.state(self.now), now_budget.state(self.now)];
        if states[0] != states[1]
            && let (Value::Object(was), Value::Object(is)) = (&mut was, &mut is)
        {
            was.insert("state".to_owned(), json!(states[0].name()));
            is.insert("state".to_owned(), json!(states[1].name()));
        }
        AuditedChange { action, budget: Some(changed.budget.slug.clone()), before: Some(was), after: Some(is) }
    }
}

/// The parts of a budget whose change would give answers another meaning, or would show single answers that were given in the
/// trust that only groups of them are shown. Whoever has the command line has the answers too.
fn frozen_changes(before: &BudgetDraft, after: &BudgetDraft, is_account: bool) -> Vec<Violation> {
    let keys = |draft: &BudgetDraft| draft.categories.iter().map(|category| category.key.clone()).collect::<Vec<_>>();
    let parts = [
        ("slug", before.slug != after.slug, "The address stays, because people have it."),
        ("categories", keys(before) != keys(after), "The keys of the lines, their number and their order stay."),
        ("participation", before.participation != after.participation, "Who may take part stays."),
        ("currency", before.currency != after.currency, "The currency stays."),
        ("totalAmount", before.total_amount != after.total_amount, "The total stays."),
        (
            "publishEvery",
            is_account && after.publish_every < before.publish_every,
            "People have answered in the trust that results are shown for so many answers together. The number can only rise.",
        ),
    ];
    let changed = parts.into_iter().filter(|(_, is_changed, _)| *is_changed);
    changed.map(|(path, _, message)| Violation::new(path, "FROZEN", message)).collect()
}

/// Every problem of a budget, for the desk.
pub fn problems(budget: &PresentedBudget) -> Vec<Problem> {
    check(&BudgetDraft::of(budget))
}

async fn id_of(store: &Store, slug: &str) -> Result<BudgetId, ChangeError> {
    let budgets = store.budgets().await?;
    budgets.iter().find(|budget| budget.slug == slug).map(|budget| budget.id).ok_or(ChangeError::Unknown)
}

/// The slug, or the first one with a number behind it that no budget has.
async fn free_slug(store: &Store, slug: &str) -> Result<String, ChangeError> {
    let budgets = store.budgets().await?;
    let is_free = |slug: &String| budgets.iter().all(|budget| budget.slug != *slug);
    let numbered = (2..).map(|number| format!("{}-{number}", slug.get(..56).unwrap_or(slug).trim_end_matches('-')));
    Ok(std::iter::once(slug.to_owned()).chain(numbered).find(is_free).unwrap_or_default())
}

fn refuse(problems: impl Iterator<Item = Problem>) -> Result<(), ChangeError> {
    let violations: Vec<Violation> =
        problems.map(|problem| Violation::new(problem.path, problem.rule, problem.message)).collect();
    if violations.is_empty() { Ok(()) } else { Err(ChangeError::Invalid(violations)) }
}

fn refuse_if(broken: bool, path: &str, rule: &'static str, message: &str) -> Result<(), ChangeError> {
    if broken { Err(invalid(path, rule, message.to_owned())) } else { Ok(()) }
}

fn wrong_state(message: &str) -> ChangeError {
    invalid("budget", "STATE", message.to_owned())
}

fn taken(slug: &str) -> ChangeError {
    invalid("slug", "TAKEN", format!("Another budget has the address \"{slug}\". Take another one."))
}

fn invalid(path: &str, rule: &'static str, message: String) -> ChangeError {
    ChangeError::Invalid(vec![Violation::new(path, rule, message)])
}

fn messages(violations: &[Violation]) -> String {
    let line = |violation: &Violation| format!("{}: {}", violation.path, violation.message);
    violations.iter().map(line).collect::<Vec<_>>().join("\n")
}
