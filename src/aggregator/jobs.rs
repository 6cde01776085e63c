//! Jobs that a command left. They run beside the folding, which goes on however long they take.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    bus::Bus,
    store::{
        self, Store, StoreError,
        jobs::{ClaimedJob, REBUILD},
    },
};

/// How often to look for a job.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// For the look.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Does one job after the other until the token is cancelled. A job that is then under way is left to another node or to
/// the next start.
pub async fn run(store: Store, bus: Bus, stop: CancellationToken) {
    let mut poll = tokio::time::interval(POLL_INTERVAL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            poll.tick().await;
            // That the database is away is the refresh's to tell.
            let Ok(Some(job)) = store::within(TIMEOUT, store.claim_job()).await else { continue };
            let (id, kind) = (job.id, job.kind.clone());
            if let Err(error) = run_job(&store, &bus, job).await {
                tracing::error!(job = id, kind, %error, "how the job ended could not be stored; it is done again");
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn run_job(store: &Store, bus: &Bus, job: ClaimedJob) -> Result<(), StoreError> {
    let outcome = match job.kind.as_str() {
        REBUILD => rebuild_all(store, bus).await,
        kind => Err(format!("this version knows no job \"{kind}\"")),
    };
    let result = match outcome {
        Ok(result) => {
            tracing::info!(job = job.id, kind = job.kind, result, "job done");
            result
        }
        Err(error) => {
            tracing::error!(job = job.id, kind = job.kind, error, "job failed");
            format!("failed: {error}")
        }
    };
    store.finish_job(job, &result).await
}

/// Rebuilds every budget. One that fails does not keep the others from it.
async fn rebuild_all(store: &Store, bus: &Bus) -> Result<String, String> {
    let budgets = store.budgets().await.map_err(|error| error.to_string())?;
    let (mut drifted, mut failures) = (0, Vec::new());
    for budget in budgets {
        match super::rebuild(store, bus, &budget, || {}).await {
            Ok(found) if found.drift.is_zero() => {}
            Ok(_) => drifted += 1,
            Err(error) => failures.push(format!("budget \"{}\": {error}", budget.slug)),
        }
    }
    let summary = format!("{drifted} budgets had drifted");
    if failures.is_empty() { Ok(summary) } else { Err(format!("{}; {summary}", failures.join("; "))) }
}
