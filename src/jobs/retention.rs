//! Deletes what is kept longer than the retention time of its budget. Nodes that fold do this once a minute by themselves.

use super::{Context, JobError};
use crate::domain::job_outcome::JobOutcome;

pub(super) async fn perform(context: &Context) -> Result<String, JobError> {
    let deleted = context.ledger.delete_expired().await?;
    let submissions = i64::try_from(deleted).unwrap_or(i64::MAX);
    Ok(JobOutcome::Deleted { submissions }.to_string())
}
