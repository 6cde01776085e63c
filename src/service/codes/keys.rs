//! The keys of participation codes. Each budget has a random key, from which the digest of a code and the participant that
//! the code stands for are made. The key is stored sealed (encrypted and authenticated) with the server's secret, so a new
//! secret seals it anew and changes neither digests nor participants.

use hmac::{Hmac, KeyInit, Mac};
use rand::{TryRng, rngs::SysRng};
use sha2::Sha256;

use crate::{
    domain::{
        budget::BudgetId,
        code::{CodeDigest, ParticipationCode},
        participant::ParticipantId,
    },
    service::seal::Seal,
};

/// The operating system gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct NoRandomness(#[from] rand::rngs::SysError);

/// The random key of one budget's codes.
pub struct CodeKey([u8; 32]);

impl CodeKey {
    /// Makes a new key.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut key = [0; 32];
        SysRng.try_fill_bytes(&mut key)?;
        Ok(Self(key))
    }

    /// Returns the digest under which a code is stored.
    pub fn digest(&self, code: &ParticipationCode) -> CodeDigest {
        CodeDigest(self.derive(b"digest", code))
    }

    /// Returns the participant that a code stands for. The key of this derivation is another one, so that the digest and
    /// the participant have nothing in common without the budget's key.
    pub fn participant(&self, code: &ParticipationCode) -> ParticipantId {
        let mut first = [0; 16];
        first.copy_from_slice(&self.derive(b"participant", code)[..16]);
        ParticipantId(uuid::Builder::from_random_bytes(first).into_uuid())
    }

    /// Seals the key for its budget.
    pub fn sealed(&self, seal: &Seal, budget: BudgetId) -> String {
        seal.seal(&name(budget), &self.0)
    }

    /// Opens the sealed key of a budget. Returns `None` if neither secret sealed it.
    pub fn open(seal: &Seal, budget: BudgetId, sealed: &str) -> Option<OpenedKey> {
        let opened = seal.open(&name(budget), sealed)?;
        Some(OpenedKey { key: Self(opened.value.try_into().ok()?), is_current: opened.is_current })
    }

    fn derive(&self, purpose: &[u8], code: &ParticipationCode) -> [u8; 32] {
        hmac(&hmac(&self.0, purpose), code.as_bytes())
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Generates a code from the randomness of the operating system.
pub fn random_code() -> Result<ParticipationCode, NoRandomness> {
    let mut random = [0; 16];
    SysRng.try_fill_bytes(&mut random)?;
    Ok(ParticipationCode::of_random(u128::from_be_bytes(random)))
}

/// A key that was stored sealed.
pub struct OpenedKey {
    /// The key.
    pub key: CodeKey,
    /// Whether it was sealed with the current secret.
    pub is_current: bool,
}

fn name(budget: BudgetId) -> String {
    format!("participation key of budget {}", budget.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: BudgetId = BudgetId(7);

    fn code() -> ParticipationCode {
        ParticipationCode::parse("923JV-RP328-CDYC4").unwrap()
    }

    #[test]
    fn digests_and_participants_are_those_that_are_stored_already() {
        let key = CodeKey([7; 32]);
        assert_eq!(
            hex::encode(key.digest(&code()).0),
            "fff19ab939c241c75e42718cea7cea92dcdd5f7fee204300339fad2505acc7ce"
        );
        assert_eq!(key.participant(&code()).to_string(), "ba9cff51-d390-42ea-8cb8-ceec57e2e28f");
    }

    #[test]
    fn another_code_and_another_budgets_key_give_other_digests_and_participants() {
        let (key, other) = (CodeKey([7; 32]), CodeKey([8; 32]));
        let another = ParticipationCode::of_random(1);
        assert_ne!(key.digest(&code()), key.digest(&another));
        assert_ne!(key.digest(&code()), other.digest(&code()));
        assert_ne!(key.participant(&code()), key.participant(&another));
        assert_ne!(key.participant(&code()), other.participant(&code()));
        assert_ne!(key.digest(&code()).0[..16], *key.participant(&code()).0.as_bytes());
    }

    #[test]
    fn a_key_opens_with_the_secret_that_sealed_it_and_for_its_budget_alone() {
        let key = CodeKey::generate().unwrap();
        let (before, after) = (Seal::new(&[1; 32], None), Seal::new(&[2; 32], Some(&[1; 32])));
        let sealed = key.sealed(&before, BUDGET);
        let opened = CodeKey::open(&after, BUDGET, &sealed).unwrap();
        assert!(!opened.is_current);
        assert_eq!(opened.key.0, key.0);
        assert!(CodeKey::open(&after, BUDGET, &key.sealed(&after, BUDGET)).unwrap().is_current);
        assert!(CodeKey::open(&Seal::new(&[2; 32], None), BUDGET, &sealed).is_none(), "another secret");
        assert!(CodeKey::open(&after, BudgetId(8), &sealed).is_none(), "another budget");
        assert!(!sealed.contains(&hex::encode(key.0)));
    }
}
