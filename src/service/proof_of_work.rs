//! Challenges of ALTCHA (version 2 of the protocol): a client proves that it has worked.
//!
//! The server picks a number below a limit and derives a key from it with PBKDF2. The client tries the numbers until it
//! finds the key. The number of tries is bounded, so nobody waits without end; to verify costs the server three hashes.

use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use altcha::{
    Challenge, CreateChallengeOptions, Payload, VerifySolutionOptions, VerifySolutionResult, create_challenge,
    verify_solution,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::{
    clock,
    domain::{budget::BudgetId, network::ClientAddress, work::Work},
};

const ALGORITHM: &str = "PBKDF2/SHA-256";
/// The iterations of one try. More would make a challenge dear for the server; fewer would make a browser spend its time
/// on calls instead of on hashes.
const ITERATIONS: u32 = 1_000;
/// A challenge is valid for this long.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// A solution has about 1 100 characters.
const MAX_SOLUTION: usize = 4_096;

/// The names of the signed values in a challenge.
const WORK: &str = "work";
const RECIPIENT: &str = "recipient";

/// Makes challenges and verifies solutions.
pub struct ProofOfWork {
    /// The keys of the secret, then those of the one before.
    keys: Vec<Keys>,
    /// The most tries that the basic work takes.
    tries: NonZeroU32,
}

/// The keys that are derived from a secret.
struct Keys {
    /// Signs challenges.
    challenge: String,
    /// Signs the derived key, so that verifying it needs no derivation.
    solution: String,
    /// Names the recipient of a challenge.
    recipient: Vec<u8>,
}

/// A solution that is valid. It still may have been used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The work that it cost.
    pub work: Work,
    /// Identifies the challenge.
    pub id: String,
}

/// Why a solution is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SolutionError {
    /// It is not the payload of ALTCHA: JSON in base64.
    #[error("The solution cannot be read: it must be the payload of ALTCHA, which is JSON in base64.")]
    Malformed,
    /// The challenge was not made by this server, or was changed.
    #[error("The solution is not for a challenge of this server.")]
    Forged,
    /// The challenge was made for another network or budget.
    #[error("The solution is for a challenge of another network or budget.")]
    Foreign,
    /// The challenge is too old.
    #[error("The challenge has expired.")]
    Expired,
    /// The derived key is wrong.
    #[error("The solution is wrong.")]
    Wrong,
    /// Another submission was accepted with it.
    #[error("The solution was used for another submission.")]
    Used,
    /// More work is needed than when the challenge was made.
    #[error("More work is needed by now.")]
    TooLittle,
}

impl Keys {
    fn derive(secret: &[u8]) -> Self {
        let key = |purpose: &str| hash(secret, &[b"proof of work: ", purpose.as_bytes()]);
        Self {
            challenge: hex::encode(key("challenge")),
            solution: hex::encode(key("solution")),
            recipient: key("recipient"),
        }
    }

    /// Names a network and a budget for one challenge. The name changes with each second, so that it tells a client of
    /// several challenges nothing.
    fn recipient(&self, address: ClientAddress, budget: BudgetId, expires_at: i64) -> String {
        let network = address.narrowest();
        let parts = [&expires_at.to_be_bytes()[..], &budget.0.to_be_bytes(), network.as_bytes()];
        hex::encode(&hash(&self.recipient, &parts)[..16])
    }
}

