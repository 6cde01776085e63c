//! The file of a SQLite database: whether it is damaged, and whether it is still at its path.

use std::{
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::{Store, StoreError};

/// A larger file is not checked at the start: on a slow disk the check takes about a second for this many bytes.
const LARGEST_CHECKED: u64 = 256 << 20;

/// The file that was opened, and its path.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
}

impl DatabaseFile {
    pub(super) fn opened(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self { path: path.to_owned(), identity: (metadata.dev(), metadata.ino()) })
    }

    /// Fails if the file was removed or replaced. The open file then has no name and disappears when this process ends.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let found = self.path.metadata().map(|metadata| (metadata.dev(), metadata.ino()));
        if found.is_ok_and(|found| found == self.identity) {
            return Ok(());
        }
        Err(StoreError::FileGone(self.path.display().to_string()))
    }
}

impl Store {
    /// Refuses a damaged SQLite file, for example a backup beside the `-wal` file of another state: acknowledged submissions
    /// could go into pages that cannot be found again.
    pub async fn check_integrity(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        let size = file.path.metadata().map_or(0, |metadata| metadata.len());
        if size > LARGEST_CHECKED {
            tracing::info!("the database file is large and was not checked; `PRAGMA quick_check` does so");
            return Ok(());
        }
        let statement = Statement::from_string(self.backend(), "PRAGMA quick_check(1)");
        let found = match self.reader.query_one_raw(statement).await {
            Ok(row) => row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))?,
            Err(error) if is_damage(&error) => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        let path = file.path.display().to_string();
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { path, found }) }
    }
}

/// SQLite's "malformed" and "not a database".
fn is_damage(error: &DbErr) -> bool {
    let text = error.to_string();
    text.contains("malformed") || text.contains("not a database")
}
