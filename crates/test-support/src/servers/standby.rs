//! A streaming replica of the test run's PostgreSQL, of one test's own.

use std::process::Stdio;

use sea_orm::{ConnectionTrait, Database, Statement};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{
    TestDatabase, eventually,
    ledger::texts,
    process::{end, free_port, signal, tied, unprivileged},
};

/// What a replica must allow at least as much of as its primary, or it refuses to answer.
const LIMITS: [&str; 5] = [
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_prepared_transactions",
    "max_locks_per_transaction",
];

/// A running replica on a port that stays the same; ended when dropped.
pub struct Standby {
    port: u16,
    privileges: Vec<String>,
    settings: Vec<String>,
    folder: TempDir,
    child: Option<Child>,
}

impl Standby {
    /// A copy of the server with this database, which follows it from now on.
    pub async fn of(database: &TestDatabase) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let place = folder.path().display();
        let mut settings = vec![
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={place}"),
            "hot_standby=on".to_owned(),
        ];
        for limit in LIMITS {
            let value = texts(database, &format!("SELECT current_setting('{limit}')")).await.remove(0);
            settings.push(format!("{limit}={value}"));
        }
        let privileges = unprivileged(folder.path());
        let mut standby = Self { port, privileges, settings, folder, child: None };
        let copied = standby
            .command("pg_basebackup")
            .args(["--pgdata=standby", "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname"])
            .arg(&database.url)
            .output()
            .await
            .unwrap();
        assert!(copied.status.success(), "the test's database server must allow replication: {copied:?}");
        standby.resume().await;
        standby
    }

    /// The replica of this database.
    pub fn url(&self, database: &TestDatabase) -> String {
        let (server, name) = database.url.rsplit_once('/').unwrap();
        let (account, _) = server.strip_prefix("postgres://").unwrap().rsplit_once('@').unwrap();
        format!("postgres://{account}@127.0.0.1:{}/{name}", self.port)
    }

    /// Shows from now on what it has, however much the primary goes on.
    pub async fn pause(&self, database: &TestDatabase) {
        self.text(database, "SELECT CAST(pg_wal_replay_pause() AS text)").await;
        eventually("the replica stands still", || async {
            (self.text(database, "SELECT pg_get_wal_replay_pause_state()").await? == "paused").then_some(())
        })
        .await;
    }

    /// Follows again.
    pub async fn follow(&self, database: &TestDatabase) {
        self.text(database, "SELECT CAST(pg_wal_replay_resume() AS text)").await;
    }

    /// Ends; its connections break.
    pub async fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            signal("INT", &[child.id().unwrap()]);
            child.wait().await.unwrap();
        }
    }

    /// Starts again and catches up.
    pub async fn resume(&mut self) {
        let mut command = self.command("postgres");
        command.args(["-D", "standby"]).stdout(Stdio::null()).stderr(Stdio::null());
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        self.child = Some(command.spawn().unwrap());
        let port = self.port.to_string();
        eventually("the replica answers", || async {
            let ready =
                Command::new("pg_isready").args(["--quiet", "--host=127.0.0.1", "--port", &port]).status().await;
            ready.unwrap().success().then_some(())
        })
        .await;
    }

    async fn text(&self, database: &TestDatabase, sql: &str) -> Option<String> {
        let connection = Database::connect(self.url(database)).await.unwrap();
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await.unwrap()?;
        let text = row.try_get_by_index(0).ok();
        connection.close().await.unwrap();
        text
    }

    /// A program of PostgreSQL, as it wants to be run.
    fn command(&self, program: &str) -> Command {
        let mut command = tied("QUIT", program, &self.privileges);
        command.current_dir(self.folder.path()).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        // Killed outright it would leave its children and shared memory.
        if let Some(child) = &mut self.child {
            end(child, "INT");
        }
    }
}
