//! How costs grow with the ledger: `load million N` fills N million submissions and measures beside a database of fifty.
//!
//! Nothing of it stays: the databases lie in temporary folders, about a third of a gigabyte for each million.

use std::time::{Duration, Instant};

use anyhow::Context;
use tempfile::TempDir;
use test_support::program::program;

use crate::{
    command,
    figures::{median, micros},
    http::{self, Connection},
    mutations,
    postgres::{self, Postgres},
    publications, reads,
    report::{Report, heading, progress, table},
    server::{Server, sqlite_url},
    usage,
};

const MILLION: u64 = 1_000_000;
const FEW: u64 = 50;
const TURNS: usize = 3;
/// For one million, and for a count of all of them.
const LIMIT: Duration = Duration::from_mins(15);
const START_LIMIT: Duration = Duration::from_mins(1);

/// The answers that count, by category and share: what a recount computes, without its sums and its other checks.
const GROUP_BY: [&str; 2] = [
    "SELECT count(*) FROM (SELECT line.ordinality, line.value, count(*) FROM (
       SELECT shares FROM submission WHERE participant_id IS NULL
       UNION ALL SELECT shares FROM ballot JOIN submission ON submission.id = ballot.submission_id
     ) AS answer (shares), json_array_elements_text(shares) WITH ORDINALITY AS line GROUP BY 1, 2) AS bins",
    "SELECT count(*) FROM (SELECT line.key, line.value, count(*) FROM (
       SELECT shares FROM submission WHERE participant_id IS NULL
       UNION ALL SELECT shares FROM ballot JOIN submission ON submission.id = ballot.submission_id
     ) AS answer, json_each(answer.shares) AS line GROUP BY 1, 2)",
];

/// A database that is filled.
enum Filled<'a> {
    Postgres { server: &'a Postgres, url: String },
    Sqlite(TempDir),
}

/// What one million submissions took.
struct Million {
    per_second: f64,
    /// Microseconds of this program's processor time for one. With SQLite this includes the database.
    cpu: f64,
    /// Microseconds of PostgreSQL's processor time for one.
    database_cpu: Option<f64>,
    bytes: f64,
}

pub async fn measure(report: &mut Report, millions: u64) -> anyhow::Result<()> {
    let postgres = Postgres::connect().await?;
    let url = postgres.fresh_database("few").await?;
    simulate(&url, FEW, 0).await?;
    let few = Filled::Postgres { server: &postgres, url };
    let many = Filled::Postgres { server: &postgres, url: postgres.fresh_database("many").await? };
    fill(report, &many, millions).await?;
    restart(report, &few, &many).await?;
    heading("Publications: 30 submissions a second, Redis, and a second node without subscribers");
    publications::compare(report, &postgres, &[("few", few.url()), ("many", many.url())]).await?;
    heading("Reads: the aggregate with ten categories");
    {
        let (few, many) = (Server::on(&few.url()).await?, Server::on(&many.url()).await?);
        reads::beside(report, &few, &many).await?;
    }
    submissions_over_http(report, &postgres, &few, &many).await?;
    recount(report, &many).await?;

    let [few, many] = [Filled::Sqlite(tempfile::tempdir()?), Filled::Sqlite(tempfile::tempdir()?)];
    simulate(&few.url(), FEW, 0).await?;
    fill(report, &many, millions).await?;
    restart(report, &few, &many).await?;
    recount(report, &many).await
}

impl Filled<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Postgres { .. } => "PostgreSQL",
            Self::Sqlite(_) => "SQLite",
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Postgres { url, .. } => url.clone(),
            Self::Sqlite(folder) => sqlite_url(&folder.path().join("taxbudget.db")),
        }
    }

    /// Returns the size on the disk.
    async fn bytes(&self) -> anyhow::Result<u64> {
        match self {
            Self::Postgres { url, .. } => {
                let size = postgres::run(url, "SELECT pg_database_size(current_database())").await?;
                size.parse().context("the size of the database")
            }
            Self::Sqlite(folder) => std::fs::read_dir(folder.path())?.try_fold(0, |bytes, file| {
                let length = file?.metadata()?.len();
                Ok(bytes + length)
            }),
        }
    }

    /// Returns PostgreSQL's processor time. SQLite has none of its own.
    fn cpu(&self) -> anyhow::Result<Option<Duration>> {
        match self {
            Self::Postgres { server, .. } => server.cpu().map(Some),
            Self::Sqlite(_) => Ok(None),
        }
    }

    /// Counts the answers by category and share in SQL alone.
    async fn group_by(&self) -> anyhow::Result<()> {
        match self {
            Self::Postgres { url, .. } => drop(postgres::run_within(LIMIT, url, GROUP_BY[0]).await?),
            Self::Sqlite(folder) => {
                let mut sqlite = command::on_processors(usage::ALL, "sqlite3");
                sqlite.arg(folder.path().join("taxbudget.db")).arg(GROUP_BY[1]);
                command::output(&mut sqlite, LIMIT).await.context("sqlite3 (package sqlite3)")?;
            }
        }
        Ok(())
    }
}

async fn simulate(url: &str, submissions: u64, seed: u64) -> anyhow::Result<String> {
    let mut simulate = command::on_processors(usage::ALL, program());
    simulate.args(["simulate", "--database-url", url]);
    simulate.args(["--submissions", &submissions.to_string(), "--seed", &seed.to_string()]);
    command::output(&mut simulate, LIMIT).await
}

