//! From the start of `serve` to the first answer: waiting for the database, or not, and its schema.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, lookup_host},
    process::{Child, ChildStderr, ChildStdout, Command},
    time::Instant,
};

use crate::support::{
    Client, TIMEOUT, TestDatabase,
    client::split,
    ledger,
    nodes::{Nodes, is_clustered},
    process::{ServerProcess, free_port, run, signal},
    program::program,
    relay::Relay,
};

const INVITATION: &str = "query ($token: String!) { invitation(token: $token) { role } }";

/// A `serve` that has not yet said that it listens; killed when dropped.
struct Starting {
    child: Child,
    output: BufReader<ChildStdout>,
    log: BufReader<ChildStderr>,
    /// Everything logged so far.
    logged: String,
}

impl Starting {
    fn begin(flags: &[String]) -> Self {
        Self::begin_in(&[], flags)
    }

    /// The same with these variables in its environment.
    fn begin_in(environment: &[(&str, &str)], flags: &[String]) -> Self {
        // Whoever runs the tests may ignore SIGHUP, as under `nohup`, and the program then does too.
        let mut child = Command::new("env")
            .args(["--default-signal=HUP", program(), "serve"])
            .args(flags)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let log = BufReader::new(child.stderr.take().unwrap());
        Self { child, output, log, logged: String::new() }
    }

    /// Waits for so many lines of the log with these words.
    async fn logs(&mut self, words: &str, times: usize) {
        let deadline = Instant::now() + TIMEOUT;
        while self.logged.lines().filter(|line| line.contains(words)).count() < times {
            let line = tokio::time::timeout_at(deadline, self.log.read_line(&mut self.logged)).await;
            assert!(line.is_ok_and(|read| read.unwrap() > 0), "it went without \"{words}\": {}", self.logged);
        }
    }

    /// Waits until it listens.
    async fn listens(&mut self) -> SocketAddr {
        let mut line = String::new();
        tokio::time::timeout(TIMEOUT, self.output.read_line(&mut line)).await.unwrap().unwrap();
        line.trim_end()
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("{}", self.logged))
            .parse()
            .unwrap()
    }

    /// Waits for its end; the exit code and everything that it logged.
    async fn ends(mut self) -> (Option<i32>, String) {
        let status = tokio::time::timeout(TIMEOUT, self.child.wait()).await.expect("it did not end").unwrap();
        self.log.read_to_string(&mut self.logged).await.unwrap();
        (status.code(), self.logged)
    }
}

/// The host and port of a database's URL, and the URL with another port and a password in it, which PostgreSQL may or may
/// not ask for.
async fn behind(database: &TestDatabase, port: u16) -> (SocketAddr, String, String) {
    let (server, name) = database.url.rsplit_once('/').unwrap();
    let (account, place) = server.strip_prefix("postgres://").unwrap().rsplit_once('@').unwrap();
    let place = if place.contains(':') { place.to_owned() } else { format!("{place}:5432") };
    let account = if account.contains(':') { account.to_owned() } else { format!("{account}:hunter2") };
    let address = lookup_host(place).await.unwrap().next().unwrap();
    (address, format!("postgres://{account}@127.0.0.1:{port}/{name}"), account)
}

#[tokio::test]
async fn a_server_waits_for_its_database_says_where_and_starts_when_it_is_there() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let port = free_port();
    let (database, url, account) = behind(&nodes.database, port).await;
    let (_, name) = url.rsplit_once('/').unwrap();
    let mut server = Starting::begin(&nodes.flags(&[&format!("--database-url={url}"), "--log=info"]));
    server.logs(&format!("waiting for the database at postgres://127.0.0.1:{port}/{name};"), 1).await;
    let _relay = Relay::at(port, database).await;
    let client = Client::new(server.listens().await);
    client.submit(split(50.0)).await;
    client.aggregate_of(1, 1).await;
    signal("TERM", &[server.child.id().unwrap()]);
    let (code, log) = server.ends().await;
    assert_eq!(code, Some(0));
    assert!(!log.contains(&account) && !log.contains("hunter2"), "{log}");
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, 1);
}

