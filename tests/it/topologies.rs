//! Redis in every form that a URL can name: with passwords, over TLS, as a cluster, behind a sentinel.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::support::{
    Client,
    client::{split, with},
    eventually, ledger,
    nodes::{Node, Nodes, is_clustered},
    process::free_port,
    redis::RedisProcess,
    socket::Socket,
};

/// Waits until so many processes listen to the channel, over all servers together.
async fn listened_to(servers: &[&RedisProcess], channel: &str, processes: usize) {
    eventually("they listen on the bus", || async {
        let mut listeners = 0;
        for server in servers {
            let answer = server.ask(&["PUBSUB", "NUMSUB", channel]).await;
            listeners += answer.lines().last().and_then(|count| count.parse().ok()).unwrap_or(0);
        }
        (listeners >= processes).then_some(())
    })
    .await;
}

/// The snapshot in the key, from whichever server has it.
async fn kept(servers: &[&RedisProcess], key: &str) -> Option<Value> {
    for server in servers {
        if let Ok(snapshot) = serde_json::from_str(&server.ask(&["GET", key]).await) {
            return Some(snapshot);
        }
    }
    None
}

/// Two processes that know each other through Redis alone where nothing else is quick enough: what one publishes is kept
/// there and shown at the other, and both count a participant's submissions together.
struct Pair {
    nodes: Nodes,
    one: Node,
    other: Node,
    watchers: Vec<Socket>,
    participants: i64,
}

impl Pair {
    async fn start(nodes: Nodes, servers: &[&RedisProcess]) -> Self {
        let (one, other) =
            (nodes.start(&["--submission-rate=1/h"]).await, nodes.start(&["--submission-rate=1/h"]).await);
        listened_to(servers, &nodes.channel(), 2).await;
        let watchers = vec![one.watching().await, other.watching().await];
        Self { nodes, one, other, watchers, participants: 0 }
    }

    async fn works_through(&mut self, servers: &[&RedisProcess]) {
        for from in [&self.one, &self.other] {
            from.client.submit(split(25.0)).await;
            self.participants += 1;
            for watcher in &mut self.watchers {
                watcher.until_participants(self.participants).await;
            }
        }
        let key = self.nodes.snapshot_key();
        let snapshot = eventually("the snapshot is kept in Redis", || async {
            kept(servers, &key).await.filter(|snapshot| snapshot["participants"] == self.participants)
        })
        .await;
        self.hears(servers, snapshot).await;
        self.counts_together().await;
    }

    /// What only the bus says is shown at both: the table knows nothing of it. Then the table is found to be behind, as
    /// after a restore, and what it holds is shown again.
    async fn hears(&mut self, servers: &[&RedisProcess], mut snapshot: Value) {
        snapshot["version"] = json!(snapshot["version"].as_i64().unwrap() + 1_000);
        snapshot["participants"] = json!(999_999);
        servers[0].ask(&["PUBLISH", &self.nodes.channel(), &snapshot.to_string()]).await;
        for watcher in &mut self.watchers {
            watcher.until_participants(999_999).await;
            watcher.until_participants(self.participants).await;
        }
    }

    async fn counts_together(&mut self) {
        // One that has just lost a server counts by itself until it has found the next.
        for node in [&self.one, &self.other] {
            node.client.bus_is_up().await;
        }
        let at_one = Client::new(self.one.client.address);
        at_one.submit(with(split(75.0), json!({ "remember": true }))).await;
        self.participants += 1;
        let at_other = Client { address: self.other.client.address, http: at_one.http.clone() };
        for node in [at_one, at_other] {
            let refusal = node.refused(split(75.0)).await;
            assert_eq!(refusal["extensions"]["code"], "RATE_LIMITED", "{refusal}");
        }
        for watcher in &mut self.watchers {
            watcher.until_participants(self.participants).await;
        }
    }

