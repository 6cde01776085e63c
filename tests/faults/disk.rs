//! No room left for SQLite: submissions are refused, readers go on, and with room again everything does.

use std::{fs, io::Write, path::Path, process::Command, time::Duration};

use tempfile::TempDir;
use test_support::eventually;

use crate::world::{
    Layout, Trial,
    cluster::Data,
    submitters::{Load, Outcome},
};

/// A disk of a few megabytes in memory; unmounted when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// An error says why there can be none.
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(folder.path()).output();
        let mount = mount.map_err(|error| format!("there is no mount: {error}"))?;
        let said = String::from_utf8_lossy(&mount.stderr).trim().to_owned();
        if mount.status.success() { Ok(Self(folder)) } else { Err(format!("mounting is not allowed here: {said}")) }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until nothing more fits.
    fn fill(&self) {
        let mut ballast = fs::File::create(self.path().join("ballast")).unwrap();
        for size in [64 * 1024, 1024] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: after a failure something may still be open in it.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_submissions_and_loses_none_also_when_the_process_is_killed_on_it() {
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let layout =
        Layout { data: Data::Sqlite(disk.path().to_owned()), web_nodes: 1, has_worker: false, ..Layout::default() };
    let load = Load { workers: 4, pause: Duration::from_millis(10) };
    let mut trial = Trial::begin("disk-full", &layout, load, 4).await;
    for is_killed in [false, true] {
        trial.submitters.until_acknowledged(50).await;
        disk.fill();
        let refused = trial.submitters.look(|record| record.failures().count());
        eventually("submissions are refused", || async {
            trial.submitters.look(|record| record.failures().count() > refused + 20).then_some(())
        })
        .await;
        let node = &mut trial.cluster.web[0];
        let aggregate = node.client().aggregate().await;
        assert!(aggregate["submissionCount"].as_i64().unwrap() > 0, "{aggregate}");
        if is_killed {
            node.kill().await;
        }
        disk.make_room();
        if is_killed {
            node.resume().await;
        }
    }
    trial.submitters.until_acknowledged(50).await;
    let ended = trial.end(Duration::from_secs(10)).await;
    for failure in ended.record.failures() {
        match &failure.outcome {
            Outcome::Refused(code, _) => assert_eq!(code, "UNAVAILABLE"),
            // Of the killed process alone.
            Outcome::Broken(_) => {}
            Outcome::Acknowledged => unreachable!(),
        }
    }
}