#[tokio::test]
async fn a_start_warns_of_a_database_elsewhere_whose_connection_may_go_unencrypted() {
    let flags = |query: &str| {
        let url = format!("--database-url=postgres://user:hunter2@database.invalid/taxes{query}");
        ["--listen=127.0.0.1:0".to_owned(), url, "--secret=a-secret-for-tests-of-enough-length".to_owned()]
    };
    let mut server = Starting::begin(&flags(""));
    server.logs("waiting for the database", 1).await;
    let warning = server.logged.lines().find(|line| line.contains("sslmode=verify-full")).expect("a warning");
    assert!(warning.contains("postgres://database.invalid/taxes") && !server.logged.contains("hunter2"), "{warning}");

    let mut server = Starting::begin(&flags("?sslmode=require"));
    server.logs("waiting for the database", 1).await;
    assert!(!server.logged.contains("unencrypted"), "{}", server.logged);
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_sqlite_file_and_what_lies_beside_it_are_for_their_owner_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taxes & budget.db");
    // Percent-encoded as in any URL.
    let url = format!("sqlite://{}?mode=rwc", file.to_str().unwrap().replace(' ', "%20"));
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\"", program(), "serve", "--listen=127.0.0.1:0", "--log=off"]);
    command.args(["--secret=a-secret-for-tests-of-enough-length", &format!("--database-url={url}")]);
    let server = ServerProcess::start_command(command).await;
    Client::new(server.address).submit(split(50.0)).await;
    for side in ["", "-wal", "-shm"] {
        let path = format!("{}{side}", file.display());
        let mode = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{path}: {error}")).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    assert_eq!(server.terminate().await, Some(0));
}

#[tokio::test]
async fn a_start_says_where_it_is_where_its_data_is_and_what_to_do_next() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let url = format!("--database-url=sqlite://{}?mode=rwc", file.display());
    let mut server = Starting::begin(&flags(&[&url, "--listen=localhost:0", "--log=info"]));
    let address = server.listens().await;
    assert!(address.ip().is_loopback());
    let mut lines = server.output.lines();
    let database = lines.next_line().await.unwrap().unwrap();
    assert_eq!(database, format!("database: sqlite://{}", file.display()));
    let desk = lines.next_line().await.unwrap().unwrap();
    let token =
        desk.strip_prefix(&format!("desk: http://{address}/admin/invitation/")).unwrap_or_else(|| panic!("{desk}"));
    let found = Client::new(address).desk_data(INVITATION, json!({ "token": token })).await;
    assert_eq!(found["invitation"]["role"], "OWNER", "the link to the first account");
    let next = lines.next_line().await.unwrap().unwrap();
    assert!(next.starts_with(&format!("next: open http://{address} in a browser")), "{next}");
    signal("HUP", &[server.child.id().unwrap()]);
    assert_eq!(lines.next_line().await.unwrap(), None, "four lines");
    let mut log = String::new();
    server.log.read_to_string(&mut log).await.unwrap();
    assert_eq!(server.child.wait().await.unwrap().code(), Some(0), "SIGHUP is as SIGTERM");
    assert!(log.contains("serving") && !log.contains("ServerConfig"), "{log}");
}

#[tokio::test]
async fn a_node_that_starts_beside_its_redis_publishes_once_it_is_connected() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    for count in 1..=5 {
        let mut server = Starting::begin(&nodes.flags(&["--log=warn"]));
        let client = Client::new(server.listens().await);
        client.submit(split(50.0)).await;
        client.aggregate_of(count, count).await;
        signal("TERM", &[server.child.id().unwrap()]);
        let (code, log) = server.ends().await;
        assert_eq!((code, log.as_str()), (Some(0), ""), "nothing to warn of");
    }
}

#[tokio::test]
async fn a_server_that_waits_can_be_told_to_stop() {
    let url = format!("postgres://postgres@127.0.0.1:{}/none", free_port());
    let secret = "--secret=a-secret-for-tests-of-enough-length".to_owned();
    let flags = ["--listen=127.0.0.1:0".to_owned(), format!("--database-url={url}"), secret];
    let stopped = async |name| {
        let mut server = Starting::begin(&flags);
        server.logs("waiting for the database", 1).await;
        signal(name, &[server.child.id().unwrap()]);
        // By itself, not by the signal: to the first process of a container the kernel gives only those that it handles.
        assert_eq!(server.ends().await.0, Some(0), "SIG{name}");
    };
    tokio::join!(stopped("TERM"), stopped("INT"), stopped("HUP"));
}

#[tokio::test]
async fn what_waiting_does_not_change_ends_a_start_at_once() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let (server, name) = nodes.database.url.rsplit_once('/').unwrap();
    let (_, place) = server.rsplit_once('@').unwrap();
    for (url, reason) in [
        (format!("{server}/no_such_database"), "no_such_database"),
        (format!("postgres://no_such_user:hunter2@{place}/{name}"), "no_such_user"),
        (format!("postgres://user:hunter2@{place}:port/{name}"), "the database's URL cannot be read"),
        ("mysql://user:hunter2@127.0.0.1/none".to_owned(), "the database's URL cannot be read"),
    ] {
        let (code, log) = Starting::begin(&nodes.flags(&[&format!("--database-url={url}"), "--log=info"])).ends().await;
        assert_eq!(code, Some(1), "{log}");
        assert!(log.contains("taxbudget: ") && log.contains(reason), "{log}");
        assert!(!log.contains("waiting for the database") && !log.contains("hunter2"), "{log}");
    }
}

