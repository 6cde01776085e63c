//! Mutations to send: ten categories, no participant.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use test_support::federal::CATEGORIES;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    http::{self, Connection, Expected},
    server::Server,
};

const MUTATION: &str =
    "mutation Give($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
const EVERY: Duration = Duration::from_millis(33);

/// Returns a set of different submissions.
pub fn requests() -> Arc<[Vec<u8>]> {
    (0..90).map(request).collect()
}

fn request(index: u32) -> Vec<u8> {
    let share = |(place, category)| {
        let percent = match place {
            0 => f64::from(100 + index) / 10.0,
            1 => f64::from(100 - index) / 10.0,
            _ => 10.0,
        };
        json!({ "category": category, "percent": percent })
    };
    let shares: Vec<_> = CATEGORIES.iter().enumerate().map(share).collect();
    let variables = json!({ "input": { "budget": "federal", "shares": shares } });
    http::post(&json!({ "query": MUTATION, "variables": variables }).to_string())
}

/// Submits this many, one after the other, and waits until they are published.
pub async fn submit(server: &Server, count: usize) -> anyhow::Result<()> {
    let mut connection = Connection::open(server.address).await?;
    for request in requests().iter().cycle().take(count) {
        Expected::NoErrors.check(connection.exchange_with_timeout(request).await?)?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(())
}

/// Submits three in a push interval, so that there is always something to publish, until it fails. `on_answer` gets the
/// time of each response.
pub async fn submit_steadily<F: FnMut(Duration)>(
    server: &Server,
    mut on_answer: F,
) -> anyhow::Result<impl Future<Output = anyhow::Error> + use<F>> {
    let mut connection = Connection::open(server.address).await?;
    Ok(async move {
        let requests = requests();
        let mut interval = interval(EVERY);
        // After a delay, missed submissions are not made up for: they would flood the server.
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = requests.iter().cycle();
        loop {
            interval.tick().await;
            let Some(request) = next.next() else { return anyhow::anyhow!("nothing to submit") };
            let sent = Instant::now();
            let done = match connection.exchange_with_timeout(request).await {
                Ok(answer) => Expected::NoErrors.check(answer),
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                return error;
            }
            on_answer(sent.elapsed());
        }
    })
}
