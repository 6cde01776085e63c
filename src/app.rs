//! The composition root: turns settings into a running program. It is the only file that knows every layer.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    aggregator::{self, Intervals},
    bus::{Bus, hub::Hub},
    config::{BusArgs, DatabaseArgs, OperationsSetting, Role, Secrets, ServerConfig, Switch},
    counters::Counters,
    engine::{Engine, Operations},
    graphql::{self, SchemaOptions, Schemas, admin::AdminSchema},
    http::{self, ConnectionLimiter, DatabaseProbe, Drain, HttpParts, HttpState, Origins, Proxies, Streams, Timeouts},
    jobs,
    ledger::Ledger,
    redis::RedisClient,
    service::{
        Services,
        catalogue::Catalogue,
        codes::{Codes, register::Register},
        cohorts::Cohorts,
        desk::{
            accounts::Accounts,
            answer_ids::AnswerIds,
            answers::Answers,
            exclusions::Exclusions,
            operations::{Operations as DeskOperations, ThisNode, Usage},
        },
        form_views::FormViews,
        identity::Identity,
        installation::Installation,
        intake::Intake,
        limiter::Limiter,
        my_data::MyData,
        networks::Networks,
        proof_of_work::ProofOfWork,
        read::Aggregates,
        refresh,
        seal::Seal,
        submit::Submissions,
    },
    store::{self, Store, StoreError},
};

/// The first and the longest pause between two attempts to reach the database at the start.
const RETRY_PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(5)];
/// How long a command waits for Redis.
const BUS_TIMEOUT: Duration = Duration::from_secs(2);
/// How long open requests and WebSockets may take to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// The backend without a server: the store, the intake, the bus, and the background tasks.
#[allow(missing_docs)] // an item without a doc comment has a name that says it all
pub struct Backend {
    pub store: Store,
    /// Stores submissions in the ledger.
    pub intake: Intake,
    /// Publishes snapshots to every subscriber.
    pub bus: Bus,
    /// Changes aggregates and publishes them.
    pub ledger: Ledger,
    pub counters: Counters,
    /// The number of this process among all nodes.
    node: Uuid,
    /// Wakes the aggregator after a commit.
    committed: Arc<Notify>,
    writer: JoinHandle<()>,
    stop_writer: CancellationToken,
    background: TaskTracker,
    stop_background: CancellationToken,
    /// The task of the Redis connection. It stops last, because the final fold is published over it.
    link: TaskTracker,
    stop_link: CancellationToken,
}

impl Backend {
    /// Starts the backend of a command: connects, migrates, and starts the intake and an aggregator.
    pub async fn start(database: &DatabaseArgs, bus: &BusArgs) -> anyhow::Result<Self> {
        let store = Store::connect(database.database_url.reveal()).await.context("connecting to the database")?;
        store.migrate_up(database.publish_every).await.context("migrating the database")?;
        let backend = Self::start_with_store(store, bus, true)?;
        if let Some(redis) = &backend.bus.redis {
            // A command publishes once and then ends, so it cannot wait for Redis later.
            redis.wait_for_connection(BUS_TIMEOUT).await;
        }
        Ok(backend)
    }

    /// Starts the intake, and either an aggregator or its fallback.
    fn start_with_store(store: Store, bus_args: &BusArgs, aggregates: bool) -> anyhow::Result<Self> {
        let (counters, node) = (Counters::default(), Uuid::new_v4());
        let redis = bus_args.redis_url().map(|url| RedisClient::connect(url, &bus_args.redis_prefix));
        let bus = Bus { hub: Arc::new(Hub::default()), redis: redis.transpose().context("the Redis URL")? };

        let (stop_writer, stop_background) = (CancellationToken::new(), CancellationToken::new());
        let (wake, background) = (Arc::new(Notify::new()), TaskTracker::new());
        let (link, stop_link) = (TaskTracker::new(), CancellationToken::new());
        let (intake, writer) =
            Intake::start(store.clone(), Arc::clone(&wake), counters.intake.clone(), stop_writer.clone());
        let ledger = Ledger::new(store.clone(), bus.clone(), counters.clone());
        if aggregates {
            let intervals = Intervals::new(bus_args.push_interval(), store.is_shared());
            let jobs = jobs::Runner::new(store.clone(), ledger.clone(), node);
            background.spawn(jobs.run(stop_background.clone()));
            background.spawn(aggregator::run(ledger.clone(), Arc::clone(&wake), intervals, stop_background.clone()));
        } else {
            background.spawn(aggregator::run_fallback(ledger.clone(), stop_background.clone()));
        }
        if bus.redis.is_some() {
            link.spawn(bus.clone().listen(stop_link.clone()));
        }
        Ok(Self {
            store,
            intake,
            bus,
            ledger,
            counters,
            node,
            committed: wake,
            writer,
            stop_writer,
            background,
            stop_background,
            link,
            stop_link,
        })
    }

