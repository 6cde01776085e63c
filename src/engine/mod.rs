//! Executes GraphQL operations for every transport. The result of a public operation is shared by all callers; every
//! other operation is executed for each caller.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Response, Value, indexmap::IndexMap, parser::types::OperationType};
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    future::{Either, ready},
    stream,
};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    counters::{
        Counters,
        operations::{Kind, Outcome},
    },
    domain::network::ClientAddress,
    engine::response_cache::{CacheKey, CachedResponse, ResponseCache},
    fault::{ErrorCode, Fault},
    graphql::{
        Schemas, TaxBudgetSchema, caller::Caller, error_codes::give_codes, registry,
        subscription_metadata::SubscriptionMetadata,
    },
    service::{
        Services,
        dependencies::DependencyTracker,
        limiter::{HEAVY_QUERIES, Limiter},
    },
    traces,
};

mod capacity;
mod document_cache;
mod escapes;
mod fan_out;
#[doc(hidden)]
pub mod fuzzing;
pub mod limits;
mod marking;
pub mod object;
mod params;
mod permits;
pub mod response_cache;
mod result;
mod result_stream;
mod shared_subscriptions;
mod trusted;
mod variable_types;
mod work_threads;

use capacity::{SubscriptionCapacity, SubscriptionPermit};
use document_cache::{Document, DocumentCache};
use limits::Limit;
use marking::Marking;
use shared_subscriptions::SharedSubscriptions;
use trusted::TrustedDocuments;
use work_threads::{Busy, Priority, WorkThreads};

pub use fan_out::{Delivery, FrameWriter};
pub use params::GraphQLParams;
pub use result::{OperationResult, Payload, RequestError};
pub use result_stream::ResultStream;
pub use trusted::Operations;

/// The timeout of a query or mutation. It is longer than the timeouts of everything that an execution waits for, so
/// that those fire first and say what failed.
const EXECUTION_TIMEOUT: Duration = Duration::from_secs(15);
/// The most bytes of the name of an operation that traces and the log show.
const MAX_NAME: usize = 64;
/// The highest cost of a light operation. An operation that costs more takes milliseconds to execute, so it is heavy.
const LIGHT_COST: usize = 600;
/// The number of heavy pieces of work that may wait for a thread, each for milliseconds.
const MAX_WAITING_HEAVY: usize = 64;
/// The number of light documents that may wait to be parsed, each for a tenth of a millisecond: a hall whose clients write
/// their shares into the document votes at the same moment.
const MAX_WAITING_LIGHT: usize = 1024;
const BUSY: &str =
    "This server has too many queries to answer. Nothing was executed; ask for less, or try again in a moment.";

/// The error message for a page of another site that sends a mutation.
const FORBIDDEN: &str = "A page of another origin may only read here. Send this from the page of this server, from a program \
    that is no browser, or ask the operator to add the origin to --allowed-origins.";

/// Executes operations, with the limits, caches and permits that all transports share.
pub struct Engine {
    schemas: Schemas,
    services: Services,
    operations: Operations,
    trusted: TrustedDocuments,
    documents: Arc<DocumentCache>,
    /// The cache of public responses.
    pub responses: ResponseCache,
    /// The threads for heavy work.
    heavy: WorkThreads,
    /// The threads that parse light documents. They are not those of the heavy ones, behind which nobody else must wait.
    parsing: WorkThreads,
    limiter: Arc<Limiter>,
    shared_subscriptions: SharedSubscriptions,
    capacity: SubscriptionCapacity,
    counters: Counters,
}

/// A prepared operation: its cached response, or the operation to execute.
#[allow(clippy::large_enum_variant)] // one for each request, and never kept
pub enum Prepared {
    /// The cached response to a query, which is still current.
    Answered(Arc<CachedResponse>),
    /// The operation must be executed.
    Operation(Operation),
}

