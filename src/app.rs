//! The composition root: settings in, a running program out. The only file that knows every layer.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    aggregator,
    bus::{Bus, hub::Hub, redis::RedisLink},
    config::{BusArgs, DatabaseArgs, ServerConfig, Switch},
    graphql::{self, SchemaOptions, executor::Executor},
    http::{self, HttpParts, HttpState, Streams},
    service::{
        Services, catalogue::Catalogue, identity::Identity, intake::Intake, limiter::Limiter, read::Aggregates,
        refresh, submit::Submissions,
    },
    store::Store,
};

/// How long open requests and sockets may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// The core without a server: the store, the way into it, and the background tasks.
pub struct Core {
    /// The database.
    pub store: Store,
    /// The way into the ledger.
    pub intake: Intake,
    /// The way to every subscriber.
    pub bus: Bus,
    writer: JoinHandle<()>,
    stop_writer: CancellationToken,
    background: TaskTracker,
    stop_background: CancellationToken,
}

impl Core {
    /// Connects, migrates, and starts the intake and the aggregator.
    pub async fn start(database: &DatabaseArgs, bus_args: &BusArgs) -> anyhow::Result<Self> {
        let store = Store::connect(database.database_url.reveal()).await.context("connecting to the database")?;
        store.migrate_up().await.context("migrating the database")?;
        let redis = bus_args.redis_url().map(|url| RedisLink::connect(url, &bus_args.redis_prefix));
        let bus = Bus { hub: Arc::new(Hub::default()), redis: redis.transpose().context("the Redis URL")? };

        let (stop_writer, stop_background) = (CancellationToken::new(), CancellationToken::new());
        let (wake, background) = (Arc::new(Notify::new()), TaskTracker::new());
        let (intake, writer) = Intake::start(store.clone(), Arc::clone(&wake), stop_writer.clone());
        let push_interval = bus_args.push_interval();
        let aggregator = aggregator::run(store.clone(), bus.clone(), wake, push_interval, stop_background.clone());
        background.spawn(aggregator);
        if let Some(redis) = &bus.redis {
            background.spawn(redis.clone().listen(Arc::clone(&bus.hub), stop_background.clone()));
        }
        Ok(Self { store, intake, bus, writer, stop_writer, background, stop_background })
    }

    /// Stores what was accepted, folds once more, and closes every connection.
    pub async fn stop(self) {
        self.stop_writer.cancel();
        if let Err(error) = self.writer.await {
            tracing::error!(%error, "the intake ended badly");
        }
        self.stop_background.cancel();
        self.background.close();
        self.background.wait().await;
        self.store.close().await;
    }
}

/// The running server.
pub struct App {
    core: Core,
    services: Services,
    server: http::Front,
    /// Ends sockets and subscriptions.
    stop_serving: CancellationToken,
    sockets: TaskTracker,
}

impl App {
    /// Starts everything but the listening.
    pub async fn start(config: &ServerConfig) -> anyhow::Result<Self> {
        // First: without a secret nothing is to be touched.
        let secret = config.resolve_secret()?;
        let core = Core::start(&config.database, &config.bus).await?;
        let catalogue = Arc::new(Catalogue::new(core.store.clone()));
        let freshness = Arc::new(refresh::Freshness::default());
        let limiter = Limiter::new(config.submission_rates(), core.bus.redis.clone());
        let aggregates = Aggregates::new(core.store.clone(), core.bus.clone(), Arc::clone(&freshness));
        let submissions = Submissions::new(Arc::clone(&catalogue), limiter, core.intake.clone(), core.store.clone());
        let services = Services {
            store: core.store.clone(),
            catalogue: Arc::clone(&catalogue),
            aggregates: Arc::new(aggregates),
            answers: Arc::default(),
            submissions: Arc::new(submissions),
            identity: Arc::new(Identity::new(&secret, config.is_https())),
        };
        core.background.spawn(refresh::run(
            core.store.clone(),
            catalogue,
            core.bus.clone(),
            freshness,
            core.stop_background.clone(),
        ));
        let (stop_serving, sockets) = (CancellationToken::new(), TaskTracker::new());
        let introspection = config.introspection == Switch::On;
        let schema = graphql::schema(services.clone(), SchemaOptions { introspection, stop: stop_serving.clone() });
        let server = http::server(HttpState::new(HttpParts {
            executor: Arc::new(Executor::new(schema, services.clone())),
            services: services.clone(),
            bus: core.bus.clone(),
            trusted_proxies: config.trusted_proxies.0.clone().into(),
            stop: stop_serving.clone(),
            sockets: sockets.clone(),
            public_url: config.public_url().map(Into::into),
            is_https: config.is_https(),
            pictures: http::Pictures::new(),
            streams: Streams::new(config.max_streams),
            keep_alive: config.keep_alive(),
            legacy_websocket: config.legacy_websocket == Switch::On,
        }));
        Ok(Self { core, services, server, stop_serving, sockets })
    }

    /// What the handlers use.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Answers until `shutdown`, then lets what was begun finish: requests and sockets first, then the intake, then a
    /// last fold.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let listener = listener.tap_io(http::tune);
        let server =
            axum::serve(listener, self.server).with_graceful_shutdown(self.stop_serving.clone().cancelled_owned());
        let server = tokio::spawn(server.into_future());
        shutdown.await;
        self.stop_serving.cancel();
        self.sockets.close();
        let drained = tokio::time::timeout(DRAIN, async {
            self.sockets.wait().await;
            server.await
        });
        if let Ok(ended) = drained.await {
            ended.context("the server task")?.context("serving")?;
        } else {
            tracing::warn!("some connections did not end within {} s; closing them", DRAIN.as_secs());
        }
        self.core.stop().await;
        Ok(())
    }
}
