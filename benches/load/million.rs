//! A database with a million participants. Filling it takes minutes, so it is stored between runs.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use test_support::program::program;

use crate::{command, report::progress, server::sqlite_url, usage};

/// A tenth of the participants revise.
const SUBMISSIONS: &str = "1120000";
const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/src");
const FILL_TIMEOUT: Duration = Duration::from_secs(400);

/// Returns the database's URL. The database is created if there is none for the present schema. `make clean` removes it
/// with everything that was built.
pub async fn database() -> anyhow::Result<String> {
    let data = Path::new(program()).with_file_name("../bench-data");
    let folder = data.join(format!("million-{:016x}", schema()?));
    if !folder.exists() {
        progress("filling a database with a million participants, once: two to three minutes");
        // Databases of older schemas, and one that was not finished, are removed.
        let _ = fs::remove_dir_all(&data);
        let unfinished = data.join("unfinished");
        fs::create_dir_all(&unfinished)?;
        let url = sqlite_url(&unfinished.join("taxbudget.db"));
        let mut simulate = command::on_processors(usage::ALL, program());
        simulate.args(["simulate", "--database-url", &url, "--submissions", SUBMISSIONS, "--seed", "1"]);
        command::output(&mut simulate, FILL_TIMEOUT).await?;
        fs::rename(&unfinished, &folder).context("keeping the database")?;
        // Data that the system has not written yet would disturb the next measurement.
        command::output(&mut command::on_processors(usage::ALL, "sync"), FILL_TIMEOUT).await?;
    }
    Ok(sqlite_url(&folder.join("taxbudget.db")))
}

/// Returns a hash of the schema.
fn schema() -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    SUBMISSIONS.hash(&mut hasher);
    let mut files: Vec<PathBuf> =
        fs::read_dir(MIGRATIONS)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.is_file());
    files.sort();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}
