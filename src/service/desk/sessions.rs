//! Sessions: how a request tells who has signed in. A session ends after 12 hours without a request, and after 30 days.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    accounts::{Accounts, UNKNOWN, create_account},
    error::DeskError,
    tokens::Token,
};
use crate::{
    clock,
    domain::{
        account::AccountName,
        desk::{AccountId, Actor, Role, SessionId, SignedIn},
    },
    store::{
        accounts::{Account, NewAccount},
        audit::{AuditedChange, AuditedTransaction},
        sessions::{NewSession, Session},
    },
};

/// A session without requests ends after this time.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// Every session ends after this time.
const LONGEST: TimeDelta = TimeDelta::days(30);
/// The time of the last request is written at most this often.
const TOUCH_INTERVAL: TimeDelta = TimeDelta::minutes(1);
const MAX_USER_AGENT: usize = 200;

/// What a request shows to say who sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// The digest of a session's token.
    Session([u8; 32]),
    /// The name that a trusted proxy tells.
    Proxy(AccountName),
}

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The account with its roles.
    pub signed_in: Arc<SignedIn>,
    /// The session. `None` if a proxy told the name.
    pub session: Option<SessionId>,
}

/// A session that was just opened.
pub struct OpenedSession {
    /// The token, which nobody else knows.
    pub token: Token,
    /// Who has signed in.
    pub visitor: Visitor,
}

impl Accounts {
    /// Finds out who sends a request. Returns `None` if nobody has signed in.
    pub async fn identify(&self, credential: &Credential) -> Result<Option<Visitor>, DeskError> {
        let now = clock::now();
        let (account, session) = match credential {
            Credential::Session(digest) => {
                let Some((session, account)) = self.store.session(digest).await? else { return Ok(None) };
                if session.expires_at <= now {
                    return Ok(None);
                }
                (account, Some(session))
            }
            Credential::Proxy(name) => (self.account_of_proxy(name).await?, None),
        };
        if account.is_disabled {
            return Ok(None);
        }
        self.touch(&account, session.as_ref(), now).await;
        let signed_in = self.with_roles(&account).await?;
        Ok(Some(Visitor { signed_in: Arc::new(signed_in), session: session.map(|session| session.id) }))
    }

    /// The open sessions of an account.
    pub async fn sessions(&self, account: AccountId) -> Result<Vec<Session>, DeskError> {
        Ok(self.store.sessions(account, clock::now()).await?)
    }

    /// Ends a session of the caller's own.
    pub async fn end_session(&self, signed_in: &SignedIn, id: SessionId) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        if !change.transaction.end_session(signed_in.account, id).await? {
            return Err(DeskError::NotFound("You have no such session."));
        }
        change.record(AuditedChange { action: "session.end", ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Ends the sessions of an account, except perhaps one.
    pub async fn end_sessions(
        &self,
        actor: &Actor,
        account: AccountId,
        except: Option<SessionId>,
    ) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(actor).await?;
        let name = change.transaction.account(account).await?.ok_or(DeskError::NotFound(UNKNOWN))?.name;
        let ended = change.transaction.end_sessions(account, except).await?;
        let before = Some(serde_json::json!({ "account": name, "sessions": ended }));
        change.record(AuditedChange { action: "session.end_all", before, ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Opens a session within a change.
    pub(super) async fn open_session(
        &self,
        change: &AuditedTransaction,
        account: &Account,
        user_agent: &str,
    ) -> Result<(Token, SessionId), DeskError> {
        let (now, token) = (clock::now(), Token::generate()?);
        change.transaction.delete_expired_sessions(now).await?;
        let user_agent: String = user_agent.chars().take(MAX_USER_AGENT).collect();
        let session = NewSession {
            token_digest: token.digest(),
            account: account.id,
            now,
            expires_at: now + IDLE,
            user_agent: &user_agent,
        };
        let id = change.transaction.insert_session(session).await?;
        Ok((token, id))
    }

    /// Returns the account with its roles.
    pub(super) async fn with_roles(&self, account: &Account) -> Result<SignedIn, DeskError> {
        Ok(SignedIn {
            account: account.id,
            name: account.name.clone(),
            installation: account.role,
            budgets: self.store.budget_roles_of(account.id).await?,
        })
    }

    /// Notes that somebody is there. A failure only makes the note old, so it fails no request.
    async fn touch(&self, account: &Account, session: Option<&Session>, now: DateTime<Utc>) {
        if account.last_seen_at.is_none_or(|last| now - last >= TOUCH_INTERVAL)
            && let Err(error) = self.store.touch_account(account.id, now).await
        {
            tracing::warn!(%error, "when an account was last seen was not noted");
        }
        if let Some(session) = session
            && now - session.last_seen_at >= TOUCH_INTERVAL
        {
            let expires_at = (now + IDLE).min(session.created_at + LONGEST);
            if let Err(error) = self.store.touch_session(session.id, now, expires_at).await {
                tracing::warn!(%error, "a session was not prolonged");
            }
        }
    }

    /// Returns the account that a trusted proxy names. At first sight it is made: as the owner if it is the first account,
    /// without a role otherwise.
    async fn account_of_proxy(&self, name: &AccountName) -> Result<Account, DeskError> {
        if let Some(account) = self.store.account_named(name).await? {
            return Ok(account);
        }
        let mut change = self.store.begin_audited(&Actor::System).await?;
        change.transaction.lock_accounts().await?;
        // Another request may have come first.
        if let Some(account) = change.transaction.account_named(name).await? {
            return Ok(account);
        }
        let role = (!change.transaction.has_accounts().await?).then_some(Role::Owner);
        let account = create_account(&mut change, NewAccount { name, password_hash: None, role }).await?;
        self.commit(change).await?;
        Ok(account)
    }
}