/// An operation that is within every limit and can be executed.
pub struct Operation {
    params: GraphQLParams,
    document: Arc<Document>,
    /// The SHA-256 of the document, if the client sent it along.
    hash: Option<[u8; 32]>,
    /// The key of a public operation and its variables, in the response cache and among the shared subscriptions. Empty if the
    /// operation is not public.
    key: Vec<u8>,
    is_public: bool,
    /// Whether the document was found valid before.
    is_valid: bool,
    /// Whether the execution takes so long that it must not block the threads of the runtime.
    is_heavy: bool,
    cost: usize,
    /// The slug of the budget that a subscription watches, where it can be read from the document.
    budget: Option<String>,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

/// The outcome of a query or mutation.
pub enum ExecutionOutcome {
    /// The response, which is the same for every caller.
    Public(Arc<CachedResponse>),
    /// The response for this caller: `{"data":…}`, with `errors` if there are any.
    Private(Bytes),
    /// The operation was not executed.
    Refused(RequestError),
    /// The operation was not executed because this caller may not execute it.
    Forbidden(RequestError),
}

/// A serialised response. A response with errors is not cached.
struct Executed {
    outcome: ExecutionOutcome,
    has_errors: bool,
}

impl Engine {
    /// Creates an engine for this schema and starts the threads for heavy work. Fails if they cannot be started.
    pub fn new(
        schemas: Schemas,
        services: Services,
        operations: Operations,
        limiter: Arc<Limiter>,
        counters: Counters,
    ) -> io::Result<Self> {
        let trusted = TrustedDocuments::built_in();
        Ok(Self {
            schemas,
            services,
            operations,
            documents: Arc::new(DocumentCache::new(registry(), &trusted)),
            trusted,
            responses: ResponseCache::default(),
            counters,
            heavy: WorkThreads::start("heavy", Priority::Idle, MAX_WAITING_HEAVY)?,
            parsing: WorkThreads::start("parsing", Priority::Normal, MAX_WAITING_LIGHT)?,
            limiter,
            shared_subscriptions: SharedSubscriptions::default(),
            capacity: SubscriptionCapacity::default(),
        })
    }

    /// Returns the number of running shared subscriptions.
    pub fn shared_subscriptions(&self) -> usize {
        self.shared_subscriptions.count()
    }

    /// Returns the number of cached documents.
    pub fn documents(&self) -> usize {
        self.documents.count()
    }

    /// Returns the cached response, if there is one and it is still current. Adds the document to parameters that have only its
    /// hash.
    pub fn cached(&self, params: &mut GraphQLParams) -> Option<Arc<CachedResponse>> {
        self.documents.resolve_persisted_query(params).ok()?;
        self.cached_response(params)
    }

    fn cached_response(&self, params: &GraphQLParams) -> Option<Arc<CachedResponse>> {
        let document = self.documents.get(params.query.as_deref()?)?;
        let operation = document.operation(params.operation_name.as_deref()).ok()?;
        // For all others, the key would be made for nothing.
        let may_be_cached = operation.is_public && operation.kind == OperationType::Query;
        may_be_cached.then(|| self.responses.get(CacheKey::operation(&params.key()))).flatten()
    }

    /// Returns the cached response, or the operation to execute. An operation of any transport is executed only after
    /// it has been prepared here, so all of them pass the same limits.
    pub async fn prepare(&self, params: GraphQLParams, address: ClientAddress) -> Result<Prepared, RequestError> {
        let prepared = self.find_or_check(params, address).await;
        match &prepared {
            Ok(Prepared::Answered(_)) => self.counters.operations.ended(Kind::Query, Outcome::Cached),
            Ok(Prepared::Operation(_)) => {}
            Err(_) => self.counters.operations.ended(Kind::Unknown, Outcome::Refused),
        }
        prepared
    }

