//! Counts how often the form of each budget was opened, by language, so that organisers see how many people send it.
//!
//! Nobody is identified: a count is a number. Each node counts in memory and adds what it has counted to the database every few
//! seconds. What a node has not added when it dies is lost; no ballot depends on it.

use std::{collections::HashMap, mem, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::budget::BudgetId,
    store::{Store, StoreError},
};

/// The pause between two writes.
const SAVE_INTERVAL: Duration = Duration::from_secs(5);

/// What this node has counted since it last wrote.
#[derive(Default)]
pub struct FormViews(Mutex<Counts>);

/// By budget and language tag. Languages are those of the page, so there are few.
type Counts = HashMap<(BudgetId, &'static str), i64>;

impl FormViews {
    /// Counts one more.
    pub fn note(&self, budget: BudgetId, language: &'static str) {
        *self.0.lock().entry((budget, language)).or_default() += 1;
    }

    /// Saves the counts of this node until the token is cancelled, then once more.
    pub async fn run(self: Arc<Self>, store: Store, stop: CancellationToken) {
        let mut is_running = true;
        while is_running {
            is_running = stop.run_until_cancelled(tokio::time::sleep(SAVE_INTERVAL)).await.is_some();
            if let Err(error) = self.save(&store).await {
                tracing::debug!(%error, "the number of opened forms is saved later");
            }
        }
    }

    /// Adds to the database what was counted since the last time.
    pub async fn save(&self, store: &Store) -> Result<(), StoreError> {
        let counts = mem::take(&mut *self.0.lock());
        if counts.is_empty() {
            return Ok(());
        }
        let mut sorted: Vec<_> =
            counts.iter().map(|((budget, language), count)| (*budget, *language, *count)).collect();
        // In one order, so that two nodes never wait for each other.
        sorted.sort_unstable();
        let saved = store.add_form_views(&sorted).await;
        if saved.is_err() {
            let mut kept = self.0.lock();
            for (key, count) in counts {
                *kept.entry(key).or_default() += count;
            }
        }
        saved
    }
}
