//! Deletes what is kept longer than the retention time of its budget. Nodes that fold do this once a minute by themselves.

use super::{Context, JobError};

pub(super) async fn perform(context: &Context) -> Result<String, JobError> {
    let deleted = context.ledger.delete_expired().await?;
    Ok(format!("{deleted} submissions were deleted"))
}
