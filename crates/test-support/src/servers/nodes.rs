//! Several processes of the program on one database and one Redis, as an operator runs them.

use std::process::Stdio;

use uuid::Uuid;

use super::{Client, TestDatabase, process::ServerProcess, socket::Socket};
use crate::{flags::Flags, setting};

/// What the processes share.
pub struct Nodes {
    pub database: TestDatabase,
    pub redis_url: String,
    pub redis_prefix: String,
    /// What stands in the environment of each.
    pub environment: Vec<(&'static str, String)>,
}

/// One of them.
pub struct Node {
    pub client: Client,
    pub process: ServerProcess,
}

/// Several nodes need a database server. Says so where there is none.
pub fn is_clustered() -> bool {
    let clustered = setting("TEST_DATABASE_URL").is_some_and(|url| url.starts_with("postgres"));
    if !clustered {
        println!("skipped: several nodes need PostgreSQL; set TEST_DATABASE_URL");
    }
    clustered
}

impl Nodes {
    /// None yet, on an empty database and the Redis of the test run.
    pub async fn prepare() -> Self {
        Self::prepare_on(&setting("TEST_REDIS_URL").unwrap_or_default()).await
    }

    /// None yet, on an empty database and this Redis.
    pub async fn prepare_on(redis_url: &str) -> Self {
        Self {
            database: TestDatabase::create().await,
            redis_url: redis_url.to_owned(),
            redis_prefix: format!("test-{}", Uuid::new_v4().simple()),
            environment: Vec::new(),
        }
    }

    /// The flags of a node: those of every test, replaced and completed by its own.
    pub fn flags(&self, own: &[&str]) -> Flags {
        Flags::on(&self.database.url)
            .with_redis(&self.redis_url, &self.redis_prefix)
            .with(["--push-interval-ms=10", "--drain-window-ms=0", "--log=off"])
            .with(own)
    }

    /// One more, which listens and has reached its Redis.
    pub async fn start(&self, own: &[&str]) -> Node {
        let environment: Vec<(&str, &str)> = self.environment.iter().map(|(name, value)| (*name, &**value)).collect();
        let process = ServerProcess::start_in(&environment, &self.flags(own), Stdio::inherit()).await;
        let client = Client::new(process.address);
        client.bus_is_up().await;
        Node { client, process }
    }

    /// The name of the key that holds the snapshot of `federal`.
    pub fn snapshot_key(&self) -> String {
        format!("{}:{{federal}}:snapshot", self.redis_prefix)
    }

    /// The name of the channel on which snapshots are announced.
    pub fn channel(&self) -> String {
        format!("{}:snapshots", self.redis_prefix)
    }
}

impl Node {
    /// A socket that watches `federal`.
    pub async fn watching(&self) -> Socket {
        let mut socket = Socket::connect(self.client.address).await;
        socket.watch().await;
        socket
    }
}
