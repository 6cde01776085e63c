//! Distributes the results of one shared subscription among its subscribers.
//!
//! A subscriber that waits, and whose connection can take the bytes at once, gets the result from the fan-out itself,
//! through its [`FrameWriter`]: its task is not woken. Every other subscriber takes the newest result when its own task
//! comes to it. Nothing is queued: a slow subscriber skips results.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use parking_lot::Mutex;
use tokio::{sync::Notify, task::JoinSet};

use super::result::{OperationResult, Payload};

/// How many subscribers a task serves before it lets other tasks run.
const TURN: usize = 32;
/// The least number of subscribers for which a fan-out uses a further processor.
const MIN_SHARE: usize = 256;

/// Writes results to one connection from outside its task.
pub trait FrameWriter: Send + Sync {
    /// Writes a result, if the connection can take it at once.
    fn write(&self, payload: &Payload) -> Delivery;
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The connection has taken it.
    Done,
    /// The connection has taken it, and its task must be woken to write the end.
    Begun,
    /// The connection could not take it.
    Refused,
}

/// The subscribers of one shared subscription, and its newest result.
#[derive(Default)]
pub struct FanOut {
    room: Mutex<Room>,
    left: Notify,
}

#[derive(Default)]
struct Room {
    newest: Numbered,
    has_ended: bool,
    /// A subscriber knows its place in this list.
    subscribers: Vec<Arc<Shared>>,
    /// How many of the first subscribers the fan-out has not come to yet. It goes from the last one to the first: in the place
    /// of one that leaves comes the last one, which then is come to twice, but never left out.
    untouched: usize,
}

/// A result, numbered from 1.
#[derive(Default, Clone)]
struct Numbered {
    number: u64,
    result: Option<OperationResult>,
}

/// What a subscriber's task and the fan-out share.
#[derive(Default)]
struct Shared {
    place: AtomicUsize,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// The number of the last result that the subscriber took or was given.
    seen: u64,
    /// The subscriber's task, while it waits.
    waiting: Option<Waker>,
    writer: Option<Box<dyn FrameWriter>>,
}

/// A subscriber. Dropping it ends the subscription.
pub struct Subscriber {
    fan_out: Arc<FanOut>,
    shared: Arc<Shared>,
}

impl FanOut {
    /// Adds a subscriber, which takes results that are newer than the newest of this moment.
    pub fn subscribe(self: &Arc<Self>) -> Subscriber {
        let mut room = self.room.lock();
        let shared = Arc::<Shared>::default();
        shared.progress.lock().seen = room.newest.number;
        shared.place.store(room.subscribers.len(), Ordering::Relaxed);
        room.subscribers.push(Arc::clone(&shared));
        Subscriber { fan_out: Arc::clone(self), shared }
    }

    /// Returns the newest result.
    pub fn newest(&self) -> Option<OperationResult> {
        self.room.lock().newest.result.clone()
    }

    /// Returns whether nobody subscribes.
    pub fn is_empty(&self) -> bool {
        self.room.lock().subscribers.is_empty()
    }

    /// Waits until nobody subscribes. Somebody may subscribe at once afterwards.
    pub async fn emptied(&self) {
        let mut left = pin!(self.left.notified());
        loop {
            left.as_mut().enable();
            if self.is_empty() {
                return;
            }
            left.as_mut().await;
            left.set(self.left.notified());
        }
    }

    /// Gives a result to every subscriber. Uses as many processors as are worth it.
    pub async fn publish(self: &Arc<Self>, result: OperationResult) {
        let (newest, count) = {
            let mut room = self.room.lock();
            room.newest = Numbered { number: room.newest.number + 1, result: Some(result) };
            room.untouched = room.subscribers.len();
            (room.newest.clone(), room.untouched)
        };
        let processors = std::thread::available_parallelism().map_or(1, Into::into);
        let mut others = JoinSet::new();
        for _ in 1..processors.min(count / MIN_SHARE) {
            others.spawn(Arc::clone(self).give(newest.clone()));
        }
        Arc::clone(self).give(newest).await;
        while others.join_next().await.is_some() {}
    }

