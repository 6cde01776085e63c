//! One execution for all subscribers who ask the same: each publication is resolved and serialised once.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use futures_util::{Stream, stream};
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;

use super::{capacity::SubscriptionPermit, event::Event, events::Events, push::PushNotes, turns::Turns};

type Latest = watch::Sender<Option<Event>>;

/// A running execution, as long as somebody follows it.
struct Feed {
    latest: Weak<Latest>,
    notes: PushNotes,
}

type Running = HashMap<Vec<u8>, Feed>;

/// The running executions of public subscriptions, by what is asked.
#[derive(Default, Clone)]
pub struct Feeds {
    running: Arc<Mutex<Running>>,
    turns: Turns,
}

impl Feeds {
    /// Follows the feed under this key: its newest event at once, then the newest whenever there is a newer one. Where none
    /// runs, `start` begins the execution, once `acquire` has given a permit for it.
    pub fn follow<S, E>(
        &self,
        key: Vec<u8>,
        acquire: impl FnOnce() -> Result<SubscriptionPermit, E>,
        start: impl FnOnce(PushNotes) -> S,
    ) -> Result<Events, E>
    where
        S: Stream<Item = Event> + Send + 'static,
    {
        let mut running = self.running();
        let joined = running.get(&key).and_then(|feed| Some((feed.latest.upgrade()?.subscribe(), &feed.notes)));
        let Some((follower, notes)) = joined else {
            let permit = acquire()?;
            let latest = Arc::new(watch::channel(None).0);
            let (follower, notes) = (latest.subscribe(), PushNotes::default());
            running.insert(key.clone(), Feed { latest: Arc::downgrade(&latest), notes: notes.clone() });
            tokio::spawn(self.clone().run(key, latest, permit.held_by(start(notes))));
            return Ok(Events::of_feed(WatchStream::new(follower)));
        };
        let overtaken = follower.borrow().as_ref().is_some_and(|event| notes.is_overtaken(event.revision()));
        if !overtaken {
            return Ok(Events::of_feed(WatchStream::new(follower)));
        }
        // A publication is on its way through the feed. Who has seen it elsewhere must not be shown the one before.
        Ok(Events::beginning_with(start(PushNotes::default()), WatchStream::from_changes(follower)))
    }

    /// An execution of its own, which takes turns with all that are shared.
    pub fn in_turns<S>(&self, stream: S) -> impl Stream<Item = S::Item> + Send + use<S>
    where
        S: Stream + Send + 'static,
        S::Item: Send,
    {
        stream::unfold((self.turns.clone(), Box::pin(stream)), |(turns, mut stream)| async move {
            let (item, turn) = turns.next(stream.as_mut()).await;
            turn.end().await;
            Some((item?, (turns, stream)))
        })
    }

    /// Whether one runs under this key.
    pub fn has(&self, key: &[u8]) -> bool {
        self.running().contains_key(key)
    }

    /// How many run.
    pub fn count(&self) -> usize {
        self.running().len()
    }

    async fn run(self, key: Vec<u8>, latest: Arc<Latest>, events: impl Stream<Item = Event> + Send) {
        let mut events = std::pin::pin!(events);
        loop {
            tokio::select! {
                (event, turn) = self.turns.next(events.as_mut()) => {
                    if event.is_none() {
                        return remove(&mut self.running(), &key, &latest);
                    }
                    latest.send_replace(event);
                    turn.end().await;
                }
                () = latest.closed() => {
                    // Somebody may have come since the last one left: looked at while nobody can.
                    let mut running = self.running();
                    if latest.is_closed() {
                        return remove(&mut running, &key, &latest);
                    }
                }
            }
        }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock()
    }
}

fn remove(running: &mut Running, key: &[u8], latest: &Arc<Latest>) {
    // The place may already be a later feed's.
    if running.get(key).is_some_and(|feed| feed.latest.as_ptr() == Arc::as_ptr(latest)) {
        running.remove(key);
    }
}
