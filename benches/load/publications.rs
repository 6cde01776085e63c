//! What one publication costs, with few bins in the histograms and with full ones: on the node that folds, in PostgreSQL, and
//! on a second node that has no subscribers.

use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use test_support::program::program;

use crate::{
    announcements::{self, Announcements},
    command,
    figures::{median, micros},
    http::{self, Connection},
    postgres::Postgres,
    report::{Report, heading, progress, table},
    server::Server,
    submission, usage,
};

const TURNS: usize = 3;
const TIME: Duration = Duration::from_secs(8);
const FILL_TIMEOUT: Duration = Duration::from_mins(10);
/// The submissions before the measurement. The second number fills nearly every bin that people with two decimals use.
const FILLINGS: [(&str, &str); 2] = [("few bins", "50"), ("full bins", "300000")];
const AGGREGATE: &str = "{ budget(slug: \"federal\") { aggregate { version } } }";

/// What one publication took, in microseconds of processor time and in bytes.
pub struct Cost {
    server: f64,
    database: f64,
    second_node: f64,
    per_second: f64,
    /// What Redis sent to a subscriber, with the frame.
    announced_bytes: f64,
}

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    heading(
        "Publications: 30 submissions a second on PostgreSQL with fsync, Redis, and a second node without subscribers",
    );
    let postgres = Postgres::connect().await?;
    let mut databases = Vec::new();
    for (name, submissions) in FILLINGS {
        progress(&format!("publications: {submissions} submissions before"));
        let url = postgres.fresh_database(&format!("publications_{submissions}")).await?;
        let mut simulate = command::on_processors(usage::ALL, program());
        simulate.args(["simulate", "--database-url", &url, "--submissions", submissions, "--seed", "1"]);
        command::output(&mut simulate, FILL_TIMEOUT).await?;
        databases.push((name, url));
    }
    compare(report, &postgres, &databases).await
}

/// Measures publications of two databases in turns: first the one with few bins.
pub async fn compare(
    report: &mut Report,
    postgres: &Postgres,
    databases: &[(&'static str, String)],
) -> anyhow::Result<()> {
    let redis = announcements::redis_url()?;
    let (mut rows, mut costs) = (Vec::new(), [Vec::new(), Vec::new()]);
    for turn in 1..=TURNS {
        for ((name, url), costs) in databases.iter().zip(&mut costs) {
            progress(&format!("publications, {name}, turn {turn} of {TURNS}"));
            let prefix = format!("bench-{}-{}", std::process::id(), name.replace(' ', "-"));
            let cost = measure_one(postgres, url, &redis, &prefix).await?;
            let figures =
                [cost.server, cost.database, cost.second_node].map(|micros| format!("{:.2}", micros / 1000.0));
            let rest = [format!("{:.1}", cost.per_second), format!("{:.0}", cost.announced_bytes)];
            rows.push([&[name.to_string(), turn.to_string()][..], &figures, &rest].concat());
            costs.push(cost);
        }
    }
    table(
        &[
            "histograms",
            "turn",
            "server CPU ms a publication",
            "PostgreSQL CPU ms",
            "second node CPU ms",
            "a second",
            "bytes on the bus",
        ],
        &rows,
    );
    let of = |index: usize, figure: fn(&Cost) -> f64| median(costs[index].iter().map(figure));
    let ratio = |figure: fn(&Cost) -> f64| of(1, figure) / of(0, figure);
    let (server, database) = (ratio(|cost| cost.server), ratio(|cost| cost.database));
    report.criterion("Publication, server CPU, full to few", "<= 2", &format!("{server:.2}"), Some(server <= 2.0));
    report.criterion("Publication, PostgreSQL CPU", "<= 3", &format!("{database:.2}"), Some(database <= 3.0));
    let second = of(1, |cost| cost.second_node) / 1000.0;
    report.criterion("Publication, second node CPU", "<= 0.5 ms", &format!("{second:.2} ms"), Some(second <= 0.5));
    let rate = of(1, |cost| cost.per_second);
    report.criterion("Publications with full bins", ">= 9 a second", &format!("{rate:.1}"), Some(rate >= 9.0));
    let bytes = of(1, |cost| cost.announced_bytes);
    report.criterion("Publication on the bus", "<= 16 KB", &format!("{bytes:.0} bytes"), Some(bytes <= 16_384.0));
    Ok(())
}

async fn measure_one(postgres: &Postgres, url: &str, redis: &str, prefix: &str) -> anyhow::Result<Cost> {
    let shared = ["--redis-url", redis, "--redis-prefix", prefix, "--publish-every=1"];
    let server = Server::on_with(url, &shared).await?;
    let second = Server::on_with(url, &[&shared[..], &["--role=web"]].concat()).await?;
    submission::submit(&server, 3).await?;
    server.wait_until_idle().await?;
    let announcements = Announcements::listen(redis, prefix).await?;
    let before = (server.cpu()?, postgres.cpu()?, second.cpu()?, version(&server).await?);
    let submitting = submission::submit_steadily(&server, |_| {}).await?;
    if let Ok(error) = tokio::time::timeout(TIME, submitting).await {
        return Err(error);
    }
    let publications = (version(&server).await? - before.3) as f64;
    let each = |now: Duration, before: Duration| micros(now.saturating_sub(before)) / publications;
    Ok(Cost {
        server: each(server.cpu()?, before.0),
        database: each(postgres.cpu()?, before.1),
        second_node: each(second.cpu()?, before.2),
        per_second: publications / TIME.as_secs_f64(),
        announced_bytes: announcements.bytes_each(),
    })
}

async fn version(server: &Server) -> anyhow::Result<i64> {
    let mut connection = Connection::open(server.address).await?;
    let request = http::post(&serde_json::json!({ "query": AGGREGATE }).to_string());
    let response: Value = serde_json::from_slice(connection.exchange_with_timeout(&request).await?.body)?;
    response["data"]["budget"]["aggregate"]["version"].as_i64().context("no version")
}
