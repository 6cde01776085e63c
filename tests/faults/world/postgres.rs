//! A PostgreSQL of one test's own, to be killed, paused and started again.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sea_orm::{ConnectionTrait, Database};
use tokio::process::Child;

use super::leftovers::family;
use test_support::{
    eventually,
    process::{end, free_port, signal, tied, unprivileged},
};

/// A running `postgres` on a port that stays the same; ended when dropped.
pub struct Postgres {
    pub port: u16,
    programs: PathBuf,
    folder: PathBuf,
    privileges: Vec<String>,
    environment: Vec<(String, String)>,
    child: Option<Child>,
    is_paused: bool,
}

impl Postgres {
    /// An empty one in this folder, which every user must be able to enter, with these environment variables.
    pub async fn start_in(folder: &Path, environment: &[(String, String)]) -> Self {
        let programs = programs();
        let data = folder.join("postgresql");
        fs::create_dir(&data).unwrap();
        let privileges = unprivileged(&data);
        let initialised = tied("KILL", programs.join("initdb"), &privileges)
            .args(["--pgdata=.", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .current_dir(&data)
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        assert!(initialised.status.success(), "initdb: {}", String::from_utf8_lossy(&initialised.stderr));
        let mut postgres = Self {
            port: free_port(),
            programs,
            folder: data,
            privileges,
            environment: environment.to_vec(),
            child: None,
            is_paused: false,
        };
        postgres.resume().await;
        postgres
    }

    /// Its own database.
    pub fn url(&self) -> String {
        url_at(self.port)
    }

    /// Starts it and waits until it answers, also when it has to recover first.
    pub async fn resume(&mut self) {
        let port = self.port.to_string();
        let log = fs::File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let settings = [
            // What is written survives every death of the process without being forced to the disk: only a power cut
            // would take it.
            "fsync=off",
            "full_page_writes=off",
            // In its folder, so that nothing of it outlives that.
            "dynamic_shared_memory_type=mmap",
            "unix_socket_directories=",
            "listen_addresses=127.0.0.1",
            // The pools of many nodes, twice while one of them starts anew.
            "max_connections=200",
        ];
        // By `env`, after the change of the user: `libfaketime` shares a semaphore with itself, and it must be this user's.
        let child = tied("QUIT", "env", &self.privileges)
            .args(self.environment.iter().map(|(name, value)| format!("{name}={value}")))
            .arg(self.programs.join("postgres"))
            .args(["-D", ".", "-p", &port])
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .env_remove("PGDATA")
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let url = self.url();
        eventually("PostgreSQL answers", || async {
            let connection = Database::connect(&url).await.ok()?;
            connection.execute_unprepared("SELECT 1").await.ok().map(drop)
        })
        .await;
    }

    /// As `pg_ctl stop -m immediate` does it: nothing is finished, and the next start recovers from the log.
    pub async fn stop_immediately(&mut self) {
        if let Some(mut child) = self.child.take() {
            signal("QUIT", &[child.id().unwrap()]);
            child.wait().await.unwrap();
        }
    }

    /// SIGSTOP to all of it: connections stay, and nothing answers.
    pub fn pause(&mut self) {
        self.is_paused = true;
        signal("STOP", &self.family());
    }

    /// SIGCONT.
    pub fn proceed(&mut self) {
        self.is_paused = false;
        // Those that were started between the list and the stop of their parent run anyway.
        signal("CONT", &self.family());
    }

    fn family(&self) -> Vec<u32> {
        family(self.child.as_ref().unwrap().id().unwrap())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        if self.is_paused {
            let family: Vec<String> = family(child.id().unwrap()).iter().map(u32::to_string).collect();
            let _ = Command::new("kill").arg("-CONT").args(family).status();
        }
        end(&mut child, "QUIT");
    }
}

/// A URL of PostgreSQL's own database behind this port.
pub fn url_at(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

/// The folder of the server's programs: Debian keeps them off the PATH, a folder for each version.
fn programs() -> PathBuf {
    let on_path = Command::new("sh").args(["-c", "command -v initdb"]).output().unwrap().stdout;
    let mut found: Vec<PathBuf> = vec![String::from_utf8(on_path).unwrap().trim().into()];
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.path().join("bin/initdb")).collect();
    versions.sort();
    found.extend(versions.into_iter().rev());
    let initdb = found.iter().find_map(|path| path.canonicalize().ok().filter(|path| path.is_file()));
    initdb.expect("this test needs PostgreSQL's server; scripts/ensure-services installs it").parent().unwrap().into()
}
