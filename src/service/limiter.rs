//! Counts how often participants and networks do what is limited. Every limit is a [`Policy`]: a name and a rate.

use std::{collections::HashMap, fmt::Display, num::NonZeroU32, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    networks::Networks,
    proof_of_work::{LIFETIME, Solution},
};
use crate::{
    domain::{
        network::{ClientAddress, Level},
        participant::ParticipantId,
        rate::{Charge, Charged, Claim, Outcome, Rate},
        work::{self, Price, Work},
    },
    redis::RedisClient,
};

/// The maximum number of keys in one process, which take about 10 MB. It also bounds the claims.
const MAX_KEYS: usize = 100_000;

/// A limit: how often one participant or one network may do something.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The name in keys and headers.
    pub name: &'static str,
    rate: Rate,
}

impl Policy {
    const fn new(name: &'static str, limit: u32, period: Duration) -> Self {
        Self { name, rate: Rate::new(NonZeroU32::new(limit).expect("no policy allows nothing"), period) }
    }

    fn charge(&self, subject: &impl Display, max_ahead_ms: u64) -> Charge {
        Charge { key: format!("{}:{subject}", self.name), interval_ms: self.rate.interval_ms(), max_ahead_ms }
    }
}

/// The retries that one network may send after its allowance is used up. Each costs a query of the database.
pub const RETRIES: Policy = Policy::new("retry", 30, Duration::from_hours(1));
/// The wrong participation codes that one network may send. A code that was mistyped is found by its check character and
/// does not count.
pub const CODE_GUESSES: Policy = Policy::new("code", 60, Duration::from_hours(1));
/// The heavy documents that one network may send: 30 at once, then 5 a second.
pub const HEAVY_QUERIES: Policy = Policy::new("heavy", 30, Duration::from_secs(6));
/// The attempts to sign in that one network may make; wider networks have a multiple of it. Each costs a hash of 19 MiB.
pub const SIGN_INS: Policy = Policy::new("sign-in", 60, Duration::from_mins(10));
/// The attempts to sign in to one account, from anywhere. Somebody who keeps them used up keeps its owner from signing in,
/// but ends no session.
pub const SIGN_INS_OF_NAME: Policy = Policy::new("sign-in-name", 20, Duration::from_mins(20));
/// The invitations that one network may look up.
pub const INVITATION_LOOK_UPS: Policy = Policy::new("invitation", 60, Duration::from_mins(10));

/// The allowances for submissions. `None` means no limit.
#[derive(Debug, Clone, Copy)]
pub struct SubmissionRates {
    /// The allowance of one participant.
    pub participant: Option<Rate>,
    /// The allowance of one IPv4 address or /64. Wider networks have a multiple of it.
    pub network: Option<Rate>,
    /// Whether a submission beyond the allowance of a network may be paid for with work.
    pub accepts_work: bool,
}

/// A submission as the limiter sees it.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// The participant, if the caller is one.
    pub participant: Option<ParticipantId>,
    /// The address of the caller. None if its networks have no allowance.
    pub address: Option<ClientAddress>,
    /// The work that the caller has done.
    pub solution: Option<&'a Solution>,
    /// The name of the submission. A solution counts once, but a retry of the same submission may send it again.
    pub submission: String,
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The name of the policy.
    pub policy: &'static str,
    /// Whether more than one network shares it.
    pub is_shared_widely: bool,
    /// How many may come at once.
    pub burst: u32,
    /// How many may come now.
    pub remaining: u32,
    /// The time after which a used burst is whole again.
    pub window: Duration,
    /// The time after which this allowance is whole again.
    pub reset: Duration,
}

/// Whether a submission is within the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is left of every allowance that was looked at.
    pub allowances: Vec<Allowance>,
    /// Why the submission may not be stored now, if so.
    pub refusal: Option<Refusal>,
}

/// Why a submission may not be stored now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// An allowance is used up for this long, whatever the client does.
    RateLimited(Duration),
    /// The submission costs this work. After this time it would be free.
    WorkRequired(Work, Duration),
    /// The submission costs this work, because its solution was used for another one.
    SolutionUsed(Work, Duration),
}

/// Counts in Redis, so that all nodes count together. Without Redis, or while it is unavailable, this process counts
/// alone.
pub struct Limiter {
    rates: SubmissionRates,
    networks: Arc<Networks>,
    redis: Option<RedisClient>,
    started: Instant,
    local: Mutex<Local>,
}