#[tokio::test]
async fn without_leave_to_migrate_a_server_names_what_is_pending_and_starts_once_it_is_done() {
    let nodes = Nodes::prepare().await;
    let url = format!("--database-url={}", nodes.database.url);
    let status = run(&["migrate", "status", &url]).await;
    let status = String::from_utf8(status.stdout).unwrap();
    let steps: Vec<&str> = status.lines().map(|line| line.strip_prefix("pending ").unwrap().trim()).collect();
    let flags = nodes.flags(&["--no-migrate", "--log=warn"]);

    let (code, log) = Starting::begin(&flags).ends().await;
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains(&format!("lacks {}", steps.join(", "))) && log.contains("`taxbudget migrate up`"), "{log}");
    let after = run(&["migrate", "status", &url]).await;
    assert_eq!(String::from_utf8(after.stdout).unwrap(), status, "it changed nothing");

    for command in [&["migrate", "up", &url][..], &["migrate", "down", &url]] {
        assert!(run(command).await.status.success());
    }
    let (code, log) = Starting::begin(&flags).ends().await;
    assert_eq!(code, Some(1), "{log}");
    let (last, earlier) = steps.split_last().unwrap();
    assert!(log.contains(&format!("lacks {last}: ")) && !log.contains(earlier[0]), "{log}");

    assert!(run(&["migrate", "up", &url]).await.status.success());
    let mut server = Starting::begin(&flags);
    let client = Client::new(server.listens().await);
    client.submit(split(50.0)).await;
    signal("TERM", &[server.child.id().unwrap()]);
    assert_eq!(server.ends().await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_servers_that_start_at_once_migrate_an_empty_database_once() {
    if !is_clustered() {
        return;
    }
    let nodes = Nodes::prepare().await;
    let mut servers: Vec<Starting> = (0..5).map(|_| Starting::begin(&nodes.flags(&["--log=warn"]))).collect();
    let mut clients = Vec::new();
    for server in &mut servers {
        clients.push(Client::new(server.listens().await));
    }
    // Whoever folds before it has reached its Redis says so.
    for client in &clients {
        client.bus_is_up().await;
    }
    for (count, client) in (1..).zip(&clients) {
        client.submit(split(50.0)).await;
        client.aggregate_of(count, count).await;
    }
    assert_eq!(nodes.database.integer("SELECT COUNT(*) FROM budget").await, 1);
    assert_eq!(nodes.database.integer("SELECT COUNT(*) FROM category").await, 10);
    for server in servers {
        signal("TERM", &[server.child.id().unwrap()]);
        let (code, log) = server.ends().await;
        assert_eq!((code, log.as_str()), (Some(0), ""), "nothing to warn of");
    }
    assert_eq!(ledger::assert_exact(&nodes.database).await.submissions, 5);
}

const SECRET: &str = "--secret=a-secret-for-tests-of-enough-length";

fn flags(own: &[&str]) -> Vec<String> {
    let listen = (!own.iter().any(|flag| flag.starts_with("--listen="))).then_some("--listen=127.0.0.1:0");
    listen.iter().chain(&[SECRET]).chain(own).map(ToString::to_string).collect()
}

/// What answers the first bytes of a connection to PostgreSQL: no to TLS, and then this error.
async fn pooler(error: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut length = [0; 4];
            while connection.read_exact(&mut length).await.is_ok() {
                let mut message = vec![0; u32::from_be_bytes(length) as usize - 4];
                connection.read_exact(&mut message).await.unwrap();
                // The request for TLS has a number of its own.
                if message == 80_877_103_u32.to_be_bytes() {
                    connection.write_all(b"N").await.unwrap();
                    continue;
                }
                let fields = format!("SFATAL\0VFATAL\0C08P01\0M{error}\0\0");
                let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
                connection.write_all(&[b"E", &length[..], fields.as_bytes()].concat()).await.unwrap();
                break;
            }
        }
    });
    port
}

