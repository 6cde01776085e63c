//! Participation by code: whoever has a code is the participant that the code stands for, on whatever device.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use super::{
    catalogue::Catalogue,
    limiter::{CODE_GUESSES, Limiter},
};
use crate::{
    domain::{
        budget::Budget,
        code::{ParticipationCode, read_code},
        network::ClientAddress,
        participant::ParticipantId,
        violation::Violation,
    },
    store::{Store, StoreError},
};

pub mod keys;
pub mod register;

use register::{Register, RegisterError};

/// The codes that one process looks up at the same time. A network may have so many more guesses than its allowance: a wrong
/// guess is counted only after the look-up, so that right codes use up nothing.
const LOOK_UPS: usize = 16;

/// The service that checks codes.
pub struct Codes {
    store: Store,
    catalogue: Arc<Catalogue>,
    limiter: Arc<Limiter>,
    register: Register,
    look_ups: Semaphore,
}

/// The reason why a code was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The code breaks a rule.
    #[error("the code is refused: {}", .0.rule)]
    Refused(Violation),
    /// There is no visible budget with this slug.
    #[error("there is no such budget")]
    UnknownBudget,
    /// The network has sent too many wrong codes. It may try again after this time.
    #[error("too many wrong codes")]
    RateLimited(Duration),
    /// The register cannot be used.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

impl From<StoreError> for CodeError {
    fn from(error: StoreError) -> Self {
        Self::Register(error.into())
    }
}

impl Codes {
    /// Creates the service.
    pub fn new(store: Store, catalogue: Arc<Catalogue>, limiter: Arc<Limiter>, register: Register) -> Self {
        Self { store, catalogue, limiter, register, look_ups: Semaphore::new(LOOK_UPS) }
    }

    /// Finds the participant that a code of a budget stands for. An unknown code is a guess, and a network has an allowance
    /// of guesses.
    pub async fn participant(
        &self,
        budget: &Budget,
        code: &ParticipationCode,
        address: ClientAddress,
    ) -> Result<ParticipantId, CodeError> {
        // The semaphore is never closed.
        let _turn = self.look_ups.acquire().await;
        self.limiter.check_used_up(&CODE_GUESSES, address).await.map_err(CodeError::RateLimited)?;
        if let Some(participant) = self.register.find(budget.id, code).await? {
            return Ok(participant);
        }
        // If the allowance is used up meanwhile, there is nothing to count.
        let _ = self.limiter.check(&CODE_GUESSES, address).await;
        Err(CodeError::Refused(Violation::new(
            "code",
            "CODE_UNKNOWN",
            "There is no such code for this budget. Compare it with what was sent to you, or ask the sender.",
        )))
    }

    /// Checks a code. Returns whether a submission that was made with it counts now.
    ///
    /// The submission itself is not shown: whoever has the list of all codes could read everybody's answer without a trace.
    pub async fn redeem(&self, budget: &str, code: &str, address: ClientAddress) -> Result<bool, CodeError> {
        let budget = self.catalogue.visible(budget).await?.ok_or(CodeError::UnknownBudget)?;
        let code = read_code(budget.participation, code).map_err(CodeError::Refused)?;
        let ballot = (budget.id, self.participant(&budget, &code, address).await?);
        Ok(self.store.ballots(&[ballot]).await?.contains_key(&ballot))
    }
}