    /// Stores what was accepted, folds once more, and closes every connection.
    pub async fn stop(self) {
        self.stop_writer.cancel();
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "the intake ended badly");
        }
        for (stop, tasks) in [(self.stop_background, self.background), (self.stop_link, self.link)] {
            stop.cancel();
            tasks.close();
            tasks.wait().await;
        }
        self.store.close().await;
    }
}

/// The running server.
pub struct App {
    backend: Backend,
    services: Services,
    admin: AdminSchema,
    server: http::FastPath,
    drain: Drain,
    /// Ends subscriptions and all other work when the drain window is over.
    stop_serving: CancellationToken,
    websockets: TaskTracker,
    /// Time limits of connections.
    pub timeouts: Timeouts,
}

impl App {
    /// Starts everything except the listener.
    pub async fn start(config: &ServerConfig) -> anyhow::Result<Self> {
        // These checks come first, so that a wrong URL or a missing secret fails before anything is changed.
        store::check_url(config.database.database_url.reveal())?;
        let secrets = config.secrets.resolve(&config.database)?;
        config.check_trusted_user_header()?;
        let origins = Origins::new(config.public_origin()?, config.allowed_origins.0.clone());
        let store = reach_database(config).await?;
        let backend = Backend::start_with_store(store, &config.bus, config.role != Role::Web)?;
        let connections = ConnectionLimiter::new(connection_limit(config), config.max_connections_per_network);
        let streams = Streams::new(config.max_streams, config.max_streams_per_network);
        let usage: Usage = {
            let (connections, streams) = (Arc::clone(&connections), Arc::clone(&streams));
            Arc::new(move || (connections.open(), streams.limiter.open()))
        };
        let (services, limiter) = start_services(config, &secrets, &backend, usage).await?;
        let (drain, stop_serving, websockets) = (Drain::default(), CancellationToken::new(), TaskTracker::new());
        let introspection = config.introspection == Switch::On;
        let schemas = Schemas::new(&services, &SchemaOptions { introspection, stop: stop_serving.clone() });
        let engine =
            Engine::new(schemas, services.clone(), operations(config.operations), limiter, backend.counters.clone());
        let engine = engine.context("starting threads")?;
        let admin = graphql::admin::schema(services.clone(), stop_serving.clone());
        let state = HttpState::new(HttpParts {
            engine: Arc::new(engine),
            admin: admin.clone(),
            services: services.clone(),
            bus: backend.bus.clone(),
            counters: backend.counters.clone(),
            drain: drain.clone(),
            proxies: Proxies::new(config.trusted_proxies.0.clone(), config.proxy_count.0),
            trusted_user: config.trusted_user_header.clone(),
            origins,
            embed_origins: config.embed_origins.clone(),
            stop: stop_serving.clone(),
            websockets: websockets.clone(),
            public_url: config.public_url().map(Into::into),
            is_https: config.is_https(),
            pictures: http::Pictures::new(),
            connections,
            database: DatabaseProbe::default(),
            streams,
            keep_alive: config.keep_alive(),
            legacy_websocket: config.legacy_websocket == Switch::On,
        });
        let server = if config.role == Role::Worker { http::probes(state) } else { http::server(state) };
        let mut timeouts = Timeouts::default();
        timeouts.outlast(config.keep_alive());
        Ok(Self { backend, services, admin, server, drain, stop_serving, websockets, timeouts })
    }

