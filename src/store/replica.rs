//! Reading from a replica what may be a moment old, and from the database itself while the replica does not answer.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::DatabaseConnection;
use tokio::time::Instant;

use super::{Store, StoreError, within};

/// Before a replica counts as away.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// How long nobody waits for one that was found away.
const PASS_OVER: Duration = Duration::from_secs(10);

/// Connections to a replica.
#[derive(Clone)]
pub(super) struct Replica {
    pub(super) connection: DatabaseConnection,
    found_away: Arc<Mutex<Option<Instant>>>,
}

impl Replica {
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self { connection, found_away: Arc::default() }
    }

    fn is_worth_asking(&self) -> bool {
        self.found_away().is_none_or(|found| found.elapsed() >= PASS_OVER)
    }

    fn found_away(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.found_away.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Reads with what `read` begins on a connection.
    pub(super) async fn reading_from_replica<'a, T, F>(
        &'a self,
        read: impl Fn(&'a DatabaseConnection) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        if let Some(replica) = self.replica.as_ref().filter(|replica| replica.is_worth_asking()) {
            match within(PATIENCE, read(&replica.connection)).await {
                Ok(value) => return Ok(value),
                Err(error) => {
                    tracing::warn!(%error, "the replica is passed over for {} s", PASS_OVER.as_secs());
                    *replica.found_away() = Some(Instant::now());
                }
            }
        }
        read(&self.reader).await
    }
}
