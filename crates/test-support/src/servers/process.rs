//! The program as processes of their own, to be killed.

use std::{
    ffi::OsStr,
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use rand::RngExt;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::TIMEOUT;
use crate::program::program;

/// A running `taxbudget serve`; killed when dropped.
pub struct ServerProcess {
    pub address: SocketAddr,
    child: Child,
}

impl ServerProcess {
    /// Starts with these flags of `serve` and waits until it listens.
    pub async fn start(flags: &[String]) -> Self {
        Self::start_in(&[], flags, Stdio::inherit()).await
    }

    /// The same with these variables in its environment, and its log there.
    pub async fn start_in(environment: &[(&str, &str)], flags: &[String], log: Stdio) -> Self {
        let mut command = Command::new(program());
        command.arg("serve").args(flags).envs(environment.iter().copied()).stderr(log);
        Self::start_command(command).await
    }

    /// The same from a whole command line, which must end up in `taxbudget serve`.
    pub async fn start_command(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("the server ended before it listened");
        let address = line.strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { address, child }
    }

    /// Its number, for signals and for what the kernel knows of it.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs as long as this is held")
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, and the exit code.
    pub async fn terminate(mut self) -> Option<i32> {
        signal("TERM", &[self.id()]);
        self.ended().await
    }

    /// Waits for the end; the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(TIMEOUT, self.child.wait()).await.expect("it did not end").unwrap().code()
    }
}

/// Sends a signal to processes of the test's own.
pub fn signal(name: &str, processes: &[u32]) {
    let mut kill = std::process::Command::new("kill");
    kill.arg(format!("-{name}")).args(processes.iter().map(u32::to_string));
    assert!(kill.status().unwrap().success(), "no signal {name} to {processes:?}");
}

/// Sends a signal to a child and waits for its end, where nothing can be awaited.
pub fn end(child: &mut Child, name: &str) {
    let Some(id) = child.id() else { return };
    let _ = std::process::Command::new("kill").args([format!("-{name}"), id.to_string()]).status();
    let deadline = Instant::now() + Duration::from_secs(5);
    while !child.try_wait().is_ok_and(|status| status.is_some()) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A command to which the kernel sends this signal when the test's process ends in whatever way, where there is a
/// `setpriv`; it can also take privileges away.
pub fn tied(signal: &str, program: impl AsRef<OsStr>, privileges: &[String]) -> Command {
    let tie = ["--pdeathsig", signal];
    let has_setpriv = std::process::Command::new("setpriv").args(tie).arg("true").status();
    if has_setpriv.is_ok_and(|status| status.success()) {
        let mut command = Command::new("setpriv");
        command.args(tie).args(privileges).arg(program);
        command
    } else {
        assert!(privileges.is_empty(), "setpriv (package util-linux) is needed to start a program as another user");
        Command::new(program)
    }
}

/// For [`tied`]: PostgreSQL refuses to be root. Then it is another user, who owns the folder from now on.
pub fn unprivileged(folder: &Path) -> Vec<String> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return Vec::new();
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let user = |name: &str| {
        let line = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1).map(|field| field.parse::<u32>().unwrap());
        Some((fields.next()?, fields.next()?))
    };
    let (uid, gid) = user("postgres").or_else(|| user("nobody")).unwrap();
    chown(folder, Some(uid), Some(gid)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    vec![format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]
}

/// Runs a command of the program to its end. An empty database that it is given shows every ballot at once, as those of
/// [`Flags::on`](crate::flags::Flags::on) do.
pub async fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(program());
    command.env("TAXBUDGET_PUBLISH_EVERY", "1").args(arguments);
    command.stdin(Stdio::null()).output().await.unwrap()
}

/// A port that was free a moment ago, for what must come back on the same one: below those that outgoing connections are
/// given, so that none of them takes it meanwhile.
pub fn free_port() -> u16 {
    let mut random = rand::rng();
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    std::iter::repeat_with(|| random.random_range(20_000..32_000)).find(is_free).unwrap()
}