    async fn find_or_check(&self, mut params: GraphQLParams, address: ClientAddress) -> Result<Prepared, RequestError> {
        Limit::TextBytes.check(params.query.as_ref().map_or(0, String::len)).map_err(RequestError::too_complex)?;
        params.check_variables().map_err(RequestError::too_complex)?;
        let hash = self.documents.resolve_persisted_query(&mut params)?;
        if let Some(response) = self.cached_response(&params) {
            return Ok(Prepared::Answered(response));
        }
        let (mut operation, is_counted) = self.operation(params, hash, address).await?;
        // The page's own operations are never heavy: they must not queue behind the heavy operations of other clients.
        operation.is_heavy &= !self.trusted.contains(operation.document.text());
        // Joining a shared subscription costs nothing more: a class that watches the same chart is one execution.
        if operation.is_heavy && !is_counted && !self.shared_subscriptions.has(&operation.key) {
            self.admit_heavy(address)?;
        }
        Ok(Prepared::Operation(operation))
    }

    /// Counts one heavy document for this network. Fails if the network has sent too many.
    fn admit_heavy(&self, address: ClientAddress) -> Result<(), RequestError> {
        let message = "Too many large queries of this network. Ask for less at once, or less often.";
        let checked = self.limiter.check_here(&HEAVY_QUERIES, address);
        checked.map_err(|wait| RequestError::of_fault(&Fault::rate_limited(message, wait)))
    }

    /// Returns the operation that the parameters name, and whether its document was counted as heavy for this network.
    async fn operation(
        &self,
        params: GraphQLParams,
        hash: Option<[u8; 32]>,
        address: ClientAddress,
    ) -> Result<(Operation, bool), RequestError> {
        let text = params.query.as_deref().unwrap_or_default();
        if self.operations == Operations::Trusted && !self.trusted.contains(text) {
            let message = "This server executes only the operations of its own page. Read the numbers at \
                /api/budgets/{slug}/aggregate.json, or ask its operators.";
            return Err(RequestError::of_fault(&Fault::new(ErrorCode::Forbidden, message)));
        }
        if let Some(document) = self.documents.get(text) {
            let operation = Operation::of(&self.documents, document, params, hash)?;
            return Ok((Operation { is_valid: true, ..operation }, false));
        }
        let tokens = limits::text::check(text).map_err(RequestError::too_complex)?;
        let is_heavy = document_cache::is_heavy(text, tokens);
        if is_heavy {
            self.admit_heavy(address)?;
        }
        let documents = Arc::clone(&self.documents);
        let parsing = async move {
            let document = documents.parse(params.query.as_deref().unwrap_or_default())?;
            Operation::of(&documents, document, params, hash)
        };
        let parsed = if is_heavy { self.run_heavy(parsing).await } else { self.parsing.run(parsing).await };
        let operation = parsed.unwrap_or_else(|Busy| Err(RequestError::of_fault(&Fault::overloaded(BUSY))))?;
        Ok((operation, is_heavy))
    }

    async fn run_heavy<F>(&self, work: F) -> Result<F::Output, Busy>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let output = self.heavy.run(work).await;
        self.counters.heavy_work(output.is_ok());
        output
    }

    /// Executes a query or mutation. The response to a public query is cached for all callers.
    pub async fn execute(&self, operation: Operation, caller: Caller) -> ExecutionOutcome {
        let (kind, started) = (kind(operation.kind), Instant::now());
        let span = span(&operation);
        let Executed { outcome, has_errors } = self.run_or_share(operation, caller).instrument(span.clone()).await;
        let ended = match &outcome {
            ExecutionOutcome::Refused(_) | ExecutionOutcome::Forbidden(_) => Outcome::Refused,
            _ if has_errors => Outcome::Errors,
            _ => Outcome::Ok,
        };
        traces::record_outcome(&span, "outcome", ended.name());
        self.counters.operations.executed(kind, ended, started.elapsed());
        outcome
    }

