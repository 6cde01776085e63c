//! Everything that a deployment consists of, as processes of one test's own in one folder.

use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{
    leftovers::running_in,
    nginx::Nginx,
    node::Node,
    postgres::{Postgres, url_at},
};
use test_support::{TestDatabase, eventually, flags::Flags, redis::RedisProcess, relay::Relay, setting};

/// What stands before every key and channel.
pub const REDIS_PREFIX: &str = "faults";
/// The snapshot in Redis.
pub const REDIS_KEY: &str = "faults:{federal}:snapshot";
/// What nodes announce.
pub const REDIS_CHANNEL: &str = "faults:snapshots";

/// Where the data is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Data {
    #[default]
    Postgres,
    /// A file in this folder, and one node alone.
    Sqlite(std::path::PathBuf),
}

/// What not every test needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// The reverse proxy before the nodes.
    Proxy,
    /// Relays between the nodes and PostgreSQL, and Redis.
    Relays,
    /// A wall clock of its own for every process but Redis: the allocator of Debian's does not go together with
    /// `libfaketime`.
    Clocks,
}

/// What a cluster consists of.
#[derive(Debug, Clone)]
pub struct Layout {
    pub data: Data,
    pub web_nodes: usize,
    pub has_worker: bool,
    pub extras: Vec<Extra>,
    /// More flags of `serve`; one that is repeated replaces the first.
    pub flags: Vec<String>,
}

impl Default for Layout {
    fn default() -> Self {
        Self { data: Data::Postgres, web_nodes: 2, has_worker: true, extras: Vec::new(), flags: Vec::new() }
    }
}

impl Layout {
    fn has(&self, extra: Extra) -> bool {
        self.extras.contains(&extra)
    }
}

/// The running processes; all end with it. Fields are dropped in this order: who uses a service before the service.
pub struct Cluster {
    pub proxy: Option<Nginx>,
    pub web: Vec<Node>,
    pub worker: Option<Node>,
    pub redis_relay: Option<Relay>,
    pub database_relay: Option<Relay>,
    pub redis: Option<RedisProcess>,
    pub postgres: Option<Postgres>,
    pub database: TestDatabase,
    folder: TempDir,
}

impl Cluster {
    pub async fn start(layout: &Layout) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL and the proxy's workers are other users.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let clock = |name: &str| {
            if layout.has(Extra::Clocks) { super::clock::environment(folder.path(), name) } else { vec![] }
        };

        let (postgres, redis) = match layout.data {
            Data::Postgres => (
                Some(Postgres::start_in(folder.path(), &clock("postgres")).await),
                Some(RedisProcess::start_in(folder.path()).await),
            ),
            Data::Sqlite(_) => (None, None),
        };
        let relay = async |address: Option<SocketAddr>| match address {
            Some(address) if layout.has(Extra::Relays) => Some(Relay::to(address).await),
            _ => None,
        };
        let redis_relay = relay(redis.as_ref().map(RedisProcess::address)).await;
        let database_relay = relay(postgres.as_ref().map(|postgres| ([127, 0, 0, 1], postgres.port).into())).await;

        let url = match (&layout.data, &postgres) {
            (Data::Sqlite(folder), _) => format!("sqlite://{}/test.db?mode=rwc", folder.display()),
            (Data::Postgres, postgres) => postgres.as_ref().unwrap().url(),
        };
        let database_url = database_relay.as_ref().map_or_else(|| url.clone(), |relay| url_at(relay.address.port()));
        let redis_address =
            redis_relay.as_ref().map(|relay| relay.address).or(redis.as_ref().map(RedisProcess::address));
        let flags = flags(&database_url, redis_address, &layout.flags);

        let (mut web, mut worker) = (Vec::new(), None);
        if layout.has_worker {
            let flags = flags.clone().with(["--role=worker"]);
            worker = Some(Node::start_in(folder.path(), "worker", flags, clock("worker")).await);
        }
        for number in 1..=layout.web_nodes {
            let name = format!("web-{number}");
            let role = if layout.has_worker { "--role=web" } else { "--role=all" };
            let flags = flags.clone().with([role]);
            web.push(Node::start_in(folder.path(), &name, flags, clock(&name)).await);
        }
        let addresses: Vec<SocketAddr> = web.iter().map(|node| node.address).collect();
        let proxy =
            if layout.has(Extra::Proxy) { Some(Nginx::start_in(folder.path(), &addresses).await) } else { None };
        let database = TestDatabase::at(url);
        let cluster = Self { proxy, web, worker, redis_relay, database_relay, redis, postgres, database, folder };
        for node in &cluster.web {
            node.client().bus_is_up().await;
        }
        cluster
    }

    /// Where clients go: to the proxy if there is one, else to the nodes.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        match &self.proxy {
            Some(proxy) => vec![proxy.address],
            None => self.web.iter().map(|node| node.address).collect(),
        }
    }

    /// The folder of everything in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn nodes(&mut self) -> impl Iterator<Item = &mut Node> {
        self.worker.iter_mut().chain(&mut self.web)
    }

    /// A web node by its number from 0, or behind the last one the worker.
    pub fn node(&mut self, number: usize) -> &mut Node {
        if number < self.web.len() { &mut self.web[number] } else { self.worker.as_mut().unwrap() }
    }

    pub fn node_count(&self) -> usize {
        self.web.len() + usize::from(self.worker.is_some())
    }

    pub fn redis(&mut self) -> &mut RedisProcess {
        self.redis.as_mut().unwrap()
    }

    pub fn postgres(&mut self) -> &mut Postgres {
        self.postgres.as_mut().unwrap()
    }

    /// Waits until a node that was started says that it is ready.
    pub async fn is_ready(&self, address: SocketAddr) {
        let http = reqwest::Client::new();
        let url = format!("http://{address}/readyz");
        eventually("a node is ready", || async {
            let answer = http.get(&url).timeout(Duration::from_secs(5)).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// Tells every process to stop, and holds them to an orderly end that leaves nothing behind.
    pub async fn stop(mut self) {
        let stops = self.nodes().filter(|node| node.is_running()).map(async |node| {
            assert_eq!(node.terminate().await, Some(0), "{} did not end well", node.name);
        });
        join_all(stops).await;
        let Self { proxy, web, worker, redis_relay, database_relay, mut redis, postgres, database, folder } = self;
        if let Some(redis) = &mut redis {
            redis.stop().await;
        }
        drop((proxy, web, worker, redis_relay, database_relay, redis, postgres, database));
        let left = running_in(folder.path());
        assert!(left.is_empty(), "still running: {left:?}");
    }
}

/// Always the same, so that a node comes back as the one that it was.
fn flags(database_url: &str, redis: Option<SocketAddr>, own: &[String]) -> Flags {
    let redis_url = redis.map(|address| format!("redis://{address}")).unwrap_or_default();
    let log = setting("FAULT_LOG").unwrap_or_else(|| "warn".to_owned());
    Flags::on(database_url)
        .with_redis(&redis_url, REDIS_PREFIX)
        .with([
            // On, so that the way to the limiter is taken, and never reached.
            "--submission-rate=60000/m",
            "--network-submission-rate=60000/m",
            "--push-interval-ms=20",
            // What happens in it is another test's; the others would only wait for it.
            "--drain-window-ms=200",
            &format!("--log={log}"),
        ])
        .with(own)
}
