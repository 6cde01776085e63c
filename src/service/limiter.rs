//! Limits the rate at which one participant or network submits allocations, and at which one network sends heavy
//! queries.

use std::{collections::HashMap, num::NonZeroU32, time::Duration};

use parking_lot::Mutex;
use tokio::time::Instant;

use super::identity::NetworkKey;
use crate::{
    domain::{participant::ParticipantId, rate::Rate},
    redis::RedisClient,
};

/// The maximum number of keys in one process, which take about 10 MB.
const MAX_KEYS: usize = 100_000;

/// The retries that one network may send after its allowance is used up. Each costs a query of the database.
const RETRY_RATE: Rate = Rate { limit: NonZeroU32::new(30).expect("30 is not zero"), period: Duration::from_hours(1) };

/// The wrong participation codes that one network may send. A code that was mistyped is found by its check character and
/// does not count.
const CODE_GUESS_RATE: Rate =
    Rate { limit: NonZeroU32::new(60).expect("60 is not zero"), period: Duration::from_hours(1) };

/// The heavy documents that one network may send: 30 at once, then 5 a second.
const HEAVY_RATE: Rate = Rate { limit: NonZeroU32::new(30).expect("30 is not zero"), period: Duration::from_secs(6) };

/// The allowances for submissions. `None` means no limit.
#[derive(Debug, Clone, Copy)]
pub struct SubmissionRates {
    /// The allowance of one participant.
    pub participant: Option<Rate>,
    /// The allowance of one network. It is higher, because a school or an office shares one address.
    pub network: Option<Rate>,
}

/// Counts requests in Redis, so that all nodes count together. Without Redis, or while it is unavailable, this process
/// counts alone.
pub struct Limiter {
    rates: SubmissionRates,
    redis: Option<RedisClient>,
    started: Instant,
    /// For each key, the theoretical arrival time of GCRA, in milliseconds since `started`.
    arrivals_ms: Mutex<HashMap<String, u64>>,
}

impl Limiter {
    /// Creates a limiter with full allowances in this process.
    pub fn new(rates: SubmissionRates, redis: Option<RedisClient>) -> Self {
        Self { rates, redis, started: Instant::now(), arrivals_ms: Mutex::new(HashMap::new()) }
    }

    /// Counts one submission. Fails with the time to wait if an allowance is used up. The network is counted first: its
    /// allowance is the larger one, so little of it is lost if the participant's is then used up.
    pub async fn check(&self, participant: Option<ParticipantId>, network: &NetworkKey) -> Result<(), Duration> {
        if let Some(rate) = self.rates.network {
            self.check_key(format!("network:{}", network.as_str()), rate).await?;
        }
        if let (Some(rate), Some(participant)) = (self.rates.participant, participant) {
            self.check_key(format!("participant:{participant}"), rate).await?;
        }
        Ok(())
    }

    /// Counts one retry of a network that has used up its allowance. Fails with the time to wait.
    pub async fn check_retry(&self, network: &NetworkKey) -> Result<(), Duration> {
        self.check_key(format!("retry:{}", network.as_str()), RETRY_RATE).await
    }

    /// Counts one heavy document of a network. Fails with the time to wait. Only this process counts it, because the
    /// document takes processor time of this process.
    pub fn check_heavy(&self, network: &NetworkKey) -> Result<(), Duration> {
        self.check_locally(format!("heavy:{}", network.as_str()), HEAVY_RATE).map_err(Duration::from_millis)
    }

    /// Counts one submission of a participant who is known by a code. A code is one voice wherever it comes from, so the
    /// network has no allowance here: a school or an office may have any number of codes.
    pub async fn check_participant(&self, participant: ParticipantId) -> Result<(), Duration> {
        match self.rates.participant {
            Some(rate) => self.check_key(format!("participant:{participant}"), rate).await,
            None => Ok(()),
        }
    }

