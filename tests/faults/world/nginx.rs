//! The reverse proxy, with the configuration that operators are given.

use std::{
    fmt::Write,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{net::TcpStream, process::Child};

use super::report;
use test_support::{
    eventually,
    process::{end, free_port, tied},
};

/// A running nginx; ended when dropped.
pub struct Nginx {
    pub address: SocketAddr,
    log: PathBuf,
    child: Child,
}

impl Nginx {
    /// Before these nodes. Only the marked lines of `deploy/nginx.conf` are replaced.
    pub async fn start_in(folder: &Path, nodes: &[SocketAddr]) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let folder = folder.join("nginx");
        fs::create_dir(&folder).unwrap();
        let given = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/nginx.conf")).unwrap();
        fs::write(folder.join("nginx.conf"), adapted(&given, address, nodes)).unwrap();
        let path = folder.join("log");
        let log = fs::File::create(&path).unwrap();
        // Debian keeps it off the PATH of ordinary users.
        let program = Path::new("/usr/sbin/nginx");
        let child = tied("TERM", if program.exists() { program } else { Path::new("nginx") }, &[])
            .arg("-p")
            .arg(&folder)
            .args(["-c", "nginx.conf", "-g", "daemon off;"])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs nginx on the PATH; scripts/ensure-services installs it");
        eventually("the proxy listens", || async { TcpStream::connect(address).await.ok() }).await;
        Self { address, log: path, child }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Not killed: its workers would stay.
        end(&mut self.child, "TERM");
        report("nginx", &self.log);
    }
}

fn adapted(given: &str, address: SocketAddr, nodes: &[SocketAddr]) -> String {
    let mut adapted = String::new();
    let mut servers = 0;
    for line in given.lines() {
        let Some((text, mark)) = line.split_once("# @") else {
            writeln!(adapted, "{line}").unwrap();
            continue;
        };
        let mark = mark.trim();
        let options = |rest: &str| rest.trim_end().to_owned();
        if let Some(rest) = mark.strip_prefix("node") {
            // The first one's options hold for all of them.
            if rest.trim() == "1" {
                let settings = text.trim().splitn(3, ' ').nth(2).unwrap();
                for node in nodes {
                    writeln!(adapted, "server {node} {}", options(settings)).unwrap();
                }
            }
            servers += 1;
        } else if mark == "listen" {
            let settings = text.trim().splitn(3, ' ').nth(2).map_or(";".to_owned(), options);
            writeln!(adapted, "listen {address} {settings}").unwrap();
        } else if mark == "requests" {
            // All the load comes from one address.
            writeln!(adapted, "{}", text.replace("rate=200r/s", "rate=100000r/s")).unwrap();
        } else {
            assert_eq!(mark, "open files", "a mark that this test does not know");
            writeln!(adapted, "worker_rlimit_nofile 16384;").unwrap();
        }
    }
    assert!(servers > 0, "deploy/nginx.conf marks no node");
    adapted
}
