//! The hub: the newest snapshot of each budget that reached this process, for all subscribers of this process.

use std::{collections::HashMap, sync::Arc};

use parking_lot::RwLock;
use tokio::sync::watch;

use crate::domain::snapshot::Snapshot;

type Slot = watch::Sender<Option<Arc<Snapshot>>>;

/// One watch channel for each budget: a slow reader finds the newest snapshot, never a queue.
#[derive(Default)]
pub struct Hub {
    slots: RwLock<HashMap<String, Slot>>,
}

impl Hub {
    /// Takes a snapshot unless the hub has one that is as new; returns whether it did.
    pub fn put(&self, snapshot: Arc<Snapshot>) -> bool {
        self.with_slot(&snapshot.budget.clone(), |slot| {
            slot.send_if_modified(|current| {
                let newer = current.as_ref().is_none_or(|current| current.revision < snapshot.revision);
                if newer {
                    *current = Some(snapshot);
                }
                newer
            })
        })
    }

    /// The newest snapshot of this budget.
    pub fn latest(&self, budget: &str) -> Option<Arc<Snapshot>> {
        let slots = self.slots.read();
        slots.get(budget).and_then(|slot| slot.borrow().clone())
    }

    /// The newest snapshot of every budget.
    pub fn all(&self) -> Vec<Arc<Snapshot>> {
        let slots = self.slots.read();
        slots.values().filter_map(|slot| slot.borrow().clone()).collect()
    }

    /// Changes with each newer snapshot of this budget.
    pub fn subscribe(&self, budget: &str) -> watch::Receiver<Option<Arc<Snapshot>>> {
        self.with_slot(budget, watch::Sender::subscribe)
    }

    fn with_slot<T>(&self, budget: &str, act: impl FnOnce(&Slot) -> T) -> T {
        {
            let slots = self.slots.read();
            if let Some(slot) = slots.get(budget) {
                return act(slot);
            }
        }
        let mut slots = self.slots.write();
        act(slots.entry(budget.to_owned()).or_insert_with(|| watch::channel(None).0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::snapshot::Revision;
    use chrono::DateTime;

    fn snapshot(epoch: i64, version: i64) -> Arc<Snapshot> {
        let as_of = DateTime::from_timestamp(0, 0).unwrap();
        let revision = Revision { epoch, version };
        Arc::new(Snapshot {
            budget: "b".into(),
            revision,
            as_of,
            participants: 0,
            submissions: 0,
            shown_participants: 0,
            categories: vec![],
        })
    }

    #[test]
    fn duplicated_reordered_and_older_messages_change_nothing() {
        let hub = Hub::default();
        let mut watcher = hub.subscribe("b");
        assert!(hub.put(snapshot(1, 5)));
        assert!(watcher.has_changed().unwrap());
        watcher.mark_unchanged();
        assert!(!hub.put(snapshot(1, 5)), "duplicate");
        assert!(!hub.put(snapshot(1, 4)), "late");
        assert!(!hub.put(snapshot(0, 900)), "older epoch");
        assert!(!watcher.has_changed().unwrap());
        assert!(hub.put(snapshot(2, 1)), "a new epoch begins again");
        assert_eq!(hub.latest("b").unwrap().revision, Revision { epoch: 2, version: 1 });
    }
}
