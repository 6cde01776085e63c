//! How soon a single subscriber receives a single submission when nothing else happens.

use std::time::Duration;

use anyhow::Context;

use crate::{
    clock,
    figures::quantile,
    http::{Connection, Expected},
    report::{Report, heading, progress, table},
    server::Server,
    socket::{Feed, Push, Socket},
    submission,
};

const SUBMISSIONS: usize = 60;
/// Long enough for each submission to be published alone and at once.
const EVERY: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(10);

pub async fn measure(report: &mut Report) -> anyhow::Result<()> {
    heading("Publication on an idle machine: one subscriber, SQLite, a submission every 300 ms");
    progress(&format!("{SUBMISSIONS} submissions"));
    let server = Server::embedded().await?;
    submission::submit(&server, 10).await?;
    let (mut socket, _) = Socket::open(server.address, Feed::Shared).await?;
    let mut connection = Connection::open(server.address).await?;
    let (mut from_commit, mut from_sending) = (Vec::new(), Vec::new());
    for request in submission::requests().iter().cycle().take(SUBMISSIONS) {
        tokio::time::sleep(EVERY).await;
        let sent = clock::now_micros();
        let both = async { tokio::join!(connection.exchange_with_timeout(request), newer(&mut socket, sent)) };
        let (answer, push) = tokio::time::timeout(TIMEOUT, both).await.context("a publication is missing")?;
        Expected::NoErrors.check(answer?)?;
        let push = push?;
        from_commit.push(push.latency_micros() as f64 / 1000.0);
        from_sending.push((push.received_micros - sent) as f64 / 1000.0);
    }
    let mut rows = Vec::new();
    let mut row = |name: &str, figures: &mut [f64]| {
        let [median, most] = [0.5, 0.99].map(|part| quantile(figures, part));
        rows.push(vec![name.to_owned(), format!("{median:.2}"), format!("{most:.2}")]);
        median
    };
    let median = row("from the moment in the message (set before the commit) to the receipt", &mut from_commit);
    row("from sending the mutation to the receipt of the push", &mut from_sending);
    table(&["", "p50 ms", "p99 ms"], &rows);
    report.criterion("Publication on an idle machine", "median < 5 ms", &format!("{median:.2} ms"), Some(median < 5.0));
    Ok(())
}

/// Waits for the first publication that was made after this moment.
async fn newer(socket: &mut Socket, moment: i64) -> anyhow::Result<Push> {
    let mut found = None;
    while found.is_none() {
        socket.pushes(|push| found = found.or((push.as_of_micros >= moment).then_some(push))).await?;
    }
    found.context("no publication")
}
