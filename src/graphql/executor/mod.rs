//! Executes operations for every transport: what everybody gets alike once for all, the rest for each caller.

use std::{io, sync::Arc, time::Duration};

use async_graphql::{Request, Response, Value, indexmap::IndexMap, parser::types::OperationType};
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    future::{Either, ready},
    stream::{self, BoxStream},
};

use super::{TaxBudgetSchema, caller::Caller, registry};
use crate::{
    counters::Counters,
    service::{Services, answers::Answer, epoch::Readings, identity::NetworkKey, limiter::Limiter},
};

mod capacity;
mod documents;
mod escapes;
mod event;
mod events;
mod feeds;
#[doc(hidden)]
pub mod fuzzing;
mod heavy;
pub mod limits;
pub mod object;
mod params;
mod push;
mod trusted;
mod turns;

use capacity::{SubscriptionCapacity, SubscriptionPermit};
use documents::{Document, Documents};
use feeds::Feeds;
use heavy::{Busy, HeavyWork};
use limits::Limit;
use trusted::TrustedDocuments;

pub use event::{Event, Payload, Refusal};
pub use events::Events;
pub use params::Params;
pub use push::PushNotes;
pub use trusted::Operations;

/// Of a query or mutation: longer than everything that it waits for has by itself.
const EXECUTION_TIMEOUT: Duration = Duration::from_secs(15);
/// An operation that costs more takes milliseconds to execute.
const LIGHT_COST: usize = 600;
const BUSY: &str =
    "This server has too many large queries to answer. Nothing was executed; ask for less, or try again in a moment.";

/// What a page of another site is told that sends a mutation.
const FORBIDDEN: &str = "A page of another origin may only read here. Send this from the page of this server, from a program \
    that is no browser, or ask the operator to add the origin to --allowed-origins.";

/// Executes operations.
pub struct Executor {
    schema: TaxBudgetSchema,
    services: Services,
    operations: Operations,
    trusted: TrustedDocuments,
    documents: Arc<Documents>,
    heavy: HeavyWork,
    limiter: Arc<Limiter>,
    feeds: Feeds,
    capacity: SubscriptionCapacity,
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
    /// The document's hash, where the client sent it too.
    hash: Option<[u8; 32]>,
    key: Vec<u8>,
    is_public: bool,
    /// Whether it takes so long to execute that it must not hold up others.
    is_heavy: bool,
    cost: usize,
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

/// The engine's response, serialised.
struct Executed {
    outcome: Outcome,
    has_errors: bool,
}

impl Executor {
    /// Over the schema of these services. Fails where the system gives no threads.
    pub fn new(
        schema: TaxBudgetSchema,
        services: Services,
        operations: Operations,
        limiter: Arc<Limiter>,
        counters: Counters,
    ) -> io::Result<Self> {
        let trusted = TrustedDocuments::built_in();
        Ok(Self {
            schema,
            services,
            operations,
            documents: Arc::new(Documents::new(&registry(), &trusted)),
            trusted,
            heavy: HeavyWork::start(counters)?,
            limiter,
            feeds: Feeds::default(),
            capacity: SubscriptionCapacity::default(),
        })
    }

    /// How many shared subscriptions run.
    pub fn feeds(&self) -> usize {
        self.feeds.count()
    }

    /// How many parsed documents are kept.
    pub fn documents(&self) -> usize {
        self.documents.count()
    }

    /// The answer, where it is known already.
    pub fn known(&self, mut params: Params) -> Option<Arc<Answer>> {
        self.documents.complete(&mut params).ok()?;
        self.services.answers.get(&params.key())
    }

    /// The answer that is known already, or the operation to execute. Every operation of every transport passes here, and
    /// with it the limits of what one may ask for.
    pub async fn find(&self, mut params: Params, network: &NetworkKey) -> Result<Found, Refusal> {
        Limit::TextBytes.check(params.query.as_ref().map_or(0, String::len)).map_err(Refusal::too_complex)?;
        params.check_variables().map_err(Refusal::too_complex)?;
        let hash = self.documents.complete(&mut params)?;
        if let Some(answer) = self.services.answers.get(&params.key()) {
            return Ok(Found::Answered(answer));
        }
        let (document, is_admitted) = self.document(params.query.as_deref().unwrap_or_default(), network).await?;
        let mut operation = Operation::of(&self.documents, document, params, hash)?;
        // What the page itself asks for never waits for what others ask.
        operation.is_heavy &= !self.trusted.contains(operation.document.text());
        // Who joins others costs nothing more: a class that watches the same chart is one execution.
        if operation.is_heavy && !is_admitted && !self.feeds.has(&operation.key) {
            self.admit_heavy(network)?;
        }
        Ok(Found::Operation(operation))
    }