    async fn run_or_share(&self, operation: Operation, caller: Caller) -> Executed {
        if !caller.may(operation.kind) {
            let fault = Fault::new(ErrorCode::Forbidden, FORBIDDEN);
            let outcome = ExecutionOutcome::Forbidden(RequestError::of_fault(&fault));
            return Executed { outcome, has_errors: true };
        }
        if !operation.is_public {
            return self.run(operation, caller, None).await;
        }
        let key = operation.key.clone();
        let response = self.responses.get_or_make(CacheKey::operation(&key), async || {
            let dependencies = Arc::new(DependencyTracker::begin(&self.services));
            match self.run(operation, caller, Some(Arc::clone(&dependencies))).await {
                // A budget may hide its results from some callers, so that only the resolver knows.
                executed if dependencies.depends_on_caller() => Err(executed),
                Executed { outcome: ExecutionOutcome::Private(json), has_errors: false } => {
                    Ok(Arc::new(CachedResponse::new(json, dependencies.dependencies())))
                }
                // A response with errors is not cached: the next execution may succeed.
                executed => Err(executed),
            }
        });
        match response.await {
            Ok(response) => Executed { outcome: ExecutionOutcome::Public(response), has_errors: false },
            Err(executed) => executed,
        }
    }

    async fn run(
        &self,
        operation: Operation,
        caller: Caller,
        dependencies: Option<Arc<DependencyTracker>>,
    ) -> Executed {
        let (schemas, documents, is_heavy) = (self.schemas.clone(), Arc::clone(&self.documents), operation.is_heavy);
        // All of it is done where the operation is executed: copying and dropping a large document takes long, too.
        let execution = async move {
            let (document, hash, is_valid) = (Arc::clone(&operation.document), operation.hash, operation.is_valid);
            let mut request = operation.request(caller);
            let is_valid = is_valid && documents.is_still_valid(&document, &request);
            let schema = if is_valid { schemas.executing_valid } else { schemas.validating };
            if let Some(dependencies) = dependencies {
                request = request.data(dependencies);
            }
            let executed = execute(schema, request).await;
            // An operation is refused if its document is not valid, so this document is valid.
            if !matches!(executed.outcome, ExecutionOutcome::Refused(_)) {
                documents.insert(&document, hash);
            }
            executed
        };
        if !is_heavy {
            return execution.await;
        }
        let executed = self.run_heavy(execution).await;
        executed.unwrap_or_else(|Busy| Executed::refused(RequestError::of_fault(&Fault::overloaded(BUSY))))
    }

    /// Prepares an operation and executes it as a stream of results.
    pub async fn subscribe_or_execute(self: &Arc<Self>, params: GraphQLParams, caller: Caller) -> ResultStream {
        // A WebSocket outlives the request that opened it, so each of its operations is like a request.
        let span = tracing::error_span!("request", id = traces::request_id().as_deref(), method = "WEBSOCKET");
        let started = async {
            match self.prepare(params, caller.address).await {
                Ok(prepared) => self.stream(prepared, caller),
                Err(error) => ResultStream::refused(error),
            }
        };
        started.instrument(span).await
    }

    /// Executes a prepared operation as a stream of results. A query or mutation has one result. A subscription has the
    /// latest result, again whenever there is a newer one.
    pub fn stream(self: &Arc<Self>, prepared: Prepared, caller: Caller) -> ResultStream {
        match prepared {
            Prepared::Operation(operation) if operation.kind == OperationType::Subscription => {
                self.subscribe(operation, caller)
            }
            prepared => {
                let engine = Arc::clone(self);
                ResultStream::once(traces::carried(async move { engine.result_of(prepared, caller).await }))
            }
        }
    }

    async fn result_of(&self, prepared: Prepared, caller: Caller) -> OperationResult {
        let outcome = match prepared {
            Prepared::Answered(response) => ExecutionOutcome::Public(response),
            Prepared::Operation(operation) => self.execute(operation, caller).await,
        };
        match outcome {
            ExecutionOutcome::Public(response) => OperationResult::Next(Payload::once(&response.body)),
            ExecutionOutcome::Private(json) => OperationResult::Next(Payload::once(&json)),
            ExecutionOutcome::Refused(error) | ExecutionOutcome::Forbidden(error) => OperationResult::Refused(error),
        }
    }

