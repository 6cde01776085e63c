//! Every night, and when the desk asks: recounts budgets and says whether their aggregates differ.

use super::{Context, JobError};
use crate::store::jobs::DRIFT;

pub(super) async fn perform(context: &Context) -> Result<String, JobError> {
    let (budgets, mut drifted) = (context.budgets().await?, Vec::new());
    for budget in &budgets {
        let found = context.ledger.verify(budget, || context.progress.step()).await?;
        if !found.drift.is_zero() {
            drifted.push(budget.slug.as_str());
        }
    }
    if drifted.is_empty() {
        return Ok(format!("no drift ({} budgets)", budgets.len()));
    }
    tracing::error!(budgets = drifted.join(", "), "an aggregate differs from the recount: rebuild it");
    Ok(format!("{DRIFT}{}", drifted.join(", ")))
}