    /// Gives a result to the subscribers that no other task has come to yet.
    async fn give(self: Arc<Self>, newest: Numbered) {
        let mut turn = Vec::with_capacity(TURN);
        loop {
            {
                let mut room = self.room.lock();
                let end = room.untouched.min(room.subscribers.len());
                room.untouched = end.saturating_sub(TURN);
                turn.extend_from_slice(&room.subscribers[room.untouched..end]);
            }
            if turn.is_empty() {
                return;
            }
            for subscriber in turn.drain(..) {
                subscriber.give(&newest);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Ends every subscription.
    pub fn end(&self) {
        let subscribers = {
            let mut room = self.room.lock();
            room.has_ended = true;
            room.subscribers.clone()
        };
        for subscriber in subscribers {
            if let Some(waker) = subscriber.progress.lock().waiting.take() {
                waker.wake();
            }
        }
    }
}

impl Shared {
    /// Writes a result to the connection of a subscriber that waits, or wakes its task.
    fn give(&self, newest: &Numbered) {
        let mut progress = self.progress.lock();
        if progress.seen >= newest.number {
            return;
        }
        // A task that does not wait takes the newest result when it comes to it.
        let Some(waker) = progress.waiting.take() else { return };
        let delivery = match (&progress.writer, &newest.result) {
            // A client that wants results at intervals takes them by itself.
            (Some(writer), Some(OperationResult::Next(payload))) if payload.min_interval.is_none() => {
                writer.write(payload)
            }
            _ => Delivery::Refused,
        };
        match delivery {
            Delivery::Done => {
                progress.seen = newest.number;
                progress.waiting = Some(waker);
            }
            Delivery::Begun => {
                progress.seen = newest.number;
                waker.wake();
            }
            Delivery::Refused => waker.wake(),
        }
    }
}

impl Subscriber {
    /// Returns the newest result that this subscriber has not seen. None at the end. Whoever polls has dealt with the
    /// result before.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        let mut progress = self.shared.progress.lock();
        let room = self.fan_out.room.lock();
        if room.newest.number > progress.seen {
            progress.seen = room.newest.number;
            progress.waiting = None;
            return Poll::Ready(room.newest.result.clone());
        }
        if room.has_ended {
            return Poll::Ready(None);
        }
        drop(room);
        if progress.waiting.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            progress.waiting = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// Makes the subscriber take the newest result first, if there is one.
    pub fn with_newest(self) -> Self {
        self.shared.progress.lock().seen = 0;
        self
    }

    /// Lets the fan-out write to the connection from now on.
    pub fn write_with(&mut self, writer: Box<dyn FrameWriter>) {
        self.shared.progress.lock().writer = Some(writer);
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        // A fan-out that is under way writes nothing more.
        *self.shared.progress.lock() = Progress::default();
        let mut room = self.fan_out.room.lock();
        let place = self.shared.place.load(Ordering::Relaxed);
        room.subscribers.swap_remove(place);
        if let Some(moved) = room.subscribers.get(place) {
            moved.place.store(place, Ordering::Relaxed);
        }
        let is_last = room.subscribers.is_empty();
        drop(room);
        if is_last {
            self.fan_out.left.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::poll_fn,
        sync::{atomic::AtomicBool, mpsc},
        time::Duration,
    };

    use futures_util::FutureExt;
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    use super::*;

    /// A connection that can be busy, and what was written to it.
    #[derive(Clone)]
    struct Connection {
        is_busy: Arc<AtomicBool>,
        written: mpsc::Sender<String>,
    }

    impl FrameWriter for Connection {
        fn write(&self, payload: &Payload) -> Delivery {
            if self.is_busy.load(Ordering::SeqCst) {
                return Delivery::Refused;
            }
            self.written.send(payload.json.to_string()).unwrap();
            Delivery::Done
        }
    }

    fn connection() -> (Connection, mpsc::Receiver<String>) {
        let (written, received) = mpsc::channel();
        (Connection { is_busy: Arc::default(), written }, received)
    }

    fn result(number: usize) -> OperationResult {
        OperationResult::Next(Payload::once(number.to_string().as_bytes()))
    }

    async fn next(subscriber: &mut Subscriber) -> Option<String> {
        let result = poll_fn(|context| subscriber.poll_next(context)).await?;
        let OperationResult::Next(payload) = result else { panic!("{result:?}") };
        Some(payload.json.to_string())
    }

    #[tokio::test]
    async fn a_subscriber_that_waits_is_written_to_and_its_task_is_not_woken() {
        let fan_out = Arc::<FanOut>::default();
        let mut subscriber = fan_out.subscribe();
        let (connection, received) = connection();
        subscriber.write_with(Box::new(connection));
        assert!(next(&mut subscriber).now_or_never().is_none());
        for number in 1..=3 {
            fan_out.publish(result(number)).await;
        }
        assert_eq!(received.try_iter().collect::<Vec<_>>(), ["1", "2", "3"]);
        assert!(next(&mut subscriber).now_or_never().is_none(), "what was written is not taken again");
    }

    #[tokio::test]
    async fn a_subscriber_whose_connection_is_busy_is_woken_and_takes_the_newest_alone() {
        let fan_out = Arc::<FanOut>::default();
        let mut subscriber = fan_out.subscribe();
        let (connection, received) = connection();
        subscriber.write_with(Box::new(connection.clone()));
        connection.is_busy.store(true, Ordering::SeqCst);
        let taking = tokio::spawn(async move {
            let first = next(&mut subscriber).await;
            (first, subscriber)
        });
        tokio::task::yield_now().await;
        fan_out.publish(result(1)).await;
        let (first, mut subscriber) = taking.await.unwrap();
        assert_eq!(first.as_deref(), Some("1"));
        // The task is busy with the first one.
        connection.is_busy.store(false, Ordering::SeqCst);
        fan_out.publish(result(2)).await;
        fan_out.publish(result(3)).await;
        assert!(received.try_recv().is_err());
        assert_eq!(next(&mut subscriber).await.as_deref(), Some("3"));
        assert!(next(&mut subscriber).now_or_never().is_none());
        fan_out.publish(result(4)).await;
        assert_eq!(received.recv().unwrap(), "4");
        fan_out.end();
        assert_eq!(next(&mut subscriber).await, None);
    }

    #[tokio::test]
    async fn a_client_that_wants_results_at_intervals_takes_them_itself() {
        let fan_out = Arc::<FanOut>::default();
        let mut subscriber = fan_out.subscribe();
        let (connection, received) = connection();
        subscriber.write_with(Box::new(connection));
        assert!(next(&mut subscriber).now_or_never().is_none());
        let min_interval = Some(Duration::from_secs(1));
        fan_out.publish(OperationResult::Next(Payload { min_interval, ..Payload::once(b"1") })).await;
        assert!(received.try_recv().is_err());
        assert_eq!(next(&mut subscriber).await.as_deref(), Some("1"));
    }

    #[tokio::test]
    async fn what_is_published_while_somebody_joins_is_not_skipped() {
        let fan_out = Arc::<FanOut>::default();
        fan_out.publish(result(1)).await;
        let mut joining = fan_out.subscribe();
        fan_out.publish(result(2)).await;
        assert_eq!(next(&mut joining).await.as_deref(), Some("2"), "it came after the subscription");
        assert_eq!(next(&mut joining.with_newest()).await.as_deref(), Some("2"));
    }

    #[tokio::test]
    async fn who_leaves_gets_nothing_more_and_the_last_one_is_noticed() {
        let fan_out = Arc::<FanOut>::default();
        let mut subscribers: Vec<_> = (0..5).map(|_| fan_out.subscribe()).collect();
        let (connection, received) = connection();
        for subscriber in &mut subscribers {
            subscriber.write_with(Box::new(connection.clone()));
            assert!(next(subscriber).now_or_never().is_none());
        }
        for left in (0..5).rev() {
            assert!(fan_out.emptied().now_or_never().is_none());
            drop(subscribers.remove(left / 2));
            fan_out.publish(result(left)).await;
            assert_eq!(received.try_iter().count(), left);
        }
        fan_out.emptied().await;
        assert_eq!(next(&mut fan_out.subscribe().with_newest()).await.as_deref(), Some("0"));
        assert!(next(&mut fan_out.subscribe()).now_or_never().is_none());
    }

    #[tokio::test]
    async fn who_stays_gets_a_result_during_whose_fan_out_others_leave_and_come() {
        for first_to_leave in [0, TURN, 3 * TURN] {
            let fan_out = Arc::<FanOut>::default();
            let mut subscribers: Vec<_> = (0..4 * TURN)
                .map(|_| {
                    let (mut subscriber, (connection, received)) = (fan_out.subscribe(), connection());
                    subscriber.write_with(Box::new(connection));
                    assert!(next(&mut subscriber).now_or_never().is_none());
                    (subscriber, received)
                })
                .collect();
            let publishing = tokio::spawn({
                let fan_out = Arc::clone(&fan_out);
                async move { fan_out.publish(result(1)).await }
            });
            // The first turn is over when this task runs again.
            tokio::task::yield_now().await;
            subscribers.drain(first_to_leave..first_to_leave + TURN);
            let mut late = fan_out.subscribe();
            publishing.await.unwrap();
            for (_, received) in &subscribers {
                assert_eq!(received.try_iter().collect::<Vec<_>>(), ["1"], "{first_to_leave}");
            }
            assert!(next(&mut late).now_or_never().is_none(), "what was published before it came");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn however_busy_the_connections_are_results_come_in_order_once_and_the_last_one_to_everybody() {
        const RESULTS: usize = 300;
        let fan_out = Arc::<FanOut>::default();
        let mut tasks = JoinSet::new();
        for seed in 0..600 {
            let mut subscriber = fan_out.subscribe();
            let (connection, received) = connection();
            subscriber.write_with(Box::new(connection.clone()));
            let mut random = StdRng::seed_from_u64(seed);
            tasks.spawn(async move {
                // As a connection does: what its task takes is written before it waits again.
                while let Some(taken) = next(&mut subscriber).await {
                    connection.written.send(taken).unwrap();
                    connection.is_busy.store(random.random_bool(0.5), Ordering::SeqCst);
                    if random.random_bool(0.3) {
                        tokio::task::yield_now().await;
                    }
                }
                received
            });
        }
        for number in 1..=RESULTS {
            fan_out.publish(result(number)).await;
        }
        fan_out.end();
        while let Some(received) = tasks.join_next().await {
            let received: Vec<usize> = received.unwrap().try_iter().map(|text| text.parse().unwrap()).collect();
            assert!(received.is_sorted_by(|before, after| before < after), "{received:?}");
            assert_eq!(received.last(), Some(&RESULTS));
        }
    }
}