#[tokio::test]
async fn a_pooler_that_refuses_and_a_server_without_tls_end_a_start_at_once() {
    let port = pooler("unsupported startup parameter: options").await;
    for (query, reason) in [("", "unsupported startup parameter"), ("?sslmode=require", "does not support TLS")] {
        let url = format!("--database-url=postgres://user:hunter2@127.0.0.1:{port}/taxes{query}");
        let (code, log) = Starting::begin(&flags(&[&url])).ends().await;
        assert_eq!(code, Some(1), "{log}");
        assert!(log.contains("taxbudget: ") && log.contains(reason), "{log}");
        assert!(!log.contains("waiting for the database"), "{log}");
    }
}

#[tokio::test]
async fn a_url_of_no_database_of_ours_is_told_so_before_a_secret_is_asked_for() {
    for (url, reason) in [
        ("mysql://user:hunter2@127.0.0.1/none", "it must begin with sqlite:// or postgres://"),
        ("sqlite::memory:", "name a file"),
        ("postgresql://app:p@ss/w:rd#hunter2@127.0.0.1/appdb", "# as %23"),
    ] {
        let own = ["--listen=127.0.0.1:0".to_owned(), format!("--database-url={url}")];
        let (code, log) = Starting::begin(&own).ends().await;
        assert_eq!(code, Some(1), "{log}");
        assert!(log.contains(reason) && !log.contains("secret") && !log.contains("hunter2"), "{log}");
    }
}

#[tokio::test]
async fn the_secret_lies_beside_the_sqlite_file_however_its_url_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("--database-url=sqlite://{}/my%20data/my%20file.db?mode=rwc", folder.path().display());
    let mut server = Starting::begin(&["--listen=127.0.0.1:0".to_owned(), url]);
    server.listens().await;
    for file in ["my data/my file.db", "my data/my file.db.secret"] {
        assert!(folder.path().join(file).exists(), "{file}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no other folder");
}

/// A SQLite file with answers, and the flag that names it.
async fn sqlite_with_answers(folder: &Path) -> (PathBuf, String) {
    let file = folder.join("test.db");
    let url = format!("--database-url=sqlite://{}?mode=rwc", file.display());
    assert!(run(&["simulate", "--submissions=3000", &url]).await.status.success());
    (file, url)
}

#[tokio::test]
async fn a_damaged_sqlite_file_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (file, url) = sqlite_with_answers(folder.path()).await;
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let (code, log) = Starting::begin(&flags(&[&url])).ends().await;
    assert_eq!(code, Some(1), "{log}");
    let file = file.display();
    assert!(log.contains(&format!("the database file {file} is damaged")), "{log}");
    assert!(log.contains(&format!("remove {file}-wal and {file}-shm")), "{log}");
}

#[tokio::test]
async fn a_server_whose_sqlite_file_is_removed_acknowledges_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let (file, url) = sqlite_with_answers(folder.path()).await;
    let mut server = Starting::begin(&flags(&[&url]));
    let client = Client::new(server.listens().await);
    client.submit(split(50.0)).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(client.refused(split(50.0)).await["extensions"]["code"], "UNAVAILABLE");
    let aside = folder.path().join("aside.db");
    std::fs::write(&aside, "").unwrap();
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(client.refused(split(50.0)).await["extensions"]["code"], "UNAVAILABLE", "another file of the same name");
}

#[tokio::test]
async fn a_variable_set_to_nothing_counts_as_not_set() {
    let help = run(&["serve", "--help"]).await;
    let help = String::from_utf8(help.stdout).unwrap();
    let variables: Vec<&str> =
        help.split("[env: ").skip(1).map(|rest| rest.split(['=', ']']).next().unwrap()).collect();
    assert!(variables.len() > 20 && variables.contains(&"TAXBUDGET_REDIS_PREFIX"), "{variables:?}");
    let empty: Vec<(&str, &str)> = variables.iter().map(|name| (*name, "")).collect();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("--database-url=sqlite://{}/test.db?mode=rwc", folder.path().display());
    let mut server = Starting::begin_in(&empty, &["--listen=127.0.0.1:0".to_owned(), url, "--log=debug".to_owned()]);
    let client = Client::new(server.listens().await);
    client.submit(split(50.0)).await;
    server.logs("redis_prefix: \"taxbudget\"", 1).await;
    drop(server);

    // Also where nothing else says it.
    let mut own = Command::new(program());
    own.arg("serve").env("TAXBUDGET_LISTEN", "").env("DATABASE_URL", "").arg("--listen=127.0.0.1:0");
    let server = ServerProcess::start_command({
        own.current_dir(folder.path());
        own
    })
    .await;
    assert!(folder.path().join("data/taxbudget.db").exists());
    assert_eq!(server.terminate().await, Some(0));
}
