//! Counts what the new voices of an hour have in common, and keeps the large cohorts as flags for organisers.
//!
//! Each node counts what it has stored itself, in memory and within bounds, and adds only what is beyond the threshold
//! to the database. Nothing is refused for it.

use std::{collections::HashMap, mem, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::networks::{NetworkKey, Networks};
use crate::{
    counters::Counters,
    domain::{allocation::Allocation, budget::BudgetId, cohort::CohortKind, network::ClientAddress},
    store::{Store, StoreError, cohorts::CohortCount},
};

/// The most different networks and allocations that one node counts in an hour, which take about 2 MB.
const MAX_SUBJECTS: usize = 20_000;
/// The pause between two writes of flags.
const SAVE_INTERVAL: Duration = Duration::from_secs(5);
const SECONDS_OF_HOUR: i64 = 3_600;

/// What this node has counted in the present hour.
pub struct Cohorts {
    networks: Arc<Networks>,
    counters: Counters,
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    /// Hours since 1970.
    hour: i64,
    subjects: HashMap<Subject, Count>,
    /// What could not be saved yet, or is of the hour before.
    waiting: Vec<CohortCount>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Subject {
    budget: BudgetId,
    kind: CohortKind,
    blinded: NetworkKey,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    seen: u64,
    saved: u64,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
}

impl Cohorts {
    /// Counts nothing yet.
    pub fn new(networks: Arc<Networks>, counters: Counters) -> Self {
        Self { networks, counters, window: Mutex::default() }
    }

    /// Counts one new voice, which was stored at this time.
    pub fn note(&self, budget: BudgetId, address: ClientAddress, allocation: &Allocation, at: DateTime<Utc>) {
        let shares: Vec<u8> = allocation.shares().iter().flat_map(|share| share.basis_points().to_be_bytes()).collect();
        let allocation = self.networks.blind(&[b"allocation", &budget.0.to_be_bytes(), &shares]);
        let network = self.networks.key(&address.narrowest());
        let mut window = self.window.lock();
        window.begin(at);
        for (kind, blinded) in [(CohortKind::Network, network), (CohortKind::Allocation, allocation)] {
            let count = window.count(Subject { budget, kind, blinded }, at);
            // A counter that moves with the vote that completes a cohort of equal shares would tell what that vote was.
            if kind == CohortKind::Network && count == Some(kind.threshold()) {
                self.counters.cohort(kind.name());
            }
        }
    }

    /// Saves the flags of this node until the token is cancelled, then once more.
    pub async fn run(self: Arc<Self>, store: Store, stop: CancellationToken) {
        let mut is_running = true;
        while is_running {
            is_running = stop.run_until_cancelled(tokio::time::sleep(SAVE_INTERVAL)).await.is_some();
            if let Err(error) = self.save(&store).await {
                tracing::debug!(%error, "flags of cohorts are saved later");
            }
        }
    }

    /// Adds to the database what was counted since the last time.
    pub async fn save(&self, store: &Store) -> Result<(), StoreError> {
        let counts = self.window.lock().take();
        if counts.is_empty() {
            return Ok(());
        }
        let saved = store.add_cohorts(&counts).await;
        if saved.is_err() {
            self.window.lock().give_back(counts);
        }
        saved
    }
}

impl Window {
    /// Begins a new hour if this time is in one.
    fn begin(&mut self, at: DateTime<Utc>) {
        let hour = at.timestamp().div_euclid(SECONDS_OF_HOUR);
        if hour > self.hour {
            let counts = self.take();
            self.give_back(counts);
            self.subjects.clear();
            self.hour = hour;
        }
    }

    /// Counts one more. Returns how many there are now, or nothing if there is no room for another subject.
    fn count(&mut self, subject: Subject, at: DateTime<Utc>) -> Option<u64> {
        if self.subjects.len() >= MAX_SUBJECTS && !self.subjects.contains_key(&subject) {
            return None;
        }
        let new = Count { seen: 0, saved: 0, first_seen: at, last_seen: at };
        let count = self.subjects.entry(subject).or_insert(new);
        count.seen += 1;
        count.last_seen = at;
        Some(count.seen)
    }

    /// Returns what is to be saved: the large cohorts, as far as they grew since the last time.
    fn take(&mut self) -> Vec<CohortCount> {
        let mut counts = mem::take(&mut self.waiting);
        let hour = DateTime::from_timestamp(self.hour * SECONDS_OF_HOUR, 0).unwrap_or_default();
        let hour = hour.format("%Y-%m-%dT%H").to_string();
        for (subject, it) in &mut self.subjects {
            if it.seen < subject.kind.threshold() || it.seen == it.saved {
                continue;
            }
            counts.push(CohortCount {
                budget: subject.budget,
                kind: subject.kind,
                hour: hour.clone(),
                subject: subject.blinded.to_string(),
                count: i64::try_from(it.seen - it.saved).unwrap_or(i64::MAX),
                first_seen: it.first_seen,
                last_seen: it.last_seen,
            });
            it.saved = it.seen;
        }
        counts
    }

    /// Keeps counts for the next time.
    fn give_back(&mut self, counts: Vec<CohortCount>) {
        self.waiting.extend(counts);
        self.waiting.truncate(MAX_SUBJECTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::networks::tests::networks;

    fn subject() -> Subject {
        Subject { budget: BudgetId(1), kind: CohortKind::Allocation, blinded: networks(1).blind(&[b"the same"]) }
    }

    /// Counts so many at one time; what is then to be saved, as numbers and hours.
    fn counted(window: &mut Window, count: u64, at: &str) -> Vec<(i64, String)> {
        let at = at.parse().unwrap();
        window.begin(at);
        (0..count).for_each(|_| _ = window.count(subject(), at));
        window.take().into_iter().map(|it| (it.count, it.hour)).collect()
    }

    #[test]
    fn a_cohort_is_saved_from_its_threshold_on_and_then_as_it_grows() {
        let mut window = Window::default();
        let (hour, at) = ("2026-11-26T18".to_owned(), "2026-11-26T18:59:59Z");
        assert_eq!(counted(&mut window, 24, at), []);
        assert_eq!(counted(&mut window, 1, at), [(25, hour.clone())]);
        assert_eq!(counted(&mut window, 0, at), []);
        assert_eq!(counted(&mut window, 3, at), [(3, hour)]);
        assert_eq!(counted(&mut window, 24, "2026-11-26T19:00:00Z"), [], "a new hour begins at nothing");
    }

    #[test]
    fn what_the_last_hour_left_or_the_database_did_not_take_is_saved_later() {
        let mut window = Window::default();
        let at: DateTime<Utc> = "2026-11-26T18:59:59Z".parse().unwrap();
        window.begin(at);
        (0..30).for_each(|_| _ = window.count(subject(), at));
        assert_eq!(counted(&mut window, 0, "2026-11-26T19:00:00Z"), [(30, "2026-11-26T18".to_owned())]);

        let at: DateTime<Utc> = "2026-11-26T19:00:01Z".parse().unwrap();
        (0..30).for_each(|_| _ = window.count(subject(), at));
        let counts = window.take();
        window.give_back(counts.clone());
        assert_eq!(window.take(), counts);
    }

    #[test]
    fn a_flood_of_different_subjects_takes_bounded_memory() {
        let (mut window, networks) = (Window::default(), networks(1));
        let at: DateTime<Utc> = "2026-11-26T18:00:00Z".parse().unwrap();
        window.begin(at);
        for n in 0..=MAX_SUBJECTS {
            let subject = Subject { blinded: networks.blind(&[&n.to_be_bytes()]), ..subject() };
            assert_eq!(window.count(subject, at).is_some(), n < MAX_SUBJECTS);
        }
    }
}
