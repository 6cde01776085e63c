//! Executes operations for every transport: what everybody gets alike once for all, the rest for each caller.

use std::{sync::Arc, time::Duration};

use async_graphql::{Request, Response, parser::types::OperationType};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, future::ready};

use super::{TaxBudgetSchema, caller::Caller, public::PublicFields};
use crate::service::{Services, answers::Answer, epoch::Readings};

mod documents;
mod event;
mod events;
mod feeds;
pub mod object;
mod params;
mod push;
mod turns;

use documents::{Document, Documents};
use feeds::Feeds;

pub use event::{Event, Payload, Refusal};
pub use events::Events;
pub use params::Params;
pub use push::PushNotes;

/// For a query or mutation: longer than everything that it waits for has by itself.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a page of another site is told that sends a mutation.
const FORBIDDEN: &str = "A page of another origin may only read here. Send this from the page of this server, from a program \
    that is no browser, or ask the operator to add the origin to --allowed-origins.";

/// Executes operations.
pub struct Executor {
    schema: TaxBudgetSchema,
    services: Services,
    documents: Documents,
    feeds: Feeds,
}

/// What is known of an operation before it is executed.
pub enum Found {
    /// It was answered before, and nothing has changed since. Always a query.
    Answered(Arc<Answer>),
    /// It is to be executed.
    Operation(Operation),
}

/// An operation that was found in its document.
pub struct Operation {
    params: Params,
    document: Arc<Document>,
    key: Vec<u8>,
    is_public: bool,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

/// What came of a query or mutation.
pub enum Outcome {
    /// The same for everybody.
    Public(Arc<Answer>),
    /// For this caller.
    Private {
        /// `{"data":…}`, with `errors` where there are any.
        json: Bytes,
        /// For headers `Set-Cookie`.
        cookies: Vec<String>,
    },
    /// Not executed.
    Refused(Refusal),
    /// Not executed, because of who asks.
    Forbidden(Refusal),
}

impl Executor {
    /// Over the schema of these services.
    pub fn new(schema: TaxBudgetSchema, services: Services) -> Self {
        Self { schema, services, documents: Documents::new(PublicFields::of_schema()), feeds: Feeds::default() }
    }

    /// The schema itself, for who executes in another way.
    pub fn schema(&self) -> &TaxBudgetSchema {
        &self.schema
    }

    /// How many shared subscriptions run.
    pub fn feeds(&self) -> usize {
        self.feeds.count()
    }

    /// The answer, where it is known already.
    pub fn known(&self, mut params: Params) -> Option<Arc<Answer>> {
        self.documents.complete(&mut params).ok()?;
        self.services.answers.get(&params.key())
    }

    /// The answer that is known already, or the operation to execute.
    pub fn find(&self, mut params: Params) -> Result<Found, Refusal> {
        self.documents.complete(&mut params)?;
        let key = params.key();
        if let Some(answer) = self.services.answers.get(&key) {
            return Ok(Found::Answered(answer));
        }
        let document = self.documents.parse(params.query.as_deref().unwrap_or_default()).map_err(Refusal::of)?;
        let operation = document.operation(params.operation_name.as_deref()).map_err(Refusal::of)?;
        operation.check(&params).map_err(Refusal::of)?;
        let (kind, is_public) = (operation.kind, operation.is_public);
        Ok(Found::Operation(Operation { params, document, key, is_public, kind }))
    }

