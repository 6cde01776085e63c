//! Backup and restore with PostgreSQL's own programs.

use tempfile::TempDir;
use tokio::process::Command;

use super::{TestDatabase, eventually};

/// A backup of a PostgreSQL database in a file.
pub struct Backup {
    folder: TempDir,
}

impl Backup {
    pub async fn of(database: &TestDatabase) -> Self {
        let backup = Self { folder: tempfile::tempdir().unwrap() };
        let file = format!("--file={}", backup.file());
        let dumped = Command::new("pg_dump").args(["--format=custom", &file, &database.url]).output().await;
        let dumped = dumped.expect("pg_dump comes with PostgreSQL");
        assert!(dumped.status.success(), "{dumped:?}");
        backup
    }

    /// Puts it back over what is there, whole or not at all. Where it gets in the way of a node's transaction the database
    /// may decide against it; then an operator tries again.
    pub async fn restore(&self, database: &TestDatabase) {
        eventually("the backup is restored", || async {
            let how = ["--clean", "--if-exists", "--single-transaction", "--dbname", &database.url, &self.file()];
            let restored = Command::new("pg_restore").args(how).output().await.unwrap();
            let is_conflict = String::from_utf8_lossy(&restored.stderr).contains("deadlock");
            assert!(restored.status.success() || is_conflict, "{restored:?}");
            restored.status.success().then_some(())
        })
        .await;
    }

    fn file(&self) -> String {
        self.folder.path().join("backup").display().to_string()
    }
}