    /// Fails with the time to wait if a network has used up its allowance of wrong codes. Counts nothing.
    pub async fn check_code_guesses(&self, network: &NetworkKey) -> Result<(), Duration> {
        let key = code_guess_key(network);
        let shared = match &self.redis {
            Some(redis) => redis.peek_rate(&key, CODE_GUESS_RATE).await.ok(),
            None => None,
        };
        let local = || {
            let arrival = self.arrivals_ms.lock().get(&key).copied().unwrap_or_default();
            CODE_GUESS_RATE.check(arrival, self.now_ms()).map(drop)
        };
        shared.unwrap_or_else(local).map_err(Duration::from_millis)
    }

    /// Counts one wrong code of a network.
    pub async fn count_code_guess(&self, network: &NetworkKey) {
        // If the allowance is used up already, there is nothing to count.
        let _ = self.check_key(code_guess_key(network), CODE_GUESS_RATE).await;
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn check_key(&self, key: String, rate: Rate) -> Result<(), Duration> {
        let shared = match &self.redis {
            Some(redis) => redis
                .check_rate(&key, rate)
                .await
                .inspect_err(|error| {
                    tracing::debug!(%error, "rates are counted in this process alone");
                })
                .ok(),
            None => None,
        };
        shared.unwrap_or_else(|| self.check_locally(key, rate)).map_err(Duration::from_millis)
    }

    fn check_locally(&self, key: String, rate: Rate) -> Result<(), u64> {
        let now_ms = self.now_ms();
        let mut arrivals = self.arrivals_ms.lock();
        if arrivals.len() >= MAX_KEYS {
            make_room(&mut arrivals, now_ms);
        }
        let arrival = arrivals.entry(key).or_insert(0);
        *arrival = rate.check(*arrival, now_ms)?;
        Ok(())
    }
}

fn code_guess_key(network: &NetworkKey) -> String {
    format!("code:{}", network.as_str())
}

/// Drops the keys whose allowance is full again. If there are still too many, also drops the 10 % that are closest to
/// full.
fn make_room(arrivals: &mut HashMap<String, u64>, now_ms: u64) {
    arrivals.retain(|_, arrival| *arrival > now_ms);
    if arrivals.len() >= MAX_KEYS {
        let mut times: Vec<u64> = arrivals.values().copied().collect();
        let (_, tenth, _) = times.select_nth_unstable(MAX_KEYS / 10);
        let tenth = *tenth;
        arrivals.retain(|_, arrival| *arrival > tenth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::identity::Identity;

    #[tokio::test(start_paused = true)]
    async fn a_fresh_participant_does_not_escape_its_network_and_waiting_as_told_is_enough() {
        let rates = SubmissionRates { participant: "2/h".parse().ok(), network: "3/h".parse().ok() };
        let limiter = Limiter::new(rates, None);
        let identity = Identity::new(&[1; 32], None);
        let network = identity.network_key("192.0.2.1".parse().unwrap());
        let elsewhere = identity.network_key("192.0.2.2".parse().unwrap());
        let new = || Some(ParticipantId(uuid::Uuid::new_v4()));
        let first = new();
        assert!(limiter.check(first, &network).await.is_ok());
        assert!(limiter.check(first, &network).await.is_ok());
        let wait = limiter.check(first, &network).await.unwrap_err();
        assert_eq!(wait, Duration::from_mins(30));
        assert!(limiter.check(new(), &network).await.is_err(), "fresh cookie, same network");
        assert!(limiter.check(None, &network).await.is_err(), "no cookie, same network");
        assert!(limiter.check(new(), &elsewhere).await.is_ok());
        tokio::time::advance(wait).await;
        assert!(limiter.check(first, &network).await.is_ok());
    }

    #[test]
    fn a_full_memory_makes_room_by_forgetting_the_nearest_to_recovered() {
        let mut arrivals: HashMap<String, u64> = (0..MAX_KEYS).map(|n| (n.to_string(), n as u64 + 11)).collect();
        make_room(&mut arrivals, 10);
        assert_eq!(arrivals.len(), MAX_KEYS - MAX_KEYS / 10 - 1);
        assert!(!arrivals.contains_key("5") && arrivals.contains_key("99999"));
    }
}
