//! Random answers, and who gave which when.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    time::Instant,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::{Client, TestDatabase, client::with, ledger};
use crate::federal::CATEGORIES;

/// Randomness that a failed run can repeat: `TEST_SEED` or a new seed, printed.
pub fn seeded(test: &str) -> StdRng {
    StdRng::seed_from_u64(seed(test))
}

/// The seed alone.
pub fn seed(test: &str) -> u64 {
    let seed = crate::setting("TEST_SEED").map_or_else(rand::random, |seed| seed.parse().unwrap());
    println!("{test}: TEST_SEED={seed}");
    seed
}

/// Shares of so many categories that add to the whole, in basis points.
pub fn shares(random: &mut StdRng, categories: usize) -> Vec<u16> {
    let mut cuts: Vec<u16> = (1..categories).map(|_| random.random_range(0..=10_000)).collect();
    cuts.sort_unstable();
    cuts.push(10_000);
    let mut before = 0;
    cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect()
}

/// The mutation's input for an allocation of `federal`.
pub fn input(shares: &[u16], idempotency_key: Option<&str>) -> Value {
    let share = |(key, share): (&&str, &u16)| json!({ "category": key, "percent": f64::from(*share) / 100.0 });
    let shares: Vec<Value> = CATEGORIES.iter().zip(shares).map(share).collect();
    json!({ "budget": "federal", "shares": shares, "idempotencyKey": idempotency_key })
}

/// A participant that exists by having submitted once: its bearer token, good at every node with the same secret, and
/// the receipt of that submission.
pub async fn participant(address: SocketAddr, shares: &[u16], key: &str) -> (String, Acknowledgement) {
    let query = "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
    let key = format!("a-participant-created-by-{key}");
    let input = with(input(shares, Some(&key)), json!({ "remember": true }));
    let body = json!({ "query": query, "variables": { "input": input } });
    let client = Client::new(address);
    let sent = Instant::now();
    let response = client.http.post(client.url("/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    let token = cookie.split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
    let answer: Value = response.json().await.unwrap();
    let id = text(&answer["data"]["submitAllocation"]["submission"]["id"]);
    let receipt = Acknowledgement {
        participant: None,
        shares: shares.to_vec(),
        id,
        replaced: None,
        sent,
        acknowledged: Instant::now(),
    };
    (token, receipt)
}

/// Visitors of one address, each as the participant of a token or as nobody.
pub fn client_of(address: SocketAddr, token: Option<&str>) -> Client {
    let mut headers = reqwest::header::HeaderMap::new();
    if let Some(token) = token {
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
    Client { address, http }
}

/// An acknowledged submission: stored at some moment between `sent` and `acknowledged`.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// The test's own number of the participant; `None` is nobody.
    pub participant: Option<usize>,
    pub shares: Vec<u16>,
    pub id: String,
    pub replaced: Option<String>,
    pub sent: Instant,
    pub acknowledged: Instant,
}

/// What was acknowledged, by submission; a retry's receipt is merged with the first's.
#[derive(Debug, Default)]
pub struct Acknowledgements(pub HashMap<String, Acknowledgement>);

impl Acknowledgements {
    pub fn add(&mut self, receipt: Acknowledgement) {
        let known = self.0.entry(receipt.id.clone()).or_insert_with(|| receipt.clone());
        assert_eq!(known.participant, receipt.participant);
        assert_eq!(known.shares, receipt.shares);
        known.sent = known.sent.min(receipt.sent);
        known.acknowledged = known.acknowledged.min(receipt.acknowledged);
        known.replaced = known.replaced.take().or(receipt.replaced);
    }

    /// Holds the ledger and the ballots to what was acknowledged: nothing missing, nothing more, and every participant
    /// counts with a submission after which it surely submitted no other.
    pub async fn assert_kept(&self, database: &TestDatabase) {
        let id = if database.is_postgres() { "CAST(id AS text)" } else { "lower(hex(id))" };
        let simple = |id: &str| id.replace('-', "");
        let ledger = ledger::texts(database, &format!("SELECT {id} FROM submission")).await;
        let ledger: HashSet<String> = ledger.iter().map(|id| simple(id)).collect();
        let acknowledged: HashSet<String> = self.0.keys().map(|id| simple(id)).collect();
        let missing: Vec<_> = acknowledged.difference(&ledger).collect();
        let additional: Vec<_> = ledger.difference(&acknowledged).collect();
        assert!(missing.is_empty() && additional.is_empty(), "missing {missing:?}, additional {additional:?}");

        let ballots = format!("SELECT {} FROM ballot", id.replace("id", "submission_id"));
        let ballots = ledger::texts(database, &ballots).await;
        let ballots: HashSet<String> = ballots.iter().map(|id| simple(id)).collect();
        let mut of_participant: HashMap<usize, Vec<&Acknowledgement>> = HashMap::new();
        for receipt in self.0.values() {
            if let Some(participant) = receipt.participant {
                of_participant.entry(participant).or_default().push(receipt);
            }
        }
        assert_eq!(ballots.len(), of_participant.len());
        for (participant, receipts) in of_participant {
            let last: Vec<_> = receipts.iter().filter(|receipt| ballots.contains(&simple(&receipt.id))).collect();
            assert_eq!(last.len(), 1, "participant {participant} has one ballot");
            let surely_later = receipts.iter().find(|receipt| receipt.sent > last[0].acknowledged);
            assert!(surely_later.is_none(), "{:?} counts, but was followed by {surely_later:?}", last[0]);
        }
    }

    /// Holds what clients were told was replaced to one chain for each participant, which ends in its ballot.
    pub fn assert_chains(&self) {
        let mut firsts: HashMap<usize, usize> = HashMap::new();
        let mut replaced = HashSet::new();
        for receipt in self.0.values() {
            match (receipt.participant, &receipt.replaced) {
                (Some(participant), None) => *firsts.entry(participant).or_default() += 1,
                (Some(participant), Some(by)) => {
                    assert_eq!(self.0[by].participant, Some(participant), "replaced somebody else's");
                    assert!(replaced.insert(by), "{by} was replaced twice");
                }
                (None, replaced) => assert_eq!(*replaced, None),
            }
        }
        assert!(firsts.values().all(|firsts| *firsts == 1), "only the first submission replaces nothing: {firsts:?}");
    }
}

/// The receipt in a response to `submitAllocation`.
pub fn receipt(response: &Value, participant: Option<usize>, shares: &[u16], sent: Instant) -> Acknowledgement {
    let payload = &response["data"]["submitAllocation"];
    assert!(payload.is_object(), "{response}");
    Acknowledgement {
        participant,
        shares: shares.to_vec(),
        id: text(&payload["submission"]["id"]),
        replaced: payload["replaced"]["id"].as_str().map(ToOwned::to_owned),
        sent,
        acknowledged: Instant::now(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned()
}