    /// Executes a query or mutation.
    pub async fn execute(&self, operation: Operation, caller: Caller) -> Outcome {
        if !caller.may(operation.kind) {
            return Outcome::Forbidden(Refusal::with_code("FORBIDDEN", FORBIDDEN));
        }
        let Operation { key, is_public, .. } = &operation;
        if !is_public {
            return self.run(operation.request(caller)).await.map_or_else(|given_up| given_up, |it| outcome(&it));
        }
        let key = key.clone();
        let made = self.services.answers.get_or_make(&key, async || {
            let readings = Arc::new(Readings::begin(&self.services));
            let response = self.run(operation.request(caller).data(Arc::clone(&readings))).await?;
            match event::body(&response) {
                // An error may be gone the next time.
                Ok(json) if response.errors.is_empty() => Ok(Arc::new(Answer::new(json, readings.epoch()))),
                _ => Err(outcome(&response)),
            }
        });
        match made.await {
            Ok(answer) => Outcome::Public(answer),
            Err(outcome) => outcome,
        }
    }

    /// The engine's response, unless something that it waits for does not come.
    async fn run(&self, request: Request) -> Result<Response, Outcome> {
        tokio::time::timeout(PATIENCE, self.schema.execute(request)).await.map_err(|_| {
            tracing::error!("an operation was given up after {} s", PATIENCE.as_secs());
            Outcome::Private { json: event::given_up(), cookies: Vec::new() }
        })
    }

    /// Finds and executes any operation as a stream.
    pub fn begin(self: &Arc<Self>, params: Params, caller: Caller) -> Events {
        match self.find(params) {
            Ok(found) => self.stream(found, caller),
            Err(refusal) => Events::once(ready(Event::Refused(refusal))),
        }
    }

    /// Executes any operation as a stream: one event for a query or mutation, the newest whenever there is a newer one for
    /// a subscription.
    pub fn stream(self: &Arc<Self>, found: Found, caller: Caller) -> Events {
        match found {
            Found::Operation(operation) if operation.kind == OperationType::Subscription => {
                self.subscribe(operation, caller)
            }
            found => {
                let executor = Arc::clone(self);
                Events::once(async move { executor.event_of(found, caller).await })
            }
        }
    }

    async fn event_of(&self, found: Found, caller: Caller) -> Event {
        let outcome = match found {
            Found::Answered(answer) => Outcome::Public(answer),
            Found::Operation(operation) => self.execute(operation, caller).await,
        };
        match outcome {
            Outcome::Public(answer) => Event::Next(Payload::once(&answer.body)),
            Outcome::Private { json, .. } => Event::Next(Payload::once(&json)),
            Outcome::Refused(refusal) | Outcome::Forbidden(refusal) => Event::Refused(refusal),
        }
    }

    /// Everybody who asks for the same public data follows one execution; what depends on who asks is never shared.
    fn subscribe(&self, operation: Operation, caller: Caller) -> Events {
        if operation.is_public {
            let key = operation.key.clone();
            let start = |notes| self.events(operation.request(caller), notes);
            return self.feeds.follow(key, start);
        }
        Events::own(self.events(operation.request(caller), PushNotes::default()))
    }

    fn events(&self, request: Request, notes: PushNotes) -> impl Stream<Item = Event> + Send + use<> {
        let responses = self.schema.execute_stream(request.data(notes.clone()));
        let mut shown: Option<Payload> = None;
        responses.map(move |response| Event::of(&response, &notes)).filter(move |event| {
            // Something changed that was not selected, such as whether the numbers are stale.
            let is_news = match event {
                Event::Next(payload) => shown.replace(payload.clone()).is_none_or(|shown| !shown.supersedes(payload)),
                Event::Refused(_) => true,
            };
            ready(is_news)
        })
    }
}

impl Operation {
    /// For the engine, which need not parse it again.
    fn request(self, caller: Caller) -> Request {
        let mut request = self.params.into_request().data(caller);
        request.set_parsed_query(self.document.parsed.clone());
        request
    }
}

fn outcome(response: &Response) -> Outcome {
    match event::body(response) {
        Ok(json) => {
            let cookies = response.http_headers.get_all("set-cookie").iter();
            let cookies = cookies.filter_map(|cookie| Some(cookie.to_str().ok()?.to_owned())).collect();
            Outcome::Private { json, cookies }
        }
        Err(refusal) => Outcome::Refused(refusal),
    }
}