    /// One document that takes milliseconds, if this network may ask for one more.
    fn admit_heavy(&self, network: &NetworkKey) -> Result<(), Refusal> {
        let what = "Too many large queries of this network. Ask for less at once, or less often.";
        self.limiter.check_heavy(network).map_err(|wait| Refusal::rate_limited(what, wait))
    }

    /// The document of a text, and whether it was admitted as heavy.
    async fn document(&self, text: &str, network: &NetworkKey) -> Result<(Arc<Document>, bool), Refusal> {
        if self.operations == Operations::Trusted && !self.trusted.contains(text) {
            let message = "This server executes only the operations of its own page. Read the numbers at \
                /api/budgets/{slug}/aggregate.json, or ask its operators.";
            return Err(Refusal::with_code("FORBIDDEN", message));
        }
        if let Some(document) = self.documents.known(text) {
            return Ok((document, false));
        }
        let tokens = limits::text::check(text).map_err(Refusal::too_complex)?;
        if !documents::is_heavy(text, tokens) {
            return Ok((self.documents.parse(text)?, false));
        }
        self.admit_heavy(network)?;
        let (documents, text) = (Arc::clone(&self.documents), text.to_owned());
        let parsed = self.heavy.run(async move { documents.parse(&text) }).await;
        let document = parsed.unwrap_or_else(|Busy| Err(Refusal::overloaded(BUSY)))?;
        Ok((document, true))
    }

    /// Executes a query or mutation.
    pub async fn execute(&self, operation: Operation, caller: Caller) -> Outcome {
        if !caller.may(operation.kind) {
            return Outcome::Forbidden(Refusal::with_code("FORBIDDEN", FORBIDDEN));
        }
        if !operation.is_public {
            return self.run(operation, caller, None).await.outcome;
        }
        let key = operation.key.clone();
        let made = self.services.answers.get_or_make(&key, async || {
            let readings = Arc::new(Readings::begin(&self.services));
            match self.run(operation, caller, Some(Arc::clone(&readings))).await {
                Executed { outcome: Outcome::Private { json, .. }, has_errors: false } => {
                    Ok(Arc::new(Answer::new(json, readings.epoch())))
                }
                // An error may be gone the next time.
                executed => Err(executed.outcome),
            }
        });
        match made.await {
            Ok(answer) => Outcome::Public(answer),
            Err(outcome) => outcome,
        }
    }

    async fn run(&self, operation: Operation, caller: Caller, readings: Option<Arc<Readings>>) -> Executed {
        let (document, hash, is_heavy) = (Arc::clone(&operation.document), operation.hash, operation.is_heavy);
        let mut request = operation.request(caller);
        if let Some(readings) = readings {
            request = request.data(readings);
        }
        let execution = execute(self.schema.clone(), request);
        let executed = if is_heavy {
            self.heavy.run(execution).await.unwrap_or_else(|Busy| Executed::refused(Refusal::overloaded(BUSY)))
        } else {
            execution.await
        };
        // A document that is not valid is refused as a whole.
        if !matches!(executed.outcome, Outcome::Refused(_)) {
            self.documents.keep(&document, hash);
        }
        executed
    }

