//! Reads that may be a moment old go to a replica, or to the database itself while the replica does not answer.

use std::{sync::Arc, time::Duration};

use parking_lot::{Mutex, MutexGuard};
use sea_orm::DatabaseConnection;
use tokio::time::Instant;

use super::{Store, StoreError, with_timeout};

pub(super) const TIMEOUT: Duration = Duration::from_secs(2);
/// A replica that did not answer is not asked again for this time.
const PASS_OVER: Duration = Duration::from_secs(10);

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

    fn found_away(&self) -> MutexGuard<'_, Option<Instant>> {
        self.found_away.lock()
    }
}

impl Store {
    /// Runs `read` on the replica, and again on the database if the replica fails.
    pub(super) async fn reading_from_replica<'a, T, F>(
        &'a self,
        read: impl Fn(&'a DatabaseConnection) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        if let Some(replica) = self.replica.as_ref().filter(|replica| replica.is_worth_asking()) {
            match with_timeout(TIMEOUT, read(&replica.connection)).await {
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use sea_orm::DbBackend;

    use super::*;

    #[tokio::test]
    async fn a_replica_that_was_away_is_asked_again_after_a_while_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/t.db?mode=rwc", folder.path().display());
        let store =
            Store::connect(&url).await.unwrap().with_replica("postgres://nobody@127.0.0.1:1/none").await.unwrap();
        tokio::time::pause();
        let asked = AtomicUsize::new(0);
        for (wait, times_asked) in [(0, 1), (0, 1), (9, 1), (2, 2), (0, 2)] {
            tokio::time::advance(Duration::from_secs(wait)).await;
            let answered_by = store
                .reading_from_replica(async |connection: &DatabaseConnection| {
                    if connection.get_database_backend() == DbBackend::Postgres {
                        asked.fetch_add(1, Ordering::Relaxed);
                        return std::future::pending().await;
                    }
                    Ok("the database")
                })
                .await;
            assert_eq!(answered_by.unwrap(), "the database");
            assert_eq!(asked.load(Ordering::Relaxed), times_asked);
        }
    }
}
