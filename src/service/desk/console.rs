//! What an operator does with accounts at the command line of the server, without signing in.

use serde_json::json;

use super::{
    accounts::{UNKNOWN, create_account},
    error::DeskError,
    passwords::Passwords,
};
use crate::{
    domain::{
        account::{AccountName, check_password},
        desk::{Actor, Role},
    },
    store::{
        Store,
        accounts::{Account, NewAccount},
        audit::AuditedChange,
    },
};

/// The command line of the server.
pub struct Console {
    store: Store,
    passwords: Passwords,
}

impl Console {
    /// Creates the service.
    pub fn new(store: Store) -> Self {
        Self { store, passwords: Passwords::default() }
    }

    /// Creates an account.
    pub async fn create(&self, name: &AccountName, password: &str, role: Option<Role>) -> Result<(), DeskError> {
        check_password(password, name.as_str())?;
        let password_hash = Some(self.passwords.hash(password).await?);
        let mut change = self.store.begin_audited(&Actor::Console).await?;
        change.transaction.lock_accounts().await?;
        create_account(&mut change, NewAccount { name, password_hash, role }).await?;
        Ok(change.commit().await?)
    }

    /// Sets a new password and ends every session. Also takes away the one-time codes if the app is lost.
    pub async fn reset_password(
        &self,
        name: &AccountName,
        password: &str,
        removes_totp: bool,
    ) -> Result<(), DeskError> {
        let account = self.account(name).await?;
        check_password(password, name.as_str())?;
        let hash = self.passwords.hash(password).await?;
        let mut change = self.store.begin_audited(&Actor::Console).await?;
        change.transaction.set_password_hash(account.id, hash).await?;
        change.transaction.end_sessions(account.id, None).await?;
        if removes_totp {
            change.transaction.set_totp_secret(account.id, None).await?;
        }
        let after = Some(json!({ "account": account.name, "removedCodes": removes_totp }));
        change.record(AuditedChange { action: "account.reset_password", after, ..AuditedChange::default() }).await?;
        Ok(change.commit().await?)
    }

    /// Ends every session of an account. Returns how many there were.
    pub async fn end_sessions(&self, name: &AccountName) -> Result<u64, DeskError> {
        let account = self.account(name).await?;
        let mut change = self.store.begin_audited(&Actor::Console).await?;
        let ended = change.transaction.end_sessions(account.id, None).await?;
        let before = Some(json!({ "account": account.name, "sessions": ended }));
        change.record(AuditedChange { action: "session.end_all", before, ..AuditedChange::default() }).await?;
        change.commit().await?;
        Ok(ended)
    }

    async fn account(&self, name: &AccountName) -> Result<Account, DeskError> {
        self.store.account_named(name).await?.ok_or(DeskError::NotFound(UNKNOWN))
    }
}