    /// Starts a subscription. Subscribers to the same public data share one execution. A subscription that depends on
    /// the caller is never shared.
    fn subscribe(self: &Arc<Self>, operation: Operation, caller: Caller) -> ResultStream {
        let span = span(&operation).entered();
        let results = self.join_or_start(operation, caller);
        // What is refused is a single result.
        let outcome = if results.is_single() { Outcome::Refused } else { Outcome::Ok };
        traces::record_outcome(&span, "outcome", outcome.name());
        self.counters.operations.ended(Kind::Subscription, outcome);
        results
    }

    fn join_or_start(self: &Arc<Self>, operation: Operation, caller: Caller) -> ResultStream {
        // The page's own subscriptions take no capacity, so that other clients' subscriptions never lock its users out.
        let is_of_page = self.trusted.contains(operation.document.text());
        let acquire = |cost| if is_of_page { Ok(SubscriptionPermit::free()) } else { self.capacity.acquire(cost) };
        let cost = operation.cost;
        if operation.is_public && !self.may_depend_on(&caller, &operation) {
            let key = operation.key.clone();
            // What many receive is made for nobody in particular.
            let caller = Caller { participant: None, ..caller };
            let start = |metadata| self.results(operation, caller, metadata);
            return self
                .shared_subscriptions
                .subscribe(key, || acquire(cost), start)
                .unwrap_or_else(ResultStream::refused);
        }
        match acquire(cost) {
            Ok(permit) => {
                let results = self.results(operation, caller, SubscriptionMetadata::default());
                ResultStream::own(permit.held_by(self.shared_subscriptions.with_permits(results)))
            }
            Err(error) => ResultStream::refused(error),
        }
    }

    /// Returns whether a public subscription may have other results for this caller than for one who is not known: a budget
    /// may show its results to its participants first.
    fn may_depend_on(&self, caller: &Caller, operation: &Operation) -> bool {
        caller.participant.is_some()
            && operation.budget.as_deref().is_none_or(|slug| self.services.catalogue.may_depend_on_caller(slug))
    }

    fn results(
        self: &Arc<Self>,
        operation: Operation,
        caller: Caller,
        metadata: SubscriptionMetadata,
    ) -> impl Stream<Item = OperationResult> + Send + use<> {
        let (documents, document, hash) =
            (Arc::clone(&self.documents), Arc::clone(&operation.document), operation.hash);
        let is_heavy = operation.is_heavy;
        let (schema, data) = (self.schemas.validating.clone(), metadata.clone());
        let start = move || {
            let (mut latest, mut marking) = (None::<Payload>, Marking::default());
            schema.execute_stream(operation.request(caller).data(data)).filter_map(move |mut response| {
                give_codes(&mut response.errors);
                let mut result = OperationResult::of(&response, &metadata);
                marking.read(&metadata);
                // A result has nothing new if the change was in a field that is not selected, such as `stale`.
                let is_new = match &mut result {
                    OperationResult::Next(payload) => {
                        let previous = latest.replace(payload.clone());
                        if previous.is_none() {
                            documents.insert(&document, hash);
                        }
                        let is_new = previous.is_none_or(|previous| !previous.supersedes(payload));
                        if is_new {
                            payload.mark = Some(marking.mark(&metadata));
                        }
                        is_new
                    }
                    OperationResult::Refused(_) => true,
                };
                ready(is_new.then_some(result))
            })
        };
        if is_heavy { Either::Left(self.start_as_heavy_work(start)) } else { Either::Right(start()) }
    }

