//! Which budgets there are, remembered for a second: every request needs them and they hardly ever change.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use crate::{
    domain::budget::{BudgetStatus, PresentedBudget},
    store::{self, Store, StoreError},
};

const MAX_AGE: Duration = Duration::from_secs(1);
/// For the database, before what was known last is used: less than the refresh has, which asks first.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The budgets of the store, at most a second old while the database answers.
pub struct Catalogue {
    store: Store,
    known: RwLock<Option<(Instant, Budgets)>>,
    /// How often they were forgotten: what was read before the last time is not remembered.
    forgotten: AtomicU64,
    /// One caller reads the database, the others wait for its answer.
    reading: tokio::sync::Mutex<()>,
    /// The same budgets, for who wants to know of a change.
    changes: watch::Sender<Option<Budgets>>,
}

/// Every budget, drafts too, oldest first.
pub type Budgets = Arc<[Arc<PresentedBudget>]>;

impl Catalogue {
    /// Nothing is read before it is asked for.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: RwLock::new(None),
            forgotten: AtomicU64::new(0),
            reading: tokio::sync::Mutex::new(()),
            changes: watch::channel(None).0,
        }
    }

    /// Every budget, drafts too, oldest first. Without a database the last known ones.
    pub async fn all(&self) -> Result<Budgets, StoreError> {
        if let Some(budgets) = self.known(MAX_AGE) {
            return Ok(budgets);
        }
        let _reading = self.reading.lock().await;
        if let Some(budgets) = self.known(MAX_AGE) {
            return Ok(budgets);
        }
        let forgotten = self.forgotten.load(Ordering::Acquire);
        match store::within(PATIENCE, self.store.presented_budgets()).await {
            Ok(budgets) => {
                let budgets: Budgets = budgets.into_iter().map(Arc::new).collect();
                self.remember(&budgets, forgotten);
                Ok(budgets)
            }
            Err(error) => match self.known(Duration::MAX) {
                Some(budgets) => {
                    tracing::warn!(%error, "budgets could not be read; the last known ones are used");
                    // Remembered anew, so that not every request waits for a database that is gone.
                    self.remember(&budgets, forgotten);
                    Ok(budgets)
                }
                None => Err(error),
            },
        }
    }

    /// The budget with this slug, a draft too.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<Arc<PresentedBudget>>, StoreError> {
        Ok(self.all().await?.iter().find(|budget| budget.slug == slug).cloned())
    }

    /// The budget with this slug, where people may see it.
    pub async fn visible(&self, slug: &str) -> Result<Option<Arc<PresentedBudget>>, StoreError> {
        Ok(self.by_slug(slug).await?.filter(|budget| is_visible(budget)))
    }

    /// The budgets that people may see, oldest first.
    pub async fn all_visible(&self) -> Result<Vec<Arc<PresentedBudget>>, StoreError> {
        Ok(self.all().await?.iter().filter(|budget| is_visible(budget)).cloned().collect())
    }

    /// Makes the next reader ask the database.
    pub fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        *known = None;
    }

    fn known(&self, max_age: Duration) -> Option<Budgets> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(read, _)| read.elapsed() < max_age).map(|(_, budgets)| Arc::clone(budgets))
    }

    /// Tells of every change that is found, at most a second after it was made while somebody asks.
    pub fn changes(&self) -> watch::Receiver<Option<Budgets>> {
        self.changes.subscribe()
    }

    fn remember(&self, budgets: &Budgets, forgotten: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::Acquire) != forgotten {
            return;
        }
        *known = Some((Instant::now(), Arc::clone(budgets)));
        self.changes.send_if_modified(|known| {
            let differs = known.as_ref() != Some(budgets);
            if differs {
                *known = Some(Arc::clone(budgets));
            }
            differs
        });
    }
}

/// The one rule of who sees which budget: a draft is shown to nobody.
fn is_visible(budget: &PresentedBudget) -> bool {
    budget.status != BudgetStatus::Draft
}
