//! `rebuild --async`, and a rebuild from the desk: recounts budgets and mends their aggregates.

use super::{Context, JobError};
use crate::domain::job_outcome::JobOutcome;

/// A budget that fails does not keep the others from being rebuilt.
pub(super) async fn perform(context: &Context) -> Result<String, JobError> {
    let (mut drifted, mut failures, mut is_transient) = (0, Vec::new(), true);
    for budget in context.budgets().await? {
        match context.ledger.rebuild(&budget, || context.progress.step()).await.map_err(JobError::from) {
            Ok(found) if found.drift.is_zero() => {}
            Ok(_) => drifted += 1,
            Err(error) => {
                failures.push(format!("budget \"{}\": {}", budget.slug, error.message));
                is_transient &= error.is_transient;
            }
        }
    }
    let summary = JobOutcome::Rebuilt { drifted }.to_string();
    if failures.is_empty() {
        return Ok(summary);
    }
    Err(JobError { message: format!("{}; {summary}", failures.join("; ")), is_transient })
}