    /// Finds and executes any operation as a stream.
    pub async fn begin(self: &Arc<Self>, params: Params, caller: Caller) -> Events {
        match self.find(params, &caller.network).await {
            Ok(found) => self.stream(found, caller),
            Err(refusal) => Events::refused(refusal),
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
    fn subscribe(self: &Arc<Self>, operation: Operation, caller: Caller) -> Events {
        // Whoever is at the page is not turned away for what others ask.
        let is_own = self.trusted.contains(operation.document.text());
        let acquire = |cost| if is_own { Ok(SubscriptionPermit::free()) } else { self.capacity.acquire(cost) };
        let cost = operation.cost;
        if operation.is_public {
            let key = operation.key.clone();
            let start = |notes| self.events(operation, caller, notes);
            return self.feeds.follow(key, || acquire(cost), start).unwrap_or_else(Events::refused);
        }
        match acquire(cost) {
            Ok(permit) => {
                let events = self.events(operation, caller, PushNotes::default());
                Events::own(permit.held_by(self.feeds.in_turns(events)))
            }
            Err(refusal) => Events::refused(refusal),
        }
    }

    fn events(
        self: &Arc<Self>,
        operation: Operation,
        caller: Caller,
        notes: PushNotes,
    ) -> impl Stream<Item = Event> + Send + use<> {
        let (executor, document, hash) = (Arc::clone(self), Arc::clone(&operation.document), operation.hash);
        let is_heavy = operation.is_heavy;
        let responses = self.schema.execute_stream(operation.request(caller).data(notes.clone()));
        let responses =
            if is_heavy { Either::Left(self.begun_apart(responses.boxed())) } else { Either::Right(responses) };
        let mut shown: Option<Payload> = None;
        responses.map(move |response| Event::of(&response, &notes)).filter(move |event| {
            // Something changed that was not selected, such as whether the numbers are stale.
            let is_news = match event {
                Event::Next(payload) => {
                    let before = shown.replace(payload.clone());
                    if before.is_none() {
                        executor.documents.keep(&document, hash);
                    }
                    before.is_none_or(|shown| !shown.supersedes(payload))
                }
                Event::Refused(_) => true,
            };
            ready(is_news)
        })
    }

    /// The same stream; validating it and making its first item is heavy work.
    fn begun_apart(
        self: &Arc<Self>,
        mut responses: BoxStream<'static, Response>,
    ) -> impl Stream<Item = Response> + use<> {
        let executor = Arc::clone(self);
        let begun = async move {
            let begun = executor.heavy.run(async move { (responses.next().await, responses) }).await;
            match begun {
                Ok((first, rest)) => stream::iter(first).chain(rest).boxed(),
                Err(Busy) => stream::iter([Response::from_errors(vec![event::overloaded(BUSY)])]).boxed(),
            }
        };
        stream::once(begun).flatten()
    }
}

async fn execute(schema: TaxBudgetSchema, request: Request) -> Executed {
    let Ok(response) = tokio::time::timeout(EXECUTION_TIMEOUT, schema.execute(request)).await else {
        tracing::error!("an operation was given up after {} s", EXECUTION_TIMEOUT.as_secs());
        return Executed {
            outcome: Outcome::Private { json: event::given_up(), cookies: Vec::new() },
            has_errors: true,
        };
    };
    Executed::of(response)
}

impl Operation {
    /// The one that the parameters name, where its variables are there and it costs no more than it may.
    fn of(
        documents: &Documents,
        document: Arc<Document>,
        mut params: Params,
        hash: Option<[u8; 32]>,
    ) -> Result<Self, Refusal> {
        let operation = document.operation(params.operation_name.as_deref()).map_err(Refusal::of)?;
        operation.check(&params).map_err(Refusal::of)?;
        params.keep_variables(|name| operation.defines(name));
        let key = params.key();
        let cost = documents.cost(&document, operation, &params);
        cost.check().map_err(Refusal::too_complex)?;
        let cost = cost.data.saturating_add(cost.introspection);
        let (kind, is_public, is_heavy) =
            (operation.kind, operation.is_public, document.is_heavy() || cost > LIGHT_COST);
        for (name, default) in &operation.defaults {
            params.set_default(name, default);
        }
        Ok(Self { params, document, hash, key, is_public, is_heavy, cost, kind })
    }

    /// For the engine, which need not parse it again.
    fn request(self, caller: Caller) -> Request {
        let mut request = self.params.into_request().data(caller);
        request.set_parsed_query(self.document.parsed.clone());
        request
    }
}

impl Executed {
    fn of(mut response: Response) -> Self {
        // Nothing was selected in the end: "the result is an empty map" (GraphQL, October 2021, 6.2.1), not null.
        if response.data == Value::Null && response.errors.is_empty() {
            response.data = Value::Object(IndexMap::new());
        }
        let outcome = match event::body(&response) {
            Ok(json) => {
                let cookies = response.http_headers.get_all("set-cookie").iter();
                let cookies = cookies.filter_map(|cookie| Some(cookie.to_str().ok()?.to_owned())).collect();
                Outcome::Private { json, cookies }
            }
            Err(refusal) => Outcome::Refused(refusal),
        };
        Self { outcome, has_errors: !response.errors.is_empty() }
    }

    fn refused(refusal: Refusal) -> Self {
        Self { outcome: Outcome::Refused(refusal), has_errors: true }
    }
}