    /// Returns the services that the handlers use.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Returns the schema of the organisers' desk.
    pub fn admin(&self) -> &AdminSchema {
        &self.admin
    }

    /// Serves until `shutdown` completes, then drains for the time that `shutdown` returned: the node reports that it
    /// is not ready, and closes its WebSockets and streams one by one. Then it finishes the work that has begun:
    /// requests first, then the intake, then a final fold.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = Duration>) -> anyhow::Result<()> {
        let serving = http::serve(listener, self.server, self.timeouts, self.stop_serving.clone());
        let server = tokio::spawn(serving);
        let window = shutdown.await;
        self.drain.begin(window);
        tokio::time::sleep(window).await;
        self.stop_serving.cancel();
        self.websockets.close();
        let drained = tokio::time::timeout(SHUTDOWN_TIMEOUT, async {
            self.websockets.wait().await;
            server.await
        });
        if let Ok(ended) = drained.await {
            ended.context("the server task")?;
        } else {
            tracing::warn!("some connections did not end within {} s; closing them", SHUTDOWN_TIMEOUT.as_secs());
        }
        self.backend.stop().await;
        Ok(())
    }
}

fn installation(config: &ServerConfig) -> Installation {
    Installation {
        operator: config.operator().map(ToOwned::to_owned),
        contact: config.contact().map(ToOwned::to_owned),
        submission_rates: config.submission_rates(),
    }
}

/// Creates the services and starts their background tasks. The limiter is also the engine's.
async fn start_services(
    config: &ServerConfig,
    secrets: &Secrets,
    backend: &Backend,
    usage: Usage,
) -> anyhow::Result<(Services, Arc<Limiter>)> {
    let catalogue = Arc::new(Catalogue::new(backend.store.clone()));
    let freshness = Arc::new(refresh::Freshness::default());
    let networks =
        Networks::load(&secrets.current, &backend.store).await.context("reading the key that blinds networks")?;
    let networks = Arc::new(networks);
    let limiter = Limiter::new(config.submission_rates(), Arc::clone(&networks), backend.bus.redis.clone());
    let limiter = Arc::new(limiter);
    let aggregates = Aggregates::new(
        backend.store.clone(),
        backend.bus.clone(),
        backend.ledger.clone(),
        Arc::clone(&freshness),
        backend.counters.clone(),
    );
    let seal = || Seal::new(&secrets.current, secrets.previous.as_deref());
    let register = Register::new(backend.store.clone(), seal());
    register.reseal().await.context("sealing the keys of participation codes")?;
    let codes = Arc::new(Codes::new(backend.store.clone(), Arc::clone(&catalogue), Arc::clone(&limiter), register));
    let accounts = Accounts::new(backend.store.clone(), Arc::clone(&limiter), seal());
    accounts.reseal().await.context("sealing the secrets of one-time codes")?;
    let cohorts = Arc::new(Cohorts::new(Arc::clone(&networks), backend.counters.clone()));
    let submissions = Submissions {
        catalogue: Arc::clone(&catalogue),
        limiter: Arc::clone(&limiter),
        codes: Arc::clone(&codes),
        proof_of_work: ProofOfWork::new(&secrets.current, secrets.previous.as_deref(), config.proof_of_work.tries()),
        cohorts: Arc::clone(&cohorts),
        intake: backend.intake.clone(),
        store: backend.store.clone(),
        counters: backend.counters.clone(),
    };
    let my_data = MyData {
        store: backend.store.clone(),
        catalogue: Arc::clone(&catalogue),
        limiter: Arc::clone(&limiter),
        codes: Arc::clone(&codes),
        committed: Arc::clone(&backend.committed),
    };
    let answer_ids = Arc::new(AnswerIds::new(&secrets.current, secrets.previous.as_deref()));
    let exclusions = Exclusions {
        store: backend.store.clone(),
        catalogue: Arc::clone(&catalogue),
        ids: Arc::clone(&answer_ids),
        committed: Arc::clone(&backend.committed),
    };
    let form_views = Arc::new(FormViews::default());
    let desk_operations = Arc::new(DeskOperations::new(
        backend.store.clone(),
        backend.bus.clone(),
        backend.intake.clone(),
        backend.counters.clone(),
        ThisNode { id: backend.node, role: config.role.name(), usage },
    ));
    let services = Services {
        operations: Arc::clone(&desk_operations),
        form_views: Arc::clone(&form_views),
        answers: Arc::new(Answers::new(backend.store.clone(), answer_ids)),
        exclusions: Arc::new(exclusions),
        store: backend.store.clone(),
        catalogue: Arc::clone(&catalogue),
        aggregates: Arc::new(aggregates),
        submissions: Arc::new(submissions),
        codes,
        identity: Arc::new(Identity::new(&secrets.current, secrets.previous.as_deref())),
        networks: Arc::clone(&networks),
        cohorts: Arc::clone(&cohorts),
        my_data: Arc::new(my_data),
        accounts: Arc::new(accounts),
        installation: Arc::new(installation(config)),
    };
    backend.background.spawn(form_views.run(backend.store.clone(), backend.stop_background.clone()));
    backend.background.spawn(desk_operations.run(backend.stop_background.clone()));
    backend.background.spawn(cohorts.run(backend.store.clone(), backend.stop_background.clone()));
    backend.background.spawn(networks.run(backend.store.clone(), backend.stop_background.clone()));
    backend.background.spawn(refresh::run(
        backend.store.clone(),
        catalogue,
        backend.bus.clone(),
        backend.ledger.clone(),
        freshness,
        backend.stop_background.clone(),
    ));
    Ok((services, limiter))
}