/// What this process counts alone.
#[derive(Default)]
struct Local {
    /// For each key, the theoretical arrival time of GCRA, in milliseconds since `started`.
    arrivals_ms: HashMap<String, u64>,
    /// The owner of each claim, and when it ends, in milliseconds since `started`.
    claims: HashMap<String, (String, u64)>,
}

impl Limiter {
    /// Creates a limiter with full allowances in this process.
    pub fn new(rates: SubmissionRates, networks: Arc<Networks>, redis: Option<RedisClient>) -> Self {
        Self { rates, networks, redis, started: Instant::now(), local: Mutex::default() }
    }

    /// Counts one submission against the participant and every network of the address, or against none of them.
    pub async fn admit_submission(&self, attempt: Attempt<'_>) -> Verdict {
        let (policies, charges) = self.submission_charges(&attempt);
        let claim = attempt.solution.map(|solution| Claim {
            key: format!("solution:{}", solution.id),
            owner: self.networks.blind(&[b"submission", attempt.submission.as_bytes()]).to_string(),
            lifetime: LIFETIME,
        });
        let Charged { outcome, ahead_ms } = self.charge(&charges, claim.as_ref()).await;
        let refusal = match outcome {
            Outcome::Counted => None,
            outcome => Some(self.refusal(outcome, &policies, &ahead_ms)),
        };
        let allowances = policies.iter().zip(&ahead_ms).map(|(policy, ahead_ms)| policy.allowance(*ahead_ms));
        Verdict { allowances: allowances.collect(), refusal }
    }

    /// Returns the policies that apply to a submission, the ones of networks first, and what it costs under each.
    fn submission_charges(&self, attempt: &Attempt<'_>) -> (Vec<Policy>, Vec<Charge>) {
        let (mut policies, mut charges) = (Vec::new(), Vec::new());
        if let Some(rate) = self.rates.network {
            for (level, network) in attempt.address.into_iter().flat_map(ClientAddress::networks) {
                let policy = Policy { name: network_policy(level), rate: rate.times(level.factor()) };
                let max_ahead_ms = match attempt.solution {
                    Some(solution) => solution.work.max_ahead_ms(policy.rate),
                    None => policy.rate.tolerance_ms(),
                };
                charges.push(policy.charge(&self.networks.key(&network), max_ahead_ms));
                policies.push(policy);
            }
        }
        if let (Some(rate), Some(participant)) = (self.rates.participant, attempt.participant) {
            let policy = Policy { name: PARTICIPANT, rate };
            // Blinded like a network, so that Redis does not name a participant who has erased their data.
            let subject = self.networks.blind(&[b"participant", participant.0.as_bytes()]);
            charges.push(policy.charge(&subject, rate.tolerance_ms()));
            policies.push(policy);
        }
        (policies, charges)
    }

    /// Finds the dearest of the prices under all policies.
    fn refusal(&self, outcome: Outcome, policies: &[Policy], ahead_ms: &[u64]) -> Refusal {
        let (mut work, mut free_in_ms, mut refused_ms) = (Work::BASIC, 0, 0);
        for (policy, ahead_ms) in policies.iter().zip(ahead_ms) {
            match policy.price(*ahead_ms) {
                Price::Free => {}
                Price::Work(needed, wait_ms) if self.rates.accepts_work => {
                    (work, free_in_ms) = (work.max(needed), free_in_ms.max(wait_ms));
                }
                Price::Work(_, wait_ms) | Price::Refused(wait_ms) => refused_ms = refused_ms.max(wait_ms),
            }
        }
        let free_in = Duration::from_millis(free_in_ms);
        match outcome {
            _ if refused_ms > 0 => Refusal::RateLimited(Duration::from_millis(refused_ms)),
            Outcome::Claimed => Refusal::SolutionUsed(work, free_in),
            _ => Refusal::WorkRequired(work, free_in),
        }
    }

    /// Counts one event of the narrowest network of this address, on all nodes together. Fails with the time to wait.
    pub async fn check(&self, policy: &Policy, address: ClientAddress) -> Result<(), Duration> {
        let charge = self.charge_of(policy, address);
        policy.admitted(&self.charge(&[charge], None).await)
    }