    /// Starts a stream as heavy work. Its first result, for which the document is validated, is made and serialised there too.
    fn start_as_heavy_work<F, S>(self: &Arc<Self>, start: F) -> impl Stream<Item = OperationResult> + use<F, S>
    where
        F: FnOnce() -> S + Send + 'static,
        S: Stream<Item = OperationResult> + Send + 'static,
    {
        let engine = Arc::clone(self);
        let started = async move {
            let started = async move {
                let mut results = start().boxed();
                (results.next().await, results)
            };
            let started = engine.run_heavy(started).await;
            started.map_or_else(
                |Busy| ResultStream::refused(RequestError::of_fault(&Fault::overloaded(BUSY))).boxed(),
                |(first, rest)| stream::iter(first).chain(rest).boxed(),
            )
        };
        stream::once(started).flatten()
    }
}

/// Returns the span of an operation. Its name is the client's, so it is cut.
fn span(operation: &Operation) -> Span {
    let name = operation.params.operation_name.as_deref().map(|name| name.get(..MAX_NAME).unwrap_or(name));
    tracing::error_span!("operation", kind = kind(operation.kind).name(), name, outcome = Empty)
}

fn kind(of: OperationType) -> Kind {
    match of {
        OperationType::Query => Kind::Query,
        OperationType::Mutation => Kind::Mutation,
        OperationType::Subscription => Kind::Subscription,
    }
}

async fn execute(schema: TaxBudgetSchema, request: Request) -> Executed {
    let Ok(mut response) = tokio::time::timeout(EXECUTION_TIMEOUT, schema.execute(request)).await else {
        tracing::error!("an operation was given up after {} s", EXECUTION_TIMEOUT.as_secs());
        return Executed { outcome: ExecutionOutcome::Private(result::timed_out()), has_errors: true };
    };
    give_codes(&mut response.errors);
    Executed::of(response)
}

impl Operation {
    /// Selects the operation that the parameters name. Fails if a required variable is missing or the cost exceeds its
    /// limit.
    fn of(
        documents: &DocumentCache,
        document: Arc<Document>,
        mut params: GraphQLParams,
        hash: Option<[u8; 32]>,
    ) -> Result<Self, RequestError> {
        let operation = document.operation(params.operation_name.as_deref()).map_err(RequestError::of)?;
        operation.check(&params).map_err(RequestError::of)?;
        params.keep_variables(|name| operation.defines(name));
        let key = if operation.is_public { params.key() } else { Vec::new() };
        let cost = documents.cost(&document, operation, &params);
        cost.check().map_err(RequestError::too_complex)?;
        let cost = cost.data.saturating_add(cost.introspection);
        let (kind, is_public, is_heavy) =
            (operation.kind, operation.is_public, document.is_heavy() || cost > LIGHT_COST);
        for (name, default) in &operation.defaults {
            params.set_default(name, default);
        }
        let budget = document.operation(params.operation_name.as_deref()).ok();
        let budget = budget.and_then(|operation| operation.budget(&params)).map(ToOwned::to_owned);
        Ok(Self { params, document, hash, key, is_public, is_valid: false, is_heavy, cost, budget, kind })
    }

    /// Converts the operation into a request that async-graphql need not parse again.
    fn request(self, caller: Caller) -> Request {
        let mut request = self.params.into_request().data(caller);
        request.set_parsed_query(self.document.parsed.clone());
        request
    }
}

impl Executed {
    fn of(mut response: Response) -> Self {
        // If no field is left to execute, "the result is an empty map" (GraphQL, October 2021, 6.2.1), not null.
        if response.data == Value::Null && response.errors.is_empty() {
            response.data = Value::Object(IndexMap::new());
        }
        let outcome = match result::body(&response) {
            Ok(json) => ExecutionOutcome::Private(json),
            Err(error) => ExecutionOutcome::Refused(error),
        };
        Self { outcome, has_errors: !response.errors.is_empty() }
    }

    fn refused(error: RequestError) -> Self {
        Self { outcome: ExecutionOutcome::Refused(error), has_errors: true }
    }
}