fn operations(setting: OperationsSetting) -> Operations {
    match setting {
        OperationsSetting::All => Operations::All,
        OperationsSetting::Trusted => Operations::Trusted,
    }
}

/// Returns how many connections may be open: the setting, or fewer if the limit of open files does not allow that many.
fn connection_limit(config: &ServerConfig) -> usize {
    let limit = http::connection_capacity(config.max_connections);
    if limit < config.max_connections {
        tracing::warn!(
            "the limit of open files allows {limit} connections, fewer than --max-connections ({}): raise it (ulimit -n, \
             LimitNOFILE) or lower the setting",
            config.max_connections
        );
    }
    limit
}

/// Waits until the database can be reached, brings its schema up to date or checks it, and returns the store.
async fn reach_database(config: &ServerConfig) -> anyhow::Result<Store> {
    let url = config.database.database_url.reveal();
    for url in [Some(url), config.database.read_database_url()].into_iter().flatten() {
        if store::leaves_tls_open(url) {
            let place = store::without_credentials(url);
            tracing::warn!(
                "the connection to {place} may go unencrypted: add sslmode=verify-full to the database's URL"
            );
        }
    }
    let [mut pause, longest_pause] = RETRY_PAUSES;
    let store = loop {
        match open(&config.database, config.no_migrate).await {
            Ok(store) => break store,
            Err(error) if store::sqlite_file(url).is_none() && error.is_transient_connect_error() => {
                let what = store::without_credentials(url);
                tracing::warn!(%error, "waiting for the database at {what}; the next attempt in {} ms", pause.as_millis());
                tokio::time::sleep(pause).await;
                pause = (2 * pause).min(longest_pause);
            }
            Err(error) => return Err(anyhow::Error::new(error).context("opening the database")),
        }
    };
    if config.no_migrate {
        let pending = store.pending_migrations().await.context("asking for the database's schema")?;
        anyhow::ensure!(
            pending.is_empty(),
            "the database's schema lacks {}: run `taxbudget migrate up`, or leave out --no-migrate",
            pending.join(", ")
        );
    }
    match config.database.read_database_url() {
        Some(replica) => Ok(store.with_replica(replica).await?),
        None => Ok(store),
    }
}

async fn open(database: &DatabaseArgs, no_migrate: bool) -> Result<Store, StoreError> {
    let store = Store::connect(database.database_url.reveal()).await?;
    store.check_integrity().await?;
    if !no_migrate {
        store.migrate_up(database.publish_every).await?;
    }
    Ok(store)
}