    /// Counts one event of every network of this address, on all nodes together. Wider networks have a multiple of the
    /// allowance: whoever has a /48 would otherwise have it 65 536 times. Fails with the time to wait.
    pub async fn check_all_networks(&self, policy: &Policy, address: ClientAddress) -> Result<(), Duration> {
        let (policies, charges): (Vec<Policy>, Vec<Charge>) = address
            .networks()
            .into_iter()
            .map(|(level, network)| {
                let policy = Policy { name: policy.name, rate: policy.rate.times(level.factor()) };
                let charge = policy.charge(&self.networks.key(&network), policy.rate.tolerance_ms());
                (policy, charge)
            })
            .unzip();
        let Charged { outcome, ahead_ms } = self.charge(&charges, None).await;
        if outcome == Outcome::Counted {
            return Ok(());
        }
        let waits = policies.iter().zip(&ahead_ms);
        let wait_ms = waits.map(|(policy, ahead_ms)| ahead_ms.saturating_sub(policy.rate.tolerance_ms())).max();
        Err(Duration::from_millis(wait_ms.unwrap_or_default()))
    }

    /// Counts one event of a subject that is no network. The key in Redis does not show the subject.
    pub async fn check_subject(&self, policy: &Policy, subject: &str) -> Result<(), Duration> {
        let subject = self.networks.blind(&[policy.name.as_bytes(), subject.as_bytes()]);
        policy.admitted(&self.charge(&[policy.charge(&subject, policy.rate.tolerance_ms())], None).await)
    }

    /// Counts as [`check`](Self::check) does, but in this process alone: for what takes processor time of this process.
    pub fn check_here(&self, policy: &Policy, address: ClientAddress) -> Result<(), Duration> {
        let charge = self.charge_of(policy, address);
        policy.admitted(&self.charge_locally(&[charge], None))
    }

    /// Fails with the time to wait if the narrowest network of this address has used up its allowance. Counts nothing.
    pub async fn check_used_up(&self, policy: &Policy, address: ClientAddress) -> Result<(), Duration> {
        let charge = Charge { interval_ms: 0, ..self.charge_of(policy, address) };
        policy.admitted(&self.charge(&[charge], None).await)
    }

    fn charge_of(&self, policy: &Policy, address: ClientAddress) -> Charge {
        policy.charge(&self.networks.key(&address.narrowest()), policy.rate.tolerance_ms())
    }

    async fn charge(&self, charges: &[Charge], claim: Option<&Claim>) -> Charged {
        if charges.is_empty() {
            return Charged { outcome: Outcome::Counted, ahead_ms: Vec::new() };
        }
        if let Some(redis) = &self.redis {
            match redis.charge(charges, claim).await {
                Ok(result) => return result,
                Err(error) => tracing::debug!(%error, "rates are counted in this process alone"),
            }
        }
        self.charge_locally(charges, claim)
    }

    /// Does what the script in Redis does.
    fn charge_locally(&self, charges: &[Charge], claim: Option<&Claim>) -> Charged {
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.local.lock().charge(charges, claim, now_ms)
    }
}

const PARTICIPANT: &str = "participant";

fn network_policy(level: Level) -> &'static str {
    match level {
        Level::Narrowest => "network",
        Level::Block56 => "network-56",
        Level::Block48 => "network-48",
    }
}

impl Policy {
    /// The price of one more event. Nothing but networks can be paid for.
    fn price(&self, ahead_ms: u64) -> Price {
        match work::price(self.rate, ahead_ms) {
            Price::Work(_, wait_ms) if self.name == PARTICIPANT => Price::Refused(wait_ms),
            price => price,
        }
    }

    fn admitted(&self, charged: &Charged) -> Result<(), Duration> {
        if charged.outcome == Outcome::Counted {
            return Ok(());
        }
        let ahead_ms = charged.ahead_ms.first().copied().unwrap_or_default();
        Err(Duration::from_millis(ahead_ms.saturating_sub(self.rate.tolerance_ms())))
    }

    fn allowance(&self, ahead_ms: u64) -> Allowance {
        let used = u32::try_from(ahead_ms.div_ceil(self.rate.interval_ms())).unwrap_or(u32::MAX);
        Allowance {
            policy: self.name,
            is_shared_widely: [network_policy(Level::Block56), network_policy(Level::Block48)].contains(&self.name),
            burst: self.rate.burst(),
            remaining: self.rate.burst().saturating_sub(used),
            window: Duration::from_millis(self.rate.recovery_ms()),
            reset: Duration::from_millis(ahead_ms),
        }
    }
}