async fn fill(report: &mut Report, database: &Filled<'_>, millions: u64) -> anyhow::Result<()> {
    let name = database.name();
    heading(&format!("{millions} million submissions on {name}, each million by one run of `simulate`"));
    let (mut filled, mut rows) = (Vec::new(), Vec::new());
    for number in 1..=millions {
        progress(&format!("{name}, million {number} of {millions}"));
        let million = one_million(database, number).await?;
        rows.push(vec![
            number.to_string(),
            format!("{:.0}", million.per_second),
            format!("{:.1}", million.cpu),
            million.database_cpu.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.1}")),
            format!("{:.0}", million.bytes),
        ]);
        filled.push(million);
    }
    let head = ["million", "submissions/s", "CPU µs for one", "PostgreSQL CPU µs", "bytes for one"];
    table(&head, &rows);
    if let ([first, ..], [.., last]) = (&filled[..], &filled[..]) {
        let ratio = last.per_second / first.per_second;
        report.criterion(
            &format!("{name}: submissions/s, million {millions} to the first"),
            ">= 0.85",
            &format!("{ratio:.2}"),
            (millions > 1).then_some(ratio >= 0.85),
        );
        let bytes = filled.iter().map(|million| million.bytes).sum::<f64>() / filled.len() as f64;
        let name = format!("{name}: disk for one submission");
        report.criterion(&name, "<= 400 bytes", &format!("{bytes:.0} bytes"), Some(bytes <= 400.0));
    }
    Ok(())
}

async fn one_million(database: &Filled<'_>, seed: u64) -> anyhow::Result<Million> {
    let before = (usage::cpu_of_ended_children()?, database.cpu()?, database.bytes().await.unwrap_or(0));
    let said = simulate(&database.url(), MILLION, seed).await?;
    let per_second = said.strip_suffix(" a second").and_then(|said| said.rsplit(' ').next()?.parse().ok());
    let each = |now: Duration, before: Duration| micros(now.saturating_sub(before)) / MILLION as f64;
    Ok(Million {
        per_second: per_second.with_context(|| format!("simulate said: {said}"))?,
        cpu: each(usage::cpu_of_ended_children()?, before.0),
        database_cpu: database.cpu()?.zip(before.1).map(|(now, before)| each(now, before)),
        bytes: database.bytes().await?.saturating_sub(before.2) as f64 / MILLION as f64,
    })
}

/// From the start of the process to the first answer that it is ready.
async fn restart(report: &mut Report, few: &Filled<'_>, many: &Filled<'_>) -> anyhow::Result<()> {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (database, times) in [few, many].into_iter().zip(&mut times) {
            times.push(start(&database.url()).await?.as_secs_f64() * 1000.0);
        }
    }
    let [few, last] = times.map(median);
    let name = many.name();
    println!("\n   {name}, from the start to ready: {few:.0} ms with {FEW}, {last:.0} ms with all");
    report.criterion(&format!("{name}: start to ready"), "<= 1000 ms", &format!("{last:.0} ms"), Some(last <= 1000.0));
    Ok(())
}

async fn start(url: &str) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let server = Server::on(url).await?;
    let request = http::bare("GET", "/readyz", "");
    let ready = async {
        loop {
            let mut connection = Connection::open(server.address).await?;
            if connection.exchange_with_timeout(&request).await?.status == 200 {
                return anyhow::Ok(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(START_LIMIT, ready).await.context("the server is not ready")?
}

async fn submissions_over_http(
    report: &mut Report,
    postgres: &Postgres,
    few: &Filled<'_>,
    many: &Filled<'_>,
) -> anyhow::Result<()> {
    heading("Submissions over HTTP, 64 connections, PostgreSQL");
    let (mut rows, mut rates) = (Vec::new(), [Vec::new(), Vec::new()]);
    for turn in 1..=TURNS {
        for ((name, database), rates) in [("few", few), ("many", many)].into_iter().zip(&mut rates) {
            progress(&format!("submissions over HTTP, {name}, turn {turn} of {TURNS}"));
            let server = Server::on(&database.url()).await?;
            let cost = mutations::cost(&server, postgres).await?;
            rows.push(vec![
                name.to_owned(),
                turn.to_string(),
                format!("{:.0}", cost.per_second),
                format!("{:.0}", cost.server),
                format!("{:.0}", cost.database),
            ]);
            rates.push(cost.per_second);
        }
    }
    table(&["ledger", "turn", "submissions/s", "server CPU µs", "PostgreSQL CPU µs"], &rows);
    let [few, many] = rates.map(median);
    let ratio = many / few;
    report.criterion("Submissions over HTTP, many to few", ">= 0.85", &format!("{ratio:.2}"), Some(ratio >= 0.85));
    Ok(())
}

async fn recount(report: &mut Report, database: &Filled<'_>) -> anyhow::Result<()> {
    let name = database.name();
    progress(&format!("{name}: a recount, and the same by GROUP BY"));
    let begun = Instant::now();
    let mut verify = command::on_processors(usage::ALL, program());
    let said = command::output(verify.args(["verify", "--database-url", &database.url()]), LIMIT).await?;
    let ours = begun.elapsed().as_secs_f64();
    anyhow::ensure!(said.contains("no drift"), "verify says: {said}");
    let begun = Instant::now();
    database.group_by().await?;
    let sql = begun.elapsed().as_secs_f64();
    println!("\n   {name}: recount {ours:.1} s, GROUP BY {sql:.1} s; {said}");
    report.criterion(
        &format!("{name}: recount"),
        "<= GROUP BY",
        &format!("{ours:.1} s, {sql:.1} s"),
        Some(ours <= sql),
    );
    Ok(())
}
