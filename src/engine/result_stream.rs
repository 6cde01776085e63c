//! Streams the results of one operation to one client. The stream is a plain state machine: thousands of streams are
//! polled for each publication, so the data of each must lie close together in memory.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt, future::ready as now, stream, stream::BoxStream};
use tokio::time::{Instant, Sleep};

use super::{
    fan_out::{FrameWriter, Subscriber},
    result::{OperationResult, Payload, RequestError},
};
use crate::counters::pushes::{PushCounters, PushMeter, Transport};

/// The results of one operation, no two of them within the minimum interval of the client. Nothing is queued: the
/// stream does not poll its source during the interval, so the next poll yields the latest result.
pub struct ResultStream {
    /// An execution of which the first result comes before all results of the source.
    first: Option<BoxStream<'static, OperationResult>>,
    source: Source,
    /// The first result, until a newer one arrives.
    first_payload: Option<Payload>,
    pause: Option<Pin<Box<Sleep>>>,
    /// Whether the stream ends after one result.
    is_single: bool,
    /// Writes results of the shared subscription, once the client has had its first one from this stream.
    writer: Option<Box<dyn FrameWriter>>,
}

enum Source {
    /// An execution for this client alone.
    Own(BoxStream<'static, OperationResult>),
    /// A shared subscription.
    Shared(Subscriber),
}

impl ResultStream {
    /// Streams the results of an execution for this client alone.
    pub fn own(results: impl Stream<Item = OperationResult> + Send + 'static) -> Self {
        Self::of(Source::Own(results.boxed()))
    }

    /// Streams a single result.
    pub fn once(result: impl Future<Output = OperationResult> + Send + 'static) -> Self {
        Self { is_single: true, ..Self::own(stream::once(result)) }
    }

    /// Streams the error of an operation that was not executed.
    pub fn refused(error: RequestError) -> Self {
        Self::once(now(OperationResult::Refused(error)))
    }

    /// Streams the results of a shared subscription.
    pub fn shared(results: Subscriber) -> Self {
        Self::of(Source::Shared(results))
    }

    /// Streams the first result of an execution for this client alone, then the newer results of a shared subscription.
    pub fn starting_with(first: impl Stream<Item = OperationResult> + Send + 'static, shared: Subscriber) -> Self {
        Self { first: Some(first.boxed()), ..Self::shared(shared) }
    }

    /// Lets the shared subscription write later results to the client's connection. This stream yields those that the
    /// connection cannot take at once.
    pub fn write_with(&mut self, writer: impl FrameWriter + 'static) {
        self.writer = Some(Box::new(writer));
    }

    /// Returns whether the stream ends after one result. A stream that does not is a subscription, which ends only with
    /// this process.
    pub fn is_single(&self) -> bool {
        self.is_single
    }

    /// Returns what counts the results that are pushed over this transport. None if there is only one result.
    pub fn meter(&self, counters: &PushCounters, transport: Transport) -> Option<PushMeter> {
        (!self.is_single).then(|| PushMeter::new(counters, transport))
    }

    fn of(source: Source) -> Self {
        Self { first: None, source, first_payload: None, pause: None, is_single: false, writer: None }
    }

    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        let Some(first) = &mut self.first else { return self.poll_source(context) };
        let result = ready!(first.poll_next_unpin(context));
        self.first = None;
        match &result {
            Some(OperationResult::Next(payload)) => self.first_payload = Some(payload.clone()),
            Some(OperationResult::Refused(_)) | None => self.source = Source::Own(stream::empty().boxed()),
        }
        Poll::Ready(result)
    }

    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Option<OperationResult>> {
        let subscriber = match &mut self.source {
            Source::Own(results) => return results.poll_next_unpin(context),
            Source::Shared(subscriber) => subscriber,
        };
        loop {
            match ready!(subscriber.poll_next(context)) {
                Some(OperationResult::Next(payload))
                    if self.first_payload.as_ref().is_some_and(|first| first.supersedes(&payload)) => {}
                result => {
                    self.first_payload = None;
                    if let Some(writer) = self.writer.take() {
                        subscriber.write_with(writer);
                    }
                    return Poll::Ready(result);
                }
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
        let result = ready!(self.poll_first(context));
        if let Some(OperationResult::Next(Payload { min_interval: Some(interval), .. })) = &result {
            self.pause = Some(Box::pin(tokio::time::sleep_until(Instant::now() + *interval)));
        }
        Poll::Ready(result)
    }
}