impl Local {
    fn charge(&mut self, charges: &[Charge], claim: Option<&Claim>, now_ms: u64) -> Charged {
        self.make_room(now_ms);
        let arrival_ms = |charge: &Charge| self.arrivals_ms.get(&charge.key).copied().unwrap_or(0);
        let ahead_ms: Vec<u64> = charges.iter().map(|charge| arrival_ms(charge).saturating_sub(now_ms)).collect();
        let next: Option<Vec<u64>> =
            charges.iter().map(|charge| charge.next_arrival_ms(arrival_ms(charge), now_ms)).collect();
        let Some(next) = next else { return Charged { outcome: Outcome::TooFarAhead, ahead_ms } };
        if let Some(claim) = claim {
            let first = self.claims.get(&claim.key).filter(|(_, end_ms)| *end_ms > now_ms);
            if first.is_some_and(|(owner, _)| *owner != claim.owner) {
                return Charged { outcome: Outcome::Claimed, ahead_ms };
            }
            let lifetime_ms = u64::try_from(claim.lifetime.as_millis()).unwrap_or(u64::MAX);
            self.claims.insert(claim.key.clone(), (claim.owner.clone(), now_ms.saturating_add(lifetime_ms)));
        }
        for (charge, arrival_ms) in charges.iter().zip(&next) {
            self.arrivals_ms.insert(charge.key.clone(), *arrival_ms);
        }
        Charged { outcome: Outcome::Counted, ahead_ms: next.iter().map(|arrival_ms| arrival_ms - now_ms).collect() }
    }

    fn make_room(&mut self, now_ms: u64) {
        if self.arrivals_ms.len() >= MAX_KEYS {
            make_room(&mut self.arrivals_ms, now_ms, |arrival_ms| *arrival_ms);
        }
        if self.claims.len() >= MAX_KEYS {
            make_room(&mut self.claims, now_ms, |(_, end_ms)| *end_ms);
        }
    }
}

