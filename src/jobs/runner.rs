//! Does the jobs, one at a time, in a task of its own: a job may take minutes, and folds must not wait for it.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use uuid::Uuid;

use super::{Context, JobError, Kind, Progress, schedule};
use crate::{
    domain::job_outcome::JobOutcome,
    ledger::Ledger,
    store::{
        self, Store, StoreError,
        jobs::{AttemptEnd, ClaimedJob},
    },
};

/// The time between two checks for a job.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// For each statement about a job.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The time between two extensions of a claim: many may fail before the claim ends. People watch the progress that they store.
const EXTEND_INTERVAL: Duration = Duration::from_millis(250);
const MAX_ATTEMPTS: i32 = 5;
/// The pause after the first failed attempt. It doubles with each further one.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Does jobs.
pub struct Runner {
    store: Store,
    ledger: Ledger,
    /// The number of this node, so that people see where a job runs.
    node: Uuid,
}

impl Runner {
    /// Does the jobs of this store, as the node with this number.
    pub fn new(store: Store, ledger: Ledger, node: Uuid) -> Self {
        Self { store, ledger, node }
    }

    /// Does jobs until the token is cancelled. A job that is then unfinished is left to another node or the next start.
    pub async fn run(self, stop: CancellationToken) {
        let mut poll = tokio::time::interval(POLL_INTERVAL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut scheduled = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = poll.tick() => {}
            }
            if let Err(error) = store::with_timeout(TIMEOUT, self.schedule(&mut scheduled)).await {
                tracing::debug!(%error, "jobs are scheduled later");
            }
            // The refresh logs that the database is away.
            while matches!(self.perform_one(&stop).await, Ok(true)) {}
        }
    }

    /// Adds the job that must be there now, unless it was the last one that this node added.
    async fn schedule(&self, last: &mut Option<(Kind, NaiveDate)>) -> Result<(), StoreError> {
        let due = schedule::due_at(self.store.now().await?);
        if let Some((kind, day)) = due.filter(|_| due != *last) {
            self.store.schedule_job(kind.name(), day).await?;
            *last = due;
        }
        Ok(())
    }

    /// Makes one attempt at the next job that is due; returns whether there was one.
    pub async fn perform_one(&self, stop: &CancellationToken) -> Result<bool, StoreError> {
        let Some(job) = store::with_timeout(TIMEOUT, self.store.claim_job(self.node)).await? else { return Ok(false) };
        let progress = Progress::default();
        let outcome = tokio::select! {
            outcome = self.attempt(&job, progress.clone()) => outcome,
            () = self.keep_claim(&job, &progress) => return Ok(true),
            () = stop.cancelled() => {
                store::with_timeout(TIMEOUT, self.store.release_job(&job)).await?;
                return Ok(false);
            }
        };
        let end = end_of(&job, outcome);
        log(&job, &end);
        let stored = store::with_timeout(TIMEOUT, self.store.end_attempt(&job, progress.steps(), &end)).await;
        if let Err(error) = &stored {
            tracing::error!(job = job.id, %error, "how the job ended was not stored; it is done again");
        }
        stored.map(|()| true)
    }

    async fn attempt(&self, job: &ClaimedJob, progress: Progress) -> Result<String, JobError> {
        let permanent = |message| JobError { message, is_transient: false };
        if job.attempt > MAX_ATTEMPTS {
            let outcome = JobOutcome::AttemptsExhausted { attempts: i64::from(MAX_ATTEMPTS) };
            return Err(permanent(outcome.to_string()));
        }
        let kind = Kind::from_name(&job.kind)
            .ok_or_else(|| permanent(format!("this version knows no job \"{}\"", job.kind)))?;
        let (store, ledger, budget) = (self.store.clone(), self.ledger.clone(), job.budget.clone());
        let context = Context { store, ledger, budget, progress };
        // In a task, so that a panic ends the attempt and not the runner.
        let performed = AbortOnDropHandle::new(tokio::spawn(kind.perform(context))).await;
        performed.unwrap_or_else(|error| Err(JobError { message: error.to_string(), is_transient: true }))
    }

    /// Extends the claim for as long as it can be; returns when another process has it.
    async fn keep_claim(&self, job: &ClaimedJob, progress: &Progress) {
        loop {
            tokio::time::sleep(EXTEND_INTERVAL).await;
            let extended = self.store.extend_claim(job, progress.steps(), progress.total());
            if let Ok(false) = store::with_timeout(TIMEOUT, extended).await {
                tracing::warn!(job = job.id, kind = job.kind, "another process took over the job");
                return;
            }
        }
    }
}

fn end_of(job: &ClaimedJob, outcome: Result<String, JobError>) -> AttemptEnd {
    match outcome {
        Ok(result) => AttemptEnd::Done(result),
        Err(JobError { message: error, is_transient: true }) if job.attempt < MAX_ATTEMPTS => {
            AttemptEnd::Retry { error, pause: pause_after(job.attempt) }
        }
        Err(JobError { message, .. }) => AttemptEnd::Failed(message),
    }
}

fn log(job: &ClaimedJob, end: &AttemptEnd) {
    let ClaimedJob { id, kind, attempt, .. } = job;
    match end {
        AttemptEnd::Done(result) => tracing::info!(job = id, kind, result, "job done"),
        AttemptEnd::Failed(error) => tracing::error!(job = id, kind, error, "job failed"),
        AttemptEnd::Retry { error, pause } => {
            tracing::warn!(
                job = id,
                kind,
                attempt,
                error,
                "job failed; it is tried again in {} s",
                pause.num_seconds()
            );
        }
    }
}

fn pause_after(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.clamp(1, MAX_ATTEMPTS) - 1).unwrap_or(0);
    FIRST_PAUSE * 2_i32.pow(doublings)
}
