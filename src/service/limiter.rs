//! How often one participant, and one network, may hand in an allocation, and one network ask for much.

use std::{collections::HashMap, num::NonZeroU32, time::Duration};

use parking_lot::Mutex;
use tokio::time::Instant;

use super::identity::NetworkKey;
use crate::{
    bus::redis::RedisLink,
    domain::{participant::ParticipantId, rate::Rate},
};

/// Keys remembered by one process; about 10 MB at the most.
const MAX_KEYS: usize = 100_000;

/// Retries that one network may make beyond its allowance: each costs a look into the database.
const RETRY_RATE: Rate = Rate { limit: NonZeroU32::new(30).expect("30 is not zero"), period: Duration::from_hours(1) };

/// Documents that one network may have parsed and executed that take milliseconds: 30 at once, then 5 a second.
const HEAVY_RATE: Rate = Rate { limit: NonZeroU32::new(30).expect("30 is not zero"), period: Duration::from_secs(6) };

/// The allowances; `None` is no limit.
#[derive(Debug, Clone, Copy)]
pub struct SubmissionRates {
    /// Of one participant.
    pub participant: Option<Rate>,
    /// Of one network address: higher, because a school or an office shares one.
    pub network: Option<Rate>,
}

/// Counts through Redis where there is one, so that all nodes count together, else, or while it is away, in here.
pub struct Limiter {
    rates: SubmissionRates,
    redis: Option<RedisLink>,
    started: Instant,
    arrivals_ms: Mutex<HashMap<String, u64>>,
}

impl Limiter {
    /// A limiter that has seen nobody.
    pub fn new(rates: SubmissionRates, redis: Option<RedisLink>) -> Self {
        Self { rates, redis, started: Instant::now(), arrivals_ms: Mutex::new(HashMap::new()) }
    }

    /// One submission; `Err` with the time to wait. The network is asked first: its allowance is the larger one, so
    /// little is lost when the participant's is then found empty.
    pub async fn check(&self, participant: Option<ParticipantId>, network: &NetworkKey) -> Result<(), Duration> {
        if let Some(rate) = self.rates.network {
            self.check_key(format!("network:{}", network.as_str()), rate).await?;
        }
        if let (Some(rate), Some(participant)) = (self.rates.participant, participant) {
            self.check_key(format!("participant:{participant}"), rate).await?;
        }
        Ok(())
    }

    /// One look for the first submission of a retry whose network has used up its allowance.
    pub async fn check_retry(&self, network: &NetworkKey) -> Result<(), Duration> {
        self.check_key(format!("retry:{}", network.as_str()), RETRY_RATE).await
    }

    /// One document that takes milliseconds. Counted in this process, whose processors it takes.
    pub fn check_heavy(&self, network: &NetworkKey) -> Result<(), Duration> {
        self.check_here(format!("heavy:{}", network.as_str()), HEAVY_RATE).map_err(Duration::from_millis)
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
        shared.unwrap_or_else(|| self.check_here(key, rate)).map_err(Duration::from_millis)
    }

    fn check_here(&self, key: String, rate: Rate) -> Result<(), u64> {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut arrivals = self.arrivals_ms.lock();
        if arrivals.len() >= MAX_KEYS {
            make_room(&mut arrivals, now_ms);
        }
        let arrival = arrivals.entry(key).or_insert(0);
        *arrival = rate.check(*arrival, now_ms)?;
        Ok(())
    }
}

/// Forgets who has the whole allowance again, and if that is not enough, the tenth that is nearest to it.
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
        let identity = Identity::new(&[1; 32], None, false);
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