    async fn end(self) {
        let numbers = Box::pin(ledger::assert_exact(&self.nodes.database)).await;
        assert_eq!(numbers.participants, self.participants);
        // They would not take part in being sent away, and be waited for.
        drop(self.watchers);
        for node in [self.one, self.other] {
            assert_eq!(node.process.terminate().await, Some(0));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_a_password_or_an_account_that_may_use_its_own_keys_alone() {
    if !is_clustered() {
        return;
    }
    let port = free_port();
    let arguments = ["--port", &port.to_string(), "--requirepass", "secret"];
    let redis = RedisProcess::launch(port, &arguments, &["--no-auth-warning", "-a", "secret"]).await;
    let mut pair = Pair::start(Nodes::prepare_on(&format!("redis://:secret@127.0.0.1:{port}")).await, &[&redis]).await;
    pair.works_through(&[&redis]).await;
    pair.end().await;

    // A password that a URL must write otherwise than it is, and no more rights than are needed.
    let nodes = Nodes::prepare_on(&format!("redis://budgets:s%2Fcr%40t@127.0.0.1:{port}")).await;
    let prefix = &nodes.redis_prefix;
    let account = ["ACL", "SETUSER", "budgets", "on", ">s/cr@t", &format!("~{prefix}:*"), &format!("&{prefix}:*")];
    let rights = ["+@all", "-@admin", "-@dangerous"];
    assert_eq!(redis.ask(&[&account[..], &rights].concat()).await, "OK");
    let mut pair = Pair::start(nodes, &[&redis]).await;
    pair.works_through(&[&redis]).await;
    pair.end().await;
}

/// A certificate for 127.0.0.1 and the authority that signed it, in PEM files of this folder.
async fn certify(folder: &TempDir) {
    let authority = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority
        -keyout ca.key -out ca.pem";
    let server = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=redis -CA ca.pem
        -CAkey ca.key -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1
        -keyout redis.key -out redis.pem";
    for line in [authority, server] {
        let mut openssl = Command::new("openssl");
        let made = openssl.args(line.split_whitespace()).current_dir(folder.path()).output().await;
        let made = made.expect("this test needs openssl; scripts/ensure-services installs it");
        assert!(made.status.success(), "{made:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_over_tls_with_an_authority_of_its_own() {
    if !is_clustered() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    certify(&folder).await;
    let file = |name: &str| folder.path().join(name).display().to_string();
    assert!(fs::read_to_string(file("redis.pem")).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let port = free_port();
    let (listening, authority) = (port.to_string(), file("ca.pem"));
    let arguments = [
        ["--port", "0"],
        ["--tls-port", &listening],
        ["--tls-auth-clients", "no"],
        ["--tls-cert-file", &file("redis.pem")],
        ["--tls-key-file", &file("redis.key")],
        ["--tls-ca-cert-file", &authority],
    ];
    let redis = RedisProcess::launch(port, arguments.as_flattened(), &["--tls", "--cacert", &authority]).await;
    let mut nodes = Nodes::prepare_on(&format!("rediss://127.0.0.1:{port}")).await;
    nodes.environment.push(("SSL_CERT_FILE", authority));
    let mut pair = Pair::start(nodes, &[&redis]).await;
    pair.works_through(&[&redis]).await;
    pair.end().await;
}

/// Three masters that share the keys.
async fn cluster() -> Vec<RedisProcess> {
    let mut masters = Vec::new();
    for _ in 0..3 {
        let (port, bus_port) = (free_port(), free_port().to_string());
        let master = RedisProcess::start_with(port, &["--cluster-enabled", "yes", "--cluster-port", &bus_port]).await;
        masters.push((master, bus_port));
    }
    let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
    for ((master, bus_port), (first, last)) in masters.iter().zip(slots) {
        assert_eq!(master.ask(&["CLUSTER", "ADDSLOTSRANGE", first, last]).await, "OK");
        let meet = ["CLUSTER", "MEET", "127.0.0.1", &master.port.to_string(), bus_port];
        assert_eq!(masters[0].0.ask(&meet).await, "OK");
    }
    for (master, _) in &masters {
        eventually("the cluster is whole", || async {
            let info = master.ask(&["CLUSTER", "INFO"]).await;
            (info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")).then_some(())
        })
        .await;
    }
    masters.into_iter().map(|(master, _)| master).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_of_redis_servers() {
    if !is_clustered() {
        return;
    }
    let masters = cluster().await;
    let masters: Vec<&RedisProcess> = masters.iter().collect();
    let url = format!("redis-cluster://127.0.0.1:{}?node=127.0.0.1:{}", masters[0].port, masters[1].port);
    let mut pair = Pair::start(Nodes::prepare_on(&url).await, &masters).await;
    pair.works_through(&masters).await;
    pair.end().await;
}

/// Watches a master under the name `taxes` and puts a replica in its place when it is gone.
async fn sentinel(master: &RedisProcess) -> RedisProcess {
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    // It writes into its file what it learns.
    let settings = folder.path().join("sentinel.conf");
    let lines = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor taxes 127.0.0.1 {} 1\n\
         sentinel down-after-milliseconds taxes 500\nsentinel failover-timeout taxes 3000\n",
        master.port
    );
    fs::write(&settings, lines).unwrap();
    let arguments = [&settings.display().to_string(), "--sentinel"];
    let sentinel = RedisProcess::launch_in(folder, port, &arguments, &[]).await;
    eventually("the sentinel knows the replica", || async {
        let replicas = sentinel.ask(&["SENTINEL", "REPLICAS", "taxes"]).await;
        replicas.contains("master-link-status\nok").then_some(())
    })
    .await;
    sentinel
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_a_sentinel_puts_in_the_masters_place() {
    if !is_clustered() {
        return;
    }
    let mut master = RedisProcess::start_with(free_port(), &["--repl-diskless-sync-delay", "0"]).await;
    let replica = RedisProcess::start_with(free_port(), &["--replicaof", "127.0.0.1", &master.port.to_string()]).await;
    eventually("the replica follows", || async {
        replica.ask(&["INFO", "replication"]).await.contains("master_link_status:up").then_some(())
    })
    .await;
    let sentinel = sentinel(&master).await;
    let url = format!("redis-sentinel://127.0.0.1:{}?sentinelServiceName=taxes", sentinel.port);
    let mut pair = Pair::start(Nodes::prepare_on(&url).await, &[&master]).await;
    pair.works_through(&[&master]).await;

    master.stop().await;
    // Meanwhile nobody waits for Redis.
    pair.one.client.submit(split(50.0)).await;
    pair.participants += 1;
    for watcher in &mut pair.watchers {
        watcher.until_participants(pair.participants).await;
    }
    eventually("the replica is the master", || async {
        let address = sentinel.ask(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "taxes"]).await;
        address.ends_with(&replica.port.to_string()).then_some(())
    })
    .await;
    listened_to(&[&replica], &pair.nodes.channel(), 2).await;
    pair.works_through(&[&replica]).await;
    pair.end().await;
}
