//! Every night, and when the desk asks: recounts budgets and says whether their aggregates differ.

use super::{Context, JobError};
use crate::domain::job_outcome::JobOutcome;

pub(super) async fn perform(context: &Context) -> Result<String, JobError> {
    let (budgets, mut drifted) = (context.budgets().await?, Vec::new());
    for budget in &budgets {
        let found = context.ledger.verify(budget, || context.progress.step()).await?;
        if !found.drift.is_zero() {
            drifted.push(budget.slug.as_str());
        }
    }
    if drifted.is_empty() {
        let budgets = i64::try_from(budgets.len()).unwrap_or(i64::MAX);
        return Ok(JobOutcome::NoDrift { budgets }.to_string());
    }
    tracing::error!(budgets = drifted.join(", "), "an aggregate differs from the recount: rebuild it");
    let budgets = drifted.into_iter().map(str::to_owned).collect();
    Ok(JobOutcome::Drift { budgets }.to_string())
}
