//! The cost of subscribers that all have different selections, and how long other clients wait meanwhile.

use std::time::{Duration, Instant};

use crate::{
    figures::{micros, quantile},
    report::{heading, progress, table},
    server::Server,
    socket::Feed,
    submission,
    subscribers::Subscribers,
};

const SUBSCRIBERS: usize = 1_000;
const TIME: Duration = Duration::from_secs(6);

pub async fn measure() -> anyhow::Result<()> {
    heading("Selections: 1 000 subscribers, ten publications a second if it can, 30 submissions a second");
    let mut rows = Vec::new();
    for (name, selection) in [("all the same", (|_| Feed::Shared) as fn(usize) -> Feed), ("each its own", Feed::Own)] {
        progress(&format!("selections: {name}"));
        rows.push(row(name, selection).await?);
    }
    println!("   CPU is the server's, with the submissions; mutations are timed from sending to the answer");
    let head = ["selection", "CPU µs a message", "received/s min", "median", "CPU server", "mutation p50 ms", "p99 ms"];
    table(&head, &rows);
    Ok(())
}

async fn row(name: &str, selection: fn(usize) -> Feed) -> anyhow::Result<Vec<String>> {
    let server = Server::embedded().await?;
    submission::submit(&server, 200).await?;
    let subscribers = Subscribers::open_each(server.address, SUBSCRIBERS, selection).await?;
    server.wait_until_idle().await?;
    let (before, begun) = (server.cpu()?, Instant::now());
    let (received, mut mutations) = tokio::try_join!(subscribers.count(TIME), mutations(&server, TIME))?;
    let (cpu, took) = (server.cpu()?.saturating_sub(before), begun.elapsed().as_secs_f64());
    anyhow::ensure!(received.messages > 0, "nothing was received");
    let [least, median, _] = received.per_subscriber.map(|count| format!("{:.2}", count / took));
    let [middle, most] = [0.5, 0.99].map(|part| format!("{:.1}", quantile(&mut mutations, part)));
    Ok(vec![
        name.to_owned(),
        format!("{:.1}", micros(cpu) / received.messages as f64),
        least,
        median,
        format!("{:.0} %", cpu.as_secs_f64() / took * 100.0),
        middle,
        most,
    ])
}

/// Submits all the time; returns the milliseconds of each response.
async fn mutations(server: &Server, time: Duration) -> anyhow::Result<Vec<f64>> {
    let mut took = Vec::new();
    let submitting = submission::submit_steadily(server, |each| took.push(each.as_secs_f64() * 1000.0)).await?;
    if let Ok(error) = tokio::time::timeout(time, submitting).await {
        return Err(error.context("submitting"));
    }
    Ok(took)
}
