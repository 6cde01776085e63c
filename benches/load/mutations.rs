//! Submissions from end to end, against one transaction for each submission with ten updates of the aggregate in it.

use std::time::Duration;

use test_support::program::program;

use crate::{
    command, equivalent,
    figures::{median, micros},
    http::{Expected, hammer},
    postgres::Postgres,
    report::{Report, heading, progress, table},
    server::Server,
    submission, usage,
};

const TURNS: usize = 3;
const TIME: Duration = Duration::from_secs(6);
const CLIENTS: usize = 64;
/// The connections when both systems have the whole machine. A client waits for its answer, so that 64 of them leave the
/// server waiting, too.
const MANY_CLIENTS: usize = 256;
const VERIFY_TIMEOUT: Duration = Duration::from_mins(1);

/// What submissions took, each in microseconds of processor time.
pub struct Cost {
    pub count: u64,
    pub per_second: f64,
    pub server: f64,
    pub database: f64,
}

/// Submits from 64 connections at once.
pub async fn cost(server: &Server, postgres: &Postgres) -> anyhow::Result<Cost> {
    let before = (server.cpu()?, postgres.cpu()?);
    let (count, took) = hammer(server.address, CLIENTS, TIME, &submission::requests(), Expected::NoErrors).await?;
    let each = |now: Duration, before: Duration| micros(now.saturating_sub(before)) / count as f64;
    Ok(Cost {
        count,
        per_second: count as f64 / took.as_secs_f64(),
        server: each(server.cpu()?, before.0),
        database: each(postgres.cpu()?, before.1),
    })
}

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    heading("Mutations: submitAllocation over HTTP on PostgreSQL with fsync");
    let postgres = Postgres::connect().await?;
    let (mut rows, mut ratios) = (Vec::new(), Vec::new());
    for turn in 1..=TURNS {
        progress(&format!("mutations, turn {turn} of {TURNS}"));
        let equivalent = equivalent::measure(&postgres, turn, CLIENTS, TIME).await?;
        let url = postgres.fresh_database(&format!("ours_{turn}")).await?;
        let ours = Server::on(&url).await?;
        ours.wait_until_idle().await?;
        let Cost { count, per_second, server, database } = cost(&ours, &postgres).await?;
        drop(ours);
        let on_one = verified(&url, count).await?;
        let url = postgres.fresh_database(&format!("whole_{turn}")).await?;
        let ours = Server::node(&url, &[]).await?;
        ours.wait_until_idle().await?;
        let (count, took) =
            hammer(ours.address, MANY_CLIENTS, TIME, &submission::requests(), Expected::NoErrors).await?;
        drop(ours);
        let on_all = verified(&url, count).await?;
        let whole = count as f64 / took.as_secs_f64();
        ratios.push(whole / equivalent.per_second);
        rows.push(vec![
            turn.to_string(),
            format!("{:.0}", equivalent.per_second),
            format!("{whole:.0}"),
            format!("{:.1}", whole / equivalent.per_second),
            format!("{per_second:.0}"),
            format!("{server:.0}"),
            format!("{database:.0}"),
            format!("{:.0}", micros(equivalent.database_cpu)),
            format!("{on_one}; {on_all}"),
        ]);
    }
    println!(
        "   against one transaction for each by pgbench without HTTP, with {CLIENTS} clients, which wait for the same rows\n   \
         Ours on both processors, as pgbench, with {MANY_CLIENTS} connections; then the server on one of them with {CLIENTS}. CPU µs are for one submission"
    );
    let head = [
        "turn",
        "pgbench/s",
        "ours/s",
        "ratio",
        "ours on one/s",
        "server CPU",
        "PostgreSQL CPU",
        "pgbench: PostgreSQL CPU",
        "verified",
    ];
    table(&head, &rows);
    let ratio = median(ratios);
    report.criterion("Mutations over HTTP", "≥ 10 × the equivalent", &format!("{ratio:.1}"), Some(ratio >= 10.0));
    Ok(())
}

/// Recounts everything, to show that there is no drift and that no acknowledged submission is missing.
async fn verified(url: &str, acknowledged: u64) -> anyhow::Result<String> {
    let mut verify = command::on_processors(usage::ALL, program());
    let said = command::output(verify.args(["verify", "--database-url", url]), VERIFY_TIMEOUT).await?;
    anyhow::ensure!(
        said.contains("no drift") && said.contains(&format!(" {acknowledged} submissions")),
        "{acknowledged} were acknowledged; verify says: {said}"
    );
    Ok(format!("no drift, all {acknowledged}"))
}
