//! People who submit, each allocation again and again with its key until it is acknowledged, and what they were told.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use test_support::{
    answers::{Acknowledgement, Acknowledgements, client_of, input, participant, receipt, shares},
    client::SUBMIT,
};
use tokio::{sync::watch, task::JoinSet};

/// Participants with a token; there are as many submissions without one as of each of them.
const PARTICIPANTS: usize = 6;
/// A client that waits longer for an answer gives up and asks again.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// One submission may take so long, through whatever happens.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Of a hundred acknowledged submissions so many are sent again all the same.
const NEEDLESS_RETRIES: u32 = 5;

/// How much is submitted.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub workers: usize,
    /// Between an acknowledgement and the same worker's next submission.
    pub pause: Duration,
}

/// One request and what came of it.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub took: Duration,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Acknowledged,
    /// An answer that says no, with its code, and after how many seconds to ask again.
    Refused(String, Option<u64>),
    /// No answer of the program's: what happened is not known.
    Broken(String),
}

/// Everything that was sent and acknowledged.
#[derive(Default)]
pub struct Record {
    pub receipts: Acknowledgements,
    pub attempts: Vec<Attempt>,
}

impl Record {
    /// The attempts that were not acknowledged.
    pub fn failures(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| attempt.outcome != Outcome::Acknowledged)
    }

    /// When each submission was acknowledged, in order.
    pub fn acknowledgements(&self) -> Vec<Instant> {
        let mut times: Vec<Instant> = self.receipts.0.values().map(|receipt| receipt.acknowledged).collect();
        times.sort_unstable();
        times
    }
}

/// The running workers.
pub struct Submitters {
    shared: Arc<Shared>,
    workers: JoinSet<()>,
}

struct Shared {
    /// Where to; one of them at random for each attempt.
    addresses: Vec<SocketAddr>,
    /// The last one is nobody.
    voices: Vec<reqwest::Client>,
    load: Load,
    record: Mutex<Record>,
    acknowledged: watch::Sender<usize>,
    is_over: AtomicBool,
}

impl Submitters {
    /// Begins: one submission of each participant, then the workers.
    pub async fn start(addresses: Vec<SocketAddr>, load: Load, random: &mut StdRng) -> Self {
        let mut record = Record::default();
        let mut voices = Vec::new();
        for number in 0..PARTICIPANTS {
            let key = format!("first-of-{number}");
            let (token, first) = participant(addresses[0], &shares(random, 10), &key).await;
            record.receipts.add(Acknowledgement { participant: Some(number), ..first });
            voices.push(client_of(addresses[0], Some(&token)).http);
        }
        voices.push(client_of(addresses[0], None).http);
        let shared = Arc::new(Shared {
            addresses,
            voices,
            load,
            record: Mutex::new(record),
            acknowledged: watch::channel(0).0,
            is_over: AtomicBool::new(false),
        });
        let mut workers = JoinSet::new();
        for worker in 0..load.workers {
            let (shared, random) = (Arc::clone(&shared), StdRng::seed_from_u64(random.random()));
            workers.spawn(async move { shared.work(worker, random).await });
        }
        Self { shared, workers }
    }

    /// How many submissions were acknowledged; changes with each.
    pub fn acknowledged(&self) -> watch::Receiver<usize> {
        self.shared.acknowledged.subscribe()
    }

    /// Waits for so many more acknowledgements.
    pub async fn until_acknowledged(&mut self, more: usize) {
        let mut acknowledged = self.acknowledged();
        let goal = *acknowledged.borrow() + more;
        tokio::select! {
            reached = tokio::time::timeout(TIMEOUT, acknowledged.wait_for(|count| *count >= goal)) => {
                reached.expect("nothing is acknowledged any more").unwrap();
            }
            ended = self.workers.join_next() => ended.expect("there are workers").unwrap(),
        }
    }

    /// What is known so far.
    pub fn look<T>(&self, at: impl FnOnce(&Record) -> T) -> T {
        at(&self.shared.record.lock().unwrap())
    }

    /// Lets every submission under way be acknowledged, and ends.
    pub async fn stop(self) -> Record {
        self.shared.is_over.store(true, Relaxed);
        self.workers.join_all().await;
        std::mem::take(&mut *self.shared.record.lock().unwrap())
    }
}

impl Shared {
    async fn work(&self, worker: usize, mut random: StdRng) {
        let mut number = 0;
        while !self.is_over.load(Relaxed) {
            let voice = random.random_range(0..self.voices.len());
            let shares = shares(&mut random, 10);
            let key = format!("worker-{worker}-{number}");
            number += 1;
            self.submit(voice, &shares, &key, &mut random).await;
            self.acknowledged.send_modify(|count| *count += 1);
            tokio::time::sleep(self.load.pause).await;
            if random.random_ratio(NEEDLESS_RETRIES, 100) {
                self.submit(voice, &shares, &key, &mut random).await;
            }
        }
    }

    /// Hands in until it is acknowledged.
    async fn submit(&self, voice: usize, shares: &[u16], key: &str, random: &mut StdRng) {
        let body = json!({ "query": SUBMIT, "variables": { "input": input(shares, Some(key)) } });
        let participant = (voice < PARTICIPANTS).then_some(voice);
        let first = Instant::now();
        loop {
            let address = self.addresses[random.random_range(0..self.addresses.len())];
            let sent = Instant::now();
            let (outcome, response) = attempt(&self.voices[voice], address, &body).await;
            let is_done = outcome == Outcome::Acknowledged;
            {
                let mut record = self.record.lock().unwrap();
                record.attempts.push(Attempt { took: sent.elapsed(), outcome: outcome.clone() });
                if is_done {
                    record.receipts.add(receipt(&response, participant, shares, first));
                }
            }
            if is_done {
                return;
            }
            assert!(first.elapsed() < TIMEOUT, "{key} is not acknowledged: {outcome:?}");
            tokio::time::sleep(Duration::from_millis(random.random_range(10..40))).await;
        }
    }
}

/// One request. A refusal that no fault explains ends the test.
async fn attempt(http: &reqwest::Client, address: SocketAddr, body: &Value) -> (Outcome, Value) {
    let request = http.post(format!("http://{address}/graphql")).json(body).timeout(ANSWER_TIMEOUT);
    let broken = |error: reqwest::Error| (Outcome::Broken(format!("{error:?}")), Value::Null);
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return broken(error),
    };
    let status = response.status();
    let text = match response.text().await {
        Ok(text) => text,
        Err(error) => return broken(error),
    };
    let Ok(answer) = serde_json::from_str::<Value>(&text) else {
        return (Outcome::Broken(format!("{status}: {text:.200}")), Value::Null);
    };
    let error = &answer["errors"][0]["extensions"];
    if answer.get("errors").is_none() {
        return (Outcome::Acknowledged, answer);
    }
    let code = error["code"].as_str().unwrap_or_default();
    assert!(["UNAVAILABLE", "OVERLOADED"].contains(&code), "{answer}");
    (Outcome::Refused(code.to_owned(), error["retryAfterSeconds"].as_u64()), Value::Null)
}
