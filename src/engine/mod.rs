//! Executes operations for every transport: public ones once for everybody, the others for each caller.

use std::{io, sync::Arc, time::Duration};

use async_graphql::{Request, Response, Value, indexmap::IndexMap, parser::types::OperationType};
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    future::{Either, ready},
    stream::{self, BoxStream},
};

use crate::{
    counters::Counters,
    engine::response_cache::{CacheKey, CachedResponse, ResponseCache},
    fault::{ErrorCode, Fault},
    graphql::{TaxBudgetSchema, caller::Caller, registry, subscription_metadata::SubscriptionMetadata},
    service::{Services, dependencies::DependencyTracker, identity::NetworkKey, limiter::Limiter},
};

mod capacity;
mod document_cache;
mod escapes;
#[doc(hidden)]
pub mod fuzzing;
mod heavy_work;
pub mod limits;
pub mod object;
mod params;
mod permits;
pub mod response_cache;
mod result;
mod result_stream;
mod shared_subscriptions;
mod trusted;

use capacity::{SubscriptionCapacity, SubscriptionPermit};
use document_cache::{Document, DocumentCache};
use heavy_work::{Busy, HeavyWork};
use limits::Limit;
use shared_subscriptions::SharedSubscriptions;
use trusted::TrustedDocuments;

pub use params::GraphQLParams;
pub use result::{OperationResult, Payload, RequestError};
pub use result_stream::ResultStream;
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
pub struct Engine {
    schema: TaxBudgetSchema,
    services: Services,
    operations: Operations,
    trusted: TrustedDocuments,
    documents: Arc<DocumentCache>,
    /// Responses that are still current.
    pub responses: ResponseCache,
    heavy: HeavyWork,
    limiter: Arc<Limiter>,
    shared_subscriptions: SharedSubscriptions,
    capacity: SubscriptionCapacity,
}

/// What is known of an operation before it is executed.
pub enum Prepared {
    /// It was answered before, and nothing has changed since. Always a query.
    Answered(Arc<CachedResponse>),
    /// It is to be executed.
    Operation(Operation),
}

