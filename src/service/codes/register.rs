//! The register of codes: creates them, and finds the participant that a code stands for.

use super::keys::{CodeKey, NoRandomness, OpenedKey, random_code};
use crate::{
    domain::{
        budget::{Budget, BudgetId},
        code::{CodeDigest, ParticipationCode},
        participant::ParticipantId,
    },
    service::seal::Seal,
    store::{Store, StoreError},
};

/// The number of codes in one statement.
const CHUNK: usize = 5_000;

/// The codes in the database.
pub struct Register {
    store: Store,
    seal: Seal,
}

/// The reason why the register cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Neither the secret nor the previous one opens the budget's key.
    #[error(
        "the codes of budget number {} were created with a secret that is neither this process's secret nor its previous \
         one: set that secret as the previous one (--previous-secret, TAXBUDGET_PREVIOUS_SECRET), and start again",
        .0.0
    )]
    OtherSecret(BudgetId),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Register {
    /// Opens the register with the server's secrets.
    pub fn new(store: Store, seal: Seal) -> Self {
        Self { store, seal }
    }

    /// Finds the participant that a code stands for. Returns `None` if the budget has no such code.
    ///
    /// The time that this takes says nothing about the codes that exist: the database compares digests, and nobody can
    /// choose a digest without the budget's key.
    pub async fn find(
        &self,
        budget: BudgetId,
        code: &ParticipationCode,
    ) -> Result<Option<ParticipantId>, RegisterError> {
        let Some(sealed) = self.store.sealed_code_key(budget).await? else { return Ok(None) };
        let key = self.open(budget, &sealed)?;
        let exists = self.store.has_code(budget, key.digest(code)).await?;
        Ok(exists.then(|| key.participant(code)))
    }

    /// Generates new codes, which work once they are added.
    pub fn generate(count: usize) -> Result<Vec<ParticipationCode>, RegisterError> {
        Ok((0..count).map(|_| random_code()).collect::<Result<_, _>>()?)
    }

    /// Adds codes to the budget, all or none of them. Calls `added` with the size of each part.
    pub async fn add(
        &self,
        budget: &Budget,
        codes: &[ParticipationCode],
        mut added: impl FnMut(usize),
    ) -> Result<(), RegisterError> {
        let transaction = self.store.begin().await?;
        let new_key = CodeKey::generate()?.sealed(&self.seal, budget.id);
        let sealed = transaction.keep_sealed_code_key(budget.id, &new_key).await?;
        let key = self.open(budget.id, &sealed)?;
        let mut digests: Vec<CodeDigest> = codes.iter().map(|code| key.digest(code)).collect();
        digests.sort_unstable();
        for digests in digests.chunks(CHUNK) {
            transaction.insert_codes(budget.id, digests).await?;
            added(digests.len());
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Seals every key that the previous secret sealed with the current one. Afterwards the previous secret is needed no
    /// more. Logs the keys that neither secret opens.
    pub async fn reseal(&self) -> Result<(), StoreError> {
        for (budget, sealed) in self.store.sealed_code_keys().await? {
            match CodeKey::open(&self.seal, budget, &sealed) {
                Some(OpenedKey { is_current: true, .. }) => {}
                Some(OpenedKey { key, .. }) => {
                    let resealed = key.sealed(&self.seal, budget);
                    self.store.replace_sealed_code_key(budget, &sealed, &resealed).await?;
                }
                None => tracing::error!("{}", RegisterError::OtherSecret(budget)),
            }
        }
        Ok(())
    }

    fn open(&self, budget: BudgetId, sealed: &str) -> Result<CodeKey, RegisterError> {
        CodeKey::open(&self.seal, budget, sealed).map(|opened| opened.key).ok_or(RegisterError::OtherSecret(budget))
    }
}
