//! The events of one operation for one client. A plain state machine: thousands of them are polled for each publication, and
//! what they are made of must be near together in memory.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt, future::ready as now, stream, stream::BoxStream};
use tokio::time::{Instant, Sleep};
use tokio_stream::wrappers::WatchStream;

use super::result::{OperationResult, Payload, RequestError};

/// ResultStream as their client wishes them: the newest, and no two within its interval. Nothing is queued: while one is held back
/// nothing is asked of what is followed, which then gives the newest.
pub struct ResultStream {
    /// What comes before everything else.
    first: Option<BoxStream<'static, OperationResult>>,
    followed: Followed,
    /// What came first, until something newer came.
    shown: Option<Payload>,
    pause: Option<Pin<Box<Sleep>>>,
    /// See [`ResultStream::is_single`].
    is_single: bool,
}

enum Followed {
    /// An execution of its own.
    Own(BoxStream<'static, OperationResult>),
    /// One that others follow too.
    SharedSubscription(WatchStream<Option<OperationResult>>),
}

impl ResultStream {
    /// Those of an execution of its own.
    pub fn own(events: impl Stream<Item = OperationResult> + Send + 'static) -> Self {
        Self::of(Followed::Own(events.boxed()))
    }

    /// A single one.
    pub fn once(event: impl Future<Output = OperationResult> + Send + 'static) -> Self {
        Self { is_single: true, ..Self::own(stream::once(event)) }
    }

    /// Why nothing was executed, and no more.
    pub fn refused(refusal: RequestError) -> Self {
        Self::once(now(OperationResult::Refused(refusal)))
    }

    /// Those of a feed.
    pub fn of_feed(feed: WatchStream<Option<OperationResult>>) -> Self {
        Self::of(Followed::SharedSubscription(feed))
    }

    /// The first of an execution of its own, then those of a feed that are newer than it.
    pub fn beginning_with(
        first: impl Stream<Item = OperationResult> + Send + 'static,
        feed: WatchStream<Option<OperationResult>>,
    ) -> Self {
        Self { first: Some(first.boxed()), ..Self::of_feed(feed) }
    }

    /// Whether it is one event and the end: a subscription ends when this process does, and nothing else ends it.
    pub fn is_single(&self) -> bool {
        self.is_single
    }

    fn of(followed: Followed) -> Self {
        Self { first: None, followed, shown: None, pause: None, is_single: false }
    }

    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        let Some(first) = &mut self.first else { return self.poll_followed(context) };
        let event = ready!(first.poll_next_unpin(context));
        self.first = None;
        match &event {
            Some(OperationResult::Next(payload)) => self.shown = Some(payload.clone()),
            Some(OperationResult::Refused(_)) | None => self.followed = Followed::Own(stream::empty().boxed()),
        }
        Poll::Ready(event)
    }

    fn poll_followed(&mut self, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        loop {
            let event = match &mut self.followed {
                Followed::Own(events) => return events.poll_next_unpin(context),
                Followed::SharedSubscription(feed) => ready!(feed.poll_next_unpin(context)),
            };
            match event {
                // Nothing came yet.
                Some(None) => {}
                Some(Some(OperationResult::Next(payload)))
                    if self.shown.as_ref().is_some_and(|it| it.supersedes(&payload)) => {}
                Some(event) => {
                    self.shown = None;
                    return Poll::Ready(event);
                }
                None => return Poll::Ready(None),
            }
        }
    }
}

impl Stream for ResultStream {
    type Item = OperationResult;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let event = ready!(self.poll_first(context));
        if let Some(OperationResult::Next(Payload { min_interval: Some(interval), .. })) = &event {
            self.pause = Some(Box::pin(tokio::time::sleep_until(Instant::now() + *interval)));
        }
        Poll::Ready(event)
    }
}