/// An operation that was found in its document.
pub struct Operation {
    params: GraphQLParams,
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
pub enum ExecutionOutcome {
    /// The same for everybody.
    Public(Arc<CachedResponse>),
    /// For this caller: `{"data":…}`, with `errors` where there are any.
    Private(Bytes),
    /// Not executed.
    Refused(RequestError),
    /// Not executed, because of who asks.
    Forbidden(RequestError),
}

/// The engine's response, serialised.
struct Executed {
    outcome: ExecutionOutcome,
    has_errors: bool,
}

impl Engine {
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
            documents: Arc::new(DocumentCache::new(&registry(), &trusted)),
            trusted,
            responses: ResponseCache::default(),
            heavy: HeavyWork::start(counters)?,
            limiter,
            shared_subscriptions: SharedSubscriptions::default(),
            capacity: SubscriptionCapacity::default(),
        })
    }

    /// How many shared subscriptions run.
    pub fn shared_subscriptions(&self) -> usize {
        self.shared_subscriptions.count()
    }

    /// How many parsed documents are kept.
    pub fn documents(&self) -> usize {
        self.documents.count()
    }

    /// The answer, where it is known already.
    pub fn cached(&self, mut params: GraphQLParams) -> Option<Arc<CachedResponse>> {
        self.documents.complete(&mut params).ok()?;
        self.responses.get(CacheKey::operation(&params.key()))
    }

    /// The answer that is known already, or the operation to execute. Every operation of every transport passes here, and
    /// with it the limits of what one may ask for.
    pub async fn prepare(&self, mut params: GraphQLParams, network: &NetworkKey) -> Result<Prepared, RequestError> {
        Limit::TextBytes.check(params.query.as_ref().map_or(0, String::len)).map_err(RequestError::too_complex)?;
        params.check_variables().map_err(RequestError::too_complex)?;
        let hash = self.documents.complete(&mut params)?;
        if let Some(answer) = self.responses.get(CacheKey::operation(&params.key())) {
            return Ok(Prepared::Answered(answer));
        }
        let (document, is_admitted) = self.document(params.query.as_deref().unwrap_or_default(), network).await?;
        let mut operation = Operation::of(&self.documents, document, params, hash)?;
        // What the page itself asks for never waits for what others ask.
        operation.is_heavy &= !self.trusted.contains(operation.document.text());
        // Who joins others costs nothing more: a class that watches the same chart is one execution.
        if operation.is_heavy && !is_admitted && !self.shared_subscriptions.has(&operation.key) {
            self.admit_heavy(network)?;
        }
        Ok(Prepared::Operation(operation))
    }

    /// One document that takes milliseconds, if this network may ask for one more.
    fn admit_heavy(&self, network: &NetworkKey) -> Result<(), RequestError> {
        let what = "Too many large queries of this network. Ask for less at once, or less often.";
        self.limiter.check_heavy(network).map_err(|wait| RequestError::of_fault(&Fault::rate_limited(what, wait)))
    }

    /// The document of a text, and whether it was admitted as heavy.
    async fn document(&self, text: &str, network: &NetworkKey) -> Result<(Arc<Document>, bool), RequestError> {
        if self.operations == Operations::Trusted && !self.trusted.contains(text) {
            let message = "This server executes only the operations of its own page. Read the numbers at \
                /api/budgets/{slug}/aggregate.json, or ask its operators.";
            return Err(RequestError::of_fault(&Fault::new(ErrorCode::Forbidden, message)));
        }
        if let Some(document) = self.documents.known(text) {
            return Ok((document, false));
        }
        let tokens = limits::text::check(text).map_err(RequestError::too_complex)?;
        if !document_cache::is_heavy(text, tokens) {
            return Ok((self.documents.parse(text)?, false));
        }
        self.admit_heavy(network)?;
        let (documents, text) = (Arc::clone(&self.documents), text.to_owned());
        let parsed = self.heavy.run(async move { documents.parse(&text) }).await;
        let document = parsed.unwrap_or_else(|Busy| Err(RequestError::of_fault(&Fault::overloaded(BUSY))))?;
        Ok((document, true))
    }

    /// Executes a query or mutation.
    pub async fn execute(&self, operation: Operation, caller: Caller) -> ExecutionOutcome {
        if !caller.may(operation.kind) {
            return ExecutionOutcome::Forbidden(RequestError::of_fault(&Fault::new(ErrorCode::Forbidden, FORBIDDEN)));
        }
        if !operation.is_public {
            return self.run(operation, caller, None).await.outcome;
        }
        let key = operation.key.clone();
        let made = self.responses.get_or_make(CacheKey::operation(&key), async || {
            let dependencies = Arc::new(DependencyTracker::begin(&self.services));
            match self.run(operation, caller, Some(Arc::clone(&dependencies))).await {
                Executed { outcome: ExecutionOutcome::Private(json), has_errors: false } => {
                    Ok(Arc::new(CachedResponse::new(json, dependencies.dependencies())))
                }
                // An error may be gone the next time.
                executed => Err(executed.outcome),
            }
        });
        match made.await {
            Ok(answer) => ExecutionOutcome::Public(answer),
            Err(outcome) => outcome,
        }
    }

    async fn run(
        &self,
        operation: Operation,
        caller: Caller,
        dependencies: Option<Arc<DependencyTracker>>,
    ) -> Executed {
        let (document, hash, is_heavy) = (Arc::clone(&operation.document), operation.hash, operation.is_heavy);
        let mut request = operation.request(caller);
        if let Some(dependencies) = dependencies {
            request = request.data(dependencies);
        }
        let execution = execute(self.schema.clone(), request);
        let executed = if is_heavy {
            self.heavy
                .run(execution)
                .await
                .unwrap_or_else(|Busy| Executed::refused(RequestError::of_fault(&Fault::overloaded(BUSY))))
        } else {
            execution.await
        };
        // A document that is not valid is refused as a whole.
        if !matches!(executed.outcome, ExecutionOutcome::Refused(_)) {
            self.documents.keep(&document, hash);
        }
        executed
    }

    /// Finds and executes any operation as a stream.
    pub async fn subscribe_or_execute(self: &Arc<Self>, params: GraphQLParams, caller: Caller) -> ResultStream {
        match self.prepare(params, &caller.network).await {
            Ok(found) => self.stream(found, caller),
            Err(refusal) => ResultStream::refused(refusal),
        }
    }

    /// Executes any operation as a stream: one event for a query or mutation, the newest whenever there is a newer one for
    /// a subscription.
    pub fn stream(self: &Arc<Self>, found: Prepared, caller: Caller) -> ResultStream {
        match found {
            Prepared::Operation(operation) if operation.kind == OperationType::Subscription => {
                self.subscribe(operation, caller)
            }
            found => {
                let engine = Arc::clone(self);
                ResultStream::once(async move { engine.event_of(found, caller).await })
            }
        }
    }

    async fn event_of(&self, found: Prepared, caller: Caller) -> OperationResult {
        let outcome = match found {
            Prepared::Answered(answer) => ExecutionOutcome::Public(answer),
            Prepared::Operation(operation) => self.execute(operation, caller).await,
        };
        match outcome {
            ExecutionOutcome::Public(answer) => OperationResult::Next(Payload::once(&answer.body)),
            ExecutionOutcome::Private(json) => OperationResult::Next(Payload::once(&json)),
            ExecutionOutcome::Refused(refusal) | ExecutionOutcome::Forbidden(refusal) => {
                OperationResult::Refused(refusal)
            }
        }
    }

    /// Everybody who asks for the same public data follows one execution; what depends on who asks is never shared.
    fn subscribe(self: &Arc<Self>, operation: Operation, caller: Caller) -> ResultStream {
        // Whoever is at the page is not turned away for what others ask.
        let is_own = self.trusted.contains(operation.document.text());
        let acquire = |cost| if is_own { Ok(SubscriptionPermit::free()) } else { self.capacity.acquire(cost) };
        let cost = operation.cost;
        if operation.is_public {
            let key = operation.key.clone();
            let start = |metadata| self.events(operation, caller, metadata);
            return self
                .shared_subscriptions
                .follow(key, || acquire(cost), start)
                .unwrap_or_else(ResultStream::refused);
        }
        match acquire(cost) {
            Ok(permit) => {
                let events = self.events(operation, caller, SubscriptionMetadata::default());
                ResultStream::own(permit.held_by(self.shared_subscriptions.with_permits(events)))
            }
            Err(refusal) => ResultStream::refused(refusal),
        }
    }

    fn events(
        self: &Arc<Self>,
        operation: Operation,
        caller: Caller,
        metadata: SubscriptionMetadata,
    ) -> impl Stream<Item = OperationResult> + Send + use<> {
        let (engine, document, hash) = (Arc::clone(self), Arc::clone(&operation.document), operation.hash);
        let is_heavy = operation.is_heavy;
        let responses = self.schema.execute_stream(operation.request(caller).data(metadata.clone()));
        let responses =
            if is_heavy { Either::Left(self.begun_apart(responses.boxed())) } else { Either::Right(responses) };
        let mut shown: Option<Payload> = None;
        responses.map(move |response| OperationResult::of(&response, &metadata)).filter(move |event| {
            // Something changed that was not selected, such as whether the numbers are stale.
            let is_news = match event {
                OperationResult::Next(payload) => {
                    let before = shown.replace(payload.clone());
                    if before.is_none() {
                        engine.documents.keep(&document, hash);
                    }
                    before.is_none_or(|shown| !shown.supersedes(payload))
                }
                OperationResult::Refused(_) => true,
            };
            ready(is_news)
        })
    }

    /// The same stream; validating it and making its first item is heavy work.
    fn begun_apart(
        self: &Arc<Self>,
        mut responses: BoxStream<'static, Response>,
    ) -> impl Stream<Item = Response> + use<> {
        let engine = Arc::clone(self);
        let begun = async move {
            let begun = engine.heavy.run(async move { (responses.next().await, responses) }).await;
            match begun {
                Ok((first, rest)) => stream::iter(first).chain(rest).boxed(),
                Err(Busy) => {
                    stream::iter([Response::from_errors(vec![result::server_error(Fault::overloaded(BUSY))])]).boxed()
                }
            }
        };
        stream::once(begun).flatten()
    }
}

