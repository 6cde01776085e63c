//! A cache of all budgets: every request needs them, and they rarely change.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::RwLock;
use tokio::{sync::watch, time::Instant};

use crate::{
    clock,
    domain::{
        budget::{BudgetStatus, PresentedBudget},
        visibility::ResultVisibility,
    },
    store::{self, Store, StoreError},
};

const MAX_AGE: Duration = Duration::from_secs(1);
/// For the database; then the last known budgets are used. Less than the time-out of the refresh, which reads them first.
const TIMEOUT: Duration = Duration::from_millis(1500);

/// The budgets, at most a second old while the database answers.
pub struct Catalogue {
    store: Store,
    cached: RwLock<Option<(Instant, Budgets)>>,
    /// Rises with each invalidation. A read that began in an earlier generation is not stored.
    generation: AtomicU64,
    /// One caller at a time reads the database; the others wait for it.
    in_flight: tokio::sync::Mutex<()>,
    /// The same budgets, for those who wait for a change.
    changes: watch::Sender<Option<Budgets>>,
}

/// Every budget, drafts too, oldest first.
pub type Budgets = Arc<[Arc<PresentedBudget>]>;

impl Catalogue {
    /// An empty cache, which reads the store when it is first asked.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            cached: RwLock::new(None),
            generation: AtomicU64::new(0),
            in_flight: tokio::sync::Mutex::new(()),
            changes: watch::channel(None).0,
        }
    }

    /// Every budget, drafts too, oldest first. While the database is away, the last known ones.
    pub async fn all(&self) -> Result<Budgets, StoreError> {
        if let Some(budgets) = self.cached(MAX_AGE) {
            return Ok(budgets);
        }
        let _turn = self.in_flight.lock().await;
        if let Some(budgets) = self.cached(MAX_AGE) {
            return Ok(budgets);
        }
        let generation = self.generation.load(Ordering::Acquire);
        match store::with_timeout(TIMEOUT, self.store.presented_budgets()).await {
            Ok(budgets) => {
                let budgets: Budgets = budgets.into_iter().map(Arc::new).collect();
                self.store(&budgets, generation);
                Ok(budgets)
            }
            Err(error) => match self.cached(Duration::MAX) {
                Some(budgets) => {
                    tracing::warn!(%error, "budgets could not be read; the last known ones are used");
                    // Stored anew: otherwise every request would wait for a database that is away.
                    self.store(&budgets, generation);
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

    /// The budgets that lists show: those that people may see and that are not archived, oldest first.
    pub async fn listed(&self) -> Result<Vec<Arc<PresentedBudget>>, StoreError> {
        let visible = self.all_visible().await?;
        Ok(visible.into_iter().filter(|budget| budget.archived_at.is_none()).collect())
    }

    /// Whether the results of this budget may be for some callers and not for others, as far as is known.
    pub fn may_depend_on_caller(&self, slug: &str) -> bool {
        let budgets = self.changes.borrow();
        let budget = budgets.as_ref().and_then(|budgets| budgets.iter().find(|budget| budget.slug == slug));
        budget.is_none_or(|budget| budget.visibility == ResultVisibility::AfterTakingPart)
    }

    /// The budget of an address that names none: the only one that is open, or else the only one that is listed.
    pub async fn only_one(&self) -> Result<Option<Arc<PresentedBudget>>, StoreError> {
        let listed = self.listed().await?;
        let now = clock::now();
        let open: Vec<_> = listed.iter().filter(|budget| budget.check_open(now).is_ok()).collect();
        Ok(match (open.as_slice(), listed.as_slice()) {
            ([only], _) => Some((*only).clone()),
            ([], [only]) => Some(only.clone()),
            _ => None,
        })
    }

    /// Makes the next caller read the database.
    pub fn invalidate(&self) {
        let mut cached = self.cached.write();
        self.generation.fetch_add(1, Ordering::AcqRel);
        *cached = None;
    }

    fn cached(&self, max_age: Duration) -> Option<Budgets> {
        let cached = self.cached.read();
        cached.as_ref().filter(|(read, _)| read.elapsed() < max_age).map(|(_, budgets)| Arc::clone(budgets))
    }

    /// Changes with each change of a budget, at most a second after it while budgets are asked for.
    pub fn changes(&self) -> watch::Receiver<Option<Budgets>> {
        self.changes.subscribe()
    }

    fn store(&self, budgets: &Budgets, generation: u64) {
        let mut cached = self.cached.write();
        if self.generation.load(Ordering::Acquire) != generation {
            return;
        }
        *cached = Some((Instant::now(), Arc::clone(budgets)));
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