fn hash(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

impl Keys {
    /// Verifies a solution. Returns nothing if these keys did not sign the challenge.
    fn verify(&self, challenge: &Challenge, solution: &altcha::Solution) -> Result<Option<&Self>, SolutionError> {
        let verified = verify_solution(VerifySolutionOptions {
            hmac_key_signature_secret: Some(self.solution.clone()),
            ..VerifySolutionOptions::new(challenge, solution, self.challenge.clone())
        });
        let Ok(verified) = verified else { return Err(SolutionError::Malformed) };
        match verified {
            VerifySolutionResult { expired: true, .. } => Err(SolutionError::Expired),
            VerifySolutionResult { verified: true, .. } => Ok(Some(self)),
            VerifySolutionResult { invalid_signature: Some(true), .. } => Ok(None),
            _ => Err(SolutionError::Wrong),
        }
    }
}

impl ProofOfWork {
    /// Derives the keys from the server's secrets. The basic work takes at most `tries` tries, and half of them on
    /// average.
    pub fn new(secret: &[u8], previous: Option<&[u8]>, tries: NonZeroU32) -> Self {
        Self { keys: [Some(secret), previous].into_iter().flatten().map(Keys::derive).collect(), tries }
    }

    /// Makes a challenge of this work for one network and budget.
    pub fn challenge(&self, work: Work, address: ClientAddress, budget: BudgetId) -> Option<Challenge> {
        let keys = self.keys.first()?;
        let expires_at = (clock::now() + TimeDelta::from_std(LIFETIME).ok()?).timestamp();
        let data = BTreeMap::from([
            (WORK.to_owned(), work.factor().into()),
            (RECIPIENT.to_owned(), keys.recipient(address, budget, expires_at).into()),
        ]);
        let tries = self.tries.get().saturating_mul(work.factor());
        create_challenge(CreateChallengeOptions {
            algorithm: ALGORITHM.to_owned(),
            cost: ITERATIONS,
            counter: Some(rand::random_range(0..tries)),
            data: Some(data),
            expires_at: Some(expires_at),
            hmac_signature_secret: Some(keys.challenge.clone()),
            hmac_key_signature_secret: Some(keys.solution.clone()),
            ..CreateChallengeOptions::default()
        })
        .inspect_err(|error| tracing::error!(%error, "no challenge could be made"))
        .ok()
    }

    /// Verifies a solution that a client of this network sends for this budget.
    pub fn verify(&self, solution: &str, address: ClientAddress, budget: BudgetId) -> Result<Solution, SolutionError> {
        let Payload { challenge, solution } = parse(solution).ok_or(SolutionError::Malformed)?;
        let keys = self.keys.iter().find_map(|keys| keys.verify(&challenge, &solution).transpose());
        let keys = keys.unwrap_or(Err(SolutionError::Forged))?;
        // From here on the parameters are what this server wrote.
        let parameters = challenge.parameters;
        let signed = |name: &str| parameters.data.as_ref().and_then(|data| data.get(name));
        let recipient = keys.recipient(address, budget, parameters.expires_at.unwrap_or_default());
        if signed(RECIPIENT).and_then(Value::as_str) != Some(&recipient) {
            return Err(SolutionError::Foreign);
        }
        let work = signed(WORK).and_then(Value::as_u64).and_then(Work::of_factor).ok_or(SolutionError::Forged)?;
        Ok(Solution { work, id: parameters.nonce })
    }
}

/// Reads a payload: JSON in base64.
fn parse(solution: &str) -> Option<Payload> {
    let json = Some(solution).filter(|text| text.len() <= MAX_SOLUTION).and_then(|text| STANDARD.decode(text).ok())?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use altcha::{SolveChallengeOptions, solve_challenge};

    use super::*;

    const BUDGET: BudgetId = BudgetId(1);

    fn proof_of_work(secret: u8, previous: Option<u8>) -> ProofOfWork {
        let previous = previous.map(|secret| [secret; 32]);
        ProofOfWork::new(&[secret; 32], previous.as_ref().map(|secret| &secret[..]), NonZeroU32::new(3).unwrap())
    }

    fn address(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    fn solve(challenge: &Challenge) -> Payload {
        let solution = solve_challenge(SolveChallengeOptions::new(challenge)).unwrap().unwrap();
        Payload { challenge: challenge.clone(), solution }
    }

    fn encode(payload: &Payload) -> String {
        STANDARD.encode(serde_json::to_vec(payload).unwrap())
    }

    #[test]
    fn a_solution_is_valid_for_its_network_and_budget_alone_and_tells_its_work() {
        let this = proof_of_work(1, None);
        let work = Work::of_factor(2).unwrap();
        let challenge = this.challenge(work, address("2001:db8:1:2::1"), BUDGET).unwrap();
        let solution = encode(&solve(&challenge));
        let verified = this.verify(&solution, address("2001:db8:1:2::9"), BUDGET).unwrap();
        assert_eq!(verified, Solution { work, id: challenge.parameters.nonce });
        assert_eq!(this.verify(&solution, address("2001:db8:1:3::1"), BUDGET), Err(SolutionError::Foreign));
        assert_eq!(this.verify(&solution, address("2001:db8:1:2::1"), BudgetId(2)), Err(SolutionError::Foreign));
    }

    #[test]
    fn after_a_rotation_a_challenge_of_the_previous_secret_is_still_solved() {
        let here = address("192.0.2.1");
        let challenge = proof_of_work(1, None).challenge(Work::BASIC, here, BUDGET).unwrap();
        let solution = encode(&solve(&challenge));
        assert!(proof_of_work(2, Some(1)).verify(&solution, here, BUDGET).is_ok());
        assert_eq!(proof_of_work(2, None).verify(&solution, here, BUDGET), Err(SolutionError::Forged));
    }

    #[test]
    fn what_is_changed_expired_wrong_or_unreadable_is_told_apart() {
        let (this, here) = (proof_of_work(1, None), address("192.0.2.1"));
        let payload = solve(&this.challenge(Work::BASIC, here, BUDGET).unwrap());
        let verify = |change: fn(&mut Payload)| {
            let mut payload = payload.clone();
            change(&mut payload);
            this.verify(&encode(&payload), here, BUDGET).unwrap_err()
        };
        assert_eq!(verify(|payload| payload.challenge.parameters.cost = 1), SolutionError::Forged);
        assert_eq!(verify(|payload| payload.challenge.parameters.key_signature = None), SolutionError::Forged);
        assert_eq!(verify(|payload| payload.challenge.signature = None), SolutionError::Forged);
        assert_eq!(
            verify(|payload| *payload.challenge.parameters.expires_at.as_mut().unwrap() += 1),
            SolutionError::Forged
        );
        assert_eq!(verify(|payload| payload.challenge.parameters.expires_at = Some(1)), SolutionError::Expired);
        assert_eq!(verify(|payload| payload.solution.derived_key = "00".repeat(32)), SolutionError::Wrong);
        assert_eq!(verify(|payload| payload.solution.derived_key = "no".to_owned()), SolutionError::Wrong);
        for text in ["", "e30=", "no base64", &"A".repeat(MAX_SOLUTION + 1)] {
            assert_eq!(this.verify(text, here, BUDGET), Err(SolutionError::Malformed), "{text}");
        }
    }
}