async fn execute(schema: TaxBudgetSchema, request: Request) -> Executed {
    let Ok(response) = tokio::time::timeout(EXECUTION_TIMEOUT, schema.execute(request)).await else {
        tracing::error!("an operation was given up after {} s", EXECUTION_TIMEOUT.as_secs());
        return Executed { outcome: ExecutionOutcome::Private(result::given_up()), has_errors: true };
    };
    Executed::of(response)
}

impl Operation {
    /// The one that the parameters name, where its variables are there and it costs no more than it may.
    fn of(
        documents: &DocumentCache,
        document: Arc<Document>,
        mut params: GraphQLParams,
        hash: Option<[u8; 32]>,
    ) -> Result<Self, RequestError> {
        let operation = document.operation(params.operation_name.as_deref()).map_err(RequestError::of)?;
        operation.check(&params).map_err(RequestError::of)?;
        params.keep_variables(|name| operation.defines(name));
        let key = params.key();
        let cost = documents.cost(&document, operation, &params);
        cost.check().map_err(RequestError::too_complex)?;
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
        let outcome = match result::body(&response) {
            Ok(json) => ExecutionOutcome::Private(json),
            Err(refusal) => ExecutionOutcome::Refused(refusal),
        };
        Self { outcome, has_errors: !response.errors.is_empty() }
    }

    fn refused(refusal: RequestError) -> Self {
        Self { outcome: ExecutionOutcome::Refused(refusal), has_errors: true }
    }
}