/// Drops the keys whose time has passed: whose allowance is full again, or whose claim has ended. If there are still too
/// many, also drops the 10 % whose time is nearest.
fn make_room<T>(keys: &mut HashMap<String, T>, now_ms: u64, time_ms: fn(&T) -> u64) {
    keys.retain(|_, value| time_ms(value) > now_ms);
    if keys.len() >= MAX_KEYS {
        let mut times: Vec<u64> = keys.values().map(time_ms).collect();
        let (_, tenth, _) = times.select_nth_unstable(MAX_KEYS / 10);
        let tenth = *tenth;
        keys.retain(|_, value| time_ms(value) > tenth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::networks::tests::networks;

    fn limiter(participant: &str, network: &str, accepts_work: bool) -> Limiter {
        let rates =
            SubmissionRates { participant: participant.parse().ok(), network: network.parse().ok(), accepts_work };
        Limiter::new(rates, Arc::new(networks(1)), None)
    }

    fn new_participant() -> ParticipantId {
        ParticipantId(uuid::Uuid::new_v4())
    }

    async fn admit(limiter: &Limiter, address: &str, participant: Option<ParticipantId>) -> Option<Refusal> {
        pay(limiter, address, participant, None, "").await
    }

    async fn pay(
        limiter: &Limiter,
        address: &str,
        participant: Option<ParticipantId>,
        solution: Option<&Solution>,
        submission: &str,
    ) -> Option<Refusal> {
        let address = ClientAddress::new(address.parse().unwrap());
        let attempt = Attempt { participant, address: Some(address), solution, submission: submission.to_owned() };
        limiter.admit_submission(attempt).await.refusal
    }

    #[tokio::test(start_paused = true)]
    async fn a_fresh_participant_does_not_escape_its_network_and_waiting_as_told_is_enough() {
        let limiter = limiter("2/h", "3/h", false);
        let first = Some(new_participant());
        assert_eq!(admit(&limiter, "192.0.2.1", first).await, None);
        assert_eq!(admit(&limiter, "192.0.2.1", first).await, None);
        let Some(Refusal::RateLimited(wait)) = admit(&limiter, "192.0.2.1", first).await else { panic!() };
        assert_eq!(wait, Duration::from_mins(30));
        assert_eq!(
            admit(&limiter, "192.0.2.1", Some(new_participant())).await,
            None,
            "what was refused cost the network nothing"
        );
        assert!(admit(&limiter, "192.0.2.1", Some(new_participant())).await.is_some(), "fresh cookie, same network");
        assert!(admit(&limiter, "192.0.2.1", None).await.is_some(), "no cookie, same network");
        assert_eq!(admit(&limiter, "192.0.2.2", Some(new_participant())).await, None);
        tokio::time::advance(wait).await;
        assert_eq!(admit(&limiter, "192.0.2.1", first).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn neighbouring_networks_share_a_larger_allowance_and_what_it_refuses_costs_nobody_anything() {
        let limiter = limiter("-", "1/h", false);
        for block in 0..3 {
            assert_eq!(admit(&limiter, &format!("2001:db8:1:{block}::1"), None).await, None);
        }
        let refused = admit(&limiter, "2001:db8:1:3::1", None).await;
        assert_eq!(refused, Some(Refusal::RateLimited(Duration::from_mins(20))), "the /56 has three an hour");
        for block in 1..6 {
            assert_eq!(admit(&limiter, &format!("2001:db8:1:{block}00::1"), None).await, None);
        }
        let refused = admit(&limiter, "2001:db8:1:600::1", None).await;
        assert_eq!(refused, Some(Refusal::RateLimited(Duration::from_secs(450))), "the /48 has eight an hour");
        assert_eq!(admit(&limiter, "2001:db8:2::1", None).await, None);
        tokio::time::advance(Duration::from_mins(20)).await;
        assert_eq!(admit(&limiter, "2001:db8:1:3::1", None).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_the_allowance_work_is_asked_for_and_counts_once_but_for_retries() {
        let limiter = limiter("9/h", "2/h", true);
        let solution = Solution { work: Work::BASIC, id: "1".to_owned() };
        for _ in 0..2 {
            assert_eq!(admit(&limiter, "192.0.2.1", None).await, None);
        }
        let half_an_hour = Duration::from_mins(30);
        assert_eq!(admit(&limiter, "192.0.2.1", None).await, Some(Refusal::WorkRequired(Work::BASIC, half_an_hour)));
        assert_eq!(pay(&limiter, "192.0.2.1", None, Some(&solution), "a").await, None);
        assert_eq!(
            pay(&limiter, "192.0.2.1", None, Some(&solution), "b").await,
            Some(Refusal::SolutionUsed(Work::BASIC, 2 * half_an_hour))
        );
        assert_eq!(pay(&limiter, "192.0.2.1", None, Some(&solution), "a").await, None);
        tokio::time::advance(LIFETIME).await;
        assert_eq!(
            pay(&limiter, "192.0.2.1", None, Some(&solution), "b").await,
            None,
            "the claim ends with the challenge"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_work_pays_for_a_participant_or_for_more_than_eighty_bursts() {
        let limiter = limiter("1/h", "2/h", true);
        let participant = Some(new_participant());
        let solution = |id: u32| Solution { work: Work::of_factor(16).unwrap(), id: id.to_string() };
        assert_eq!(pay(&limiter, "192.0.2.1", participant, Some(&solution(0)), "0").await, None);
        let refused = pay(&limiter, "192.0.2.1", participant, Some(&solution(1)), "1").await;
        assert_eq!(refused, Some(Refusal::RateLimited(Duration::from_hours(1))));
        for n in 1..162 {
            assert_eq!(pay(&limiter, "192.0.2.1", None, Some(&solution(n)), "").await, None, "{n}");
        }
        let refused = pay(&limiter, "192.0.2.1", None, Some(&solution(200)), "").await;
        assert_eq!(refused, Some(Refusal::RateLimited(Duration::from_mins(30))));
    }

    #[tokio::test(start_paused = true)]
    async fn an_allowance_says_what_is_left_and_when_it_is_whole() {
        let limiter = limiter("-", "300/h:50", true);
        let address = ClientAddress::new("192.0.2.1".parse().unwrap());
        let attempt = Attempt { participant: None, address: Some(address), solution: None, submission: String::new() };
        let [network] = limiter.admit_submission(attempt).await.allowances[..] else { panic!() };
        let window = Duration::from_mins(10);
        let reset = Duration::from_secs(12);
        assert_eq!(
            network,
            Allowance { policy: "network", is_shared_widely: false, burst: 50, remaining: 49, window, reset }
        );
    }

    #[test]
    fn a_full_memory_makes_room_by_forgetting_the_nearest_to_recovered() {
        let mut arrivals: HashMap<String, u64> = (0..MAX_KEYS).map(|n| (n.to_string(), n as u64 + 11)).collect();
        make_room(&mut arrivals, 10, |arrival_ms| *arrival_ms);
        assert_eq!(arrivals.len(), MAX_KEYS - MAX_KEYS / 10 - 1);
        assert!(!arrivals.contains_key("5") && arrivals.contains_key("99999"));
    }
}
