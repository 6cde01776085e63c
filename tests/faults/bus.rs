//! Nonsense on the bus while work goes on: messages that come twice, late, out of order, from before a restore, or are none.

use std::time::Duration;

use rand::{RngExt, rngs::StdRng};
use serde_json::Value;

use crate::world::{
    Layout, Trial,
    cluster::{REDIS_CHANNEL, REDIS_KEY},
    submitters::Load,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_repeated_reordered_from_an_older_epoch_and_garbage_change_nothing_that_is_shown() {
    const MESSAGES: usize = 600;
    let load = Load { workers: 4, pause: Duration::from_millis(20) };
    let mut trial = Trial::begin("bus", &Layout::default(), load, 8).await;
    trial.submitters.until_acknowledged(10).await;
    let mut genuine: Vec<String> = Vec::new();
    for number in 0..MESSAGES {
        let redis = trial.cluster.redis.as_ref().unwrap();
        if number.is_multiple_of(2)
            && let Some(newest) = redis.command(&["GET", REDIS_KEY]).await
            && genuine.last() != Some(&newest)
        {
            genuine.push(newest);
        }
        let Some(message) = nonsense(&genuine, &mut trial.random) else { continue };
        let heard = redis.command(&["PUBLISH", REDIS_CHANNEL, &message]).await.unwrap();
        assert!(heard.parse::<usize>().unwrap() >= 2, "the nodes listen");
        tokio::time::sleep(Duration::from_micros(trial.random.random_range(0..20_000))).await;
    }
    assert!(genuine.len() > 10, "there must be something to repeat: {}", genuine.len());
    trial.submitters.until_acknowledged(10).await;
    trial.figure("messages", MESSAGES);
    trial.figure("snapshots", genuine.len());
    trial.end(Duration::from_secs(3)).await.assert_undisturbed();
}

fn nonsense(genuine: &[String], random: &mut StdRng) -> Option<String> {
    let newest = genuine.last()?;
    let any = &genuine[random.random_range(0..genuine.len())];
    Some(match random.random_range(0..10) {
        0..2 => newest.clone(),
        2..5 => any.clone(),
        // As a node would say that was left running on the database of before a restore: more of everything, and older.
        5..7 => older_epoch(any, random),
        7 => {
            let length = random.random_range(0..any.len());
            any.chars().take(length).collect()
        }
        8 => ["", "{}", "[]", "null", "nonsense", "1e999", "\u{0}\u{1}", "{\"budget\":\"federal\"}"]
            [random.random_range(0..8)]
        .to_owned(),
        _ => "[".repeat(random.random_range(1..20_000)),
    })
}

fn older_epoch(snapshot: &str, random: &mut StdRng) -> String {
    let mut snapshot: Value = serde_json::from_str(snapshot).unwrap();
    let epoch = snapshot["epoch"].as_i64().unwrap();
    snapshot["epoch"] = random.random_range(0..epoch).into();
    snapshot["version"] = random.random_range(0..i64::MAX).into();
    snapshot["participants"] = 999_999.into();
    snapshot["submissions"] = 999_999.into();
    snapshot.to_string()
}
