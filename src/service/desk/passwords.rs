//! Hashes passwords with Argon2id, with the parameters that OWASP recommends: 19 MiB, two passes, one lane.

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::DeskError;

/// The hashes that one process makes at the same time. Each takes 19 MiB and a processor for tens of milliseconds.
const AT_ONCE: usize = 2;
/// The time that a caller waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// A hash of no password, with the same parameters as every other: a name without a password takes as long as one with a
/// password.
const OF_NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords, a limited number at once, outside the threads that answer requests.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Returns the hash under which a password is stored, with its salt and parameters.
    pub async fn hash(&self, password: &str) -> Result<String, DeskError> {
        let (turn, password) = (self.turn().await?, password.to_owned());
        let hashed = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
        });
        hashed.await.map_err(DeskError::internal)?.map_err(DeskError::internal)
    }

    /// Returns whether this is the password of the hash. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, DeskError> {
        let (turn, password, has_hash) = (self.turn().await?, password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(OF_NOBODY).to_owned();
        let verified = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let parsed = PasswordHash::new(&hash)?;
            match Argon2::default().verify_password(password.as_bytes(), &parsed) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        });
        let is_right = verified.await.map_err(DeskError::internal)?.map_err(DeskError::internal)?;
        Ok(is_right && has_hash)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, DeskError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or(DeskError::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse").await.unwrap();
        assert!(passwords.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct house", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert_ne!(hash, passwords.hash("correct horse").await.unwrap(), "each has a salt of its own");
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_as_much_as_every_other() {
        let hash = Passwords::default().hash("correct horse").await.unwrap();
        let parameters = |hash: &str| hash.split('$').take(4).map(ToOwned::to_owned).collect::<Vec<_>>();
        let lengths = |hash: &str| hash.split('$').map(str::len).collect::<Vec<_>>();
        assert_eq!(parameters(OF_NOBODY), parameters(&hash));
        assert_eq!(lengths(OF_NOBODY), lengths(&hash));
        assert!(PasswordHash::new(OF_NOBODY).is_ok());
    }
}
