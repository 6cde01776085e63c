//! A budget while it runs: its figures, and what needs attention.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    clock,
    domain::{
        budget::{BudgetStatus, PresentedBudget},
        job_outcome::JobOutcome,
    },
    service::Services,
    store::{
        StoreError,
        jobs::{Job, VERIFY},
    },
};

/// Minutes of which submissions are counted one by one.
const MINUTES: u16 = 60;
/// The time before the end of a window in which organisers are told of it.
const SOON: TimeDelta = TimeDelta::hours(24);
/// The figures of a budget at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveFigures {
    /// Ballots that count.
    pub participants: i64,
    /// Ledger rows.
    pub submissions: i64,
    /// Ballots in the published statistics.
    pub shown_participants: i64,
    /// Submissions in each of the last minutes, the oldest first.
    pub per_minute: Vec<(DateTime<Utc>, i64)>,
    /// Submissions that replaced an earlier one of the same participant.
    pub revised: i64,
    /// How often the form was opened, by language.
    pub views: Vec<(String, i64)>,
    /// The time of the snapshot.
    pub as_of: DateTime<Utc>,
}

/// Why a budget needs attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttentionKind {
    /// Cohorts were flagged.
    Flags,
    /// The budget closes soon.
    ClosesSoon,
    /// The aggregate differs from a recount.
    Drift,
    /// The database does not answer.
    Storage,
}

/// Something that needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attention {
    /// Why.
    pub kind: AttentionKind,
    /// A sentence for organisers.
    pub message: String,
    /// Since when, or when it will be.
    pub at: DateTime<Utc>,
}

/// The figures of a budget.
pub async fn figures(services: &Services, budget: &PresentedBudget) -> Result<LiveFigures, StoreError> {
    let snapshot = services.aggregates.current(budget).await?.snapshot;
    let excluded: i64 = budget.exclusions.iter().map(|exclusion| exclusion.count).sum();
    // Each voice has a first submission; every other one replaced an earlier one.
    let voices = snapshot.participants.saturating_add(excluded);
    Ok(LiveFigures {
        participants: snapshot.participants,
        submissions: snapshot.submissions,
        shown_participants: snapshot.shown_participants,
        per_minute: services.store.submissions_by_minute(budget.id, MINUTES).await?,
        revised: snapshot.submissions.saturating_sub(voices).max(0),
        views: services.store.form_views(budget.id).await?,
        as_of: snapshot.as_of,
    })
}

/// What needs attention in a budget. While the database is away, that alone.
pub async fn attention(services: &Services, budget: &PresentedBudget) -> Vec<Attention> {
    match look(services, budget).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "what needs attention is not known");
            let message =
                "The database does not answer. Answers cannot be stored, and the numbers are the last known ones.";
            let at = clock::now();
            vec![Attention { kind: AttentionKind::Storage, message: message.to_owned(), at }]
        }
    }
}

async fn look(services: &Services, budget: &PresentedBudget) -> Result<Vec<Attention>, StoreError> {
    let now = services.store.now().await?;
    let mut found = Vec::new();
    let flags = services.store.flagged_hours(budget.id).await?;
    let recent: Vec<_> = flags.iter().filter(|flag| flag.hour > now - SOON).collect();
    if let Some(newest) = recent.first() {
        let message =
            format!("{} cohorts of new voices were flagged within 24 hours: look at the answers.", recent.len());
        found.push(Attention { kind: AttentionKind::Flags, message, at: newest.hour });
    }
    let closing = budget.closes_at.filter(|at| *at > now && *at <= now + SOON && budget.status == BudgetStatus::Open);
    if let Some(at) = closing {
        let message = "The budget closes within 24 hours.".to_owned();
        found.push(Attention { kind: AttentionKind::ClosesSoon, message, at });
    }
    if let Some(job) = services.store.last_ended_job(VERIFY).await?.filter(|job| tells_of_drift(job, &budget.slug)) {
        let message = "The published numbers differ from a recount: start the job that rebuilds them.".to_owned();
        found.push(Attention { kind: AttentionKind::Drift, message, at: job.finished_at.unwrap_or(job.created_at) });
    }
    Ok(found)
}

fn tells_of_drift(job: &Job, slug: &str) -> bool {
    let outcome = job.result.as_deref().and_then(JobOutcome::parse);
    matches!(outcome, Some(JobOutcome::Drift { budgets }) if budgets.iter().any(|drifted| drifted == slug))
}
