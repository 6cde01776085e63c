//! Accounts: signing in, passwords, one-time codes, and roles.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use super::{
    error::DeskError,
    passwords::Passwords,
    sessions::{OpenedSession, Visitor},
    tokens::Token,
    totp::{OpenedSecret, TotpSecret},
};
use crate::{
    clock,
    domain::{
        account::{AccountName, check_password},
        budget::BudgetId,
        desk::{AccountId, Actor, Role, SessionId, SignedIn},
        network::ClientAddress,
    },
    service::{
        limiter::{Limiter, SIGN_INS, SIGN_INS_OF_NAME},
        seal::Seal,
    },
    store::{
        Store,
        accounts::{Account, NewAccount},
        audit::{AuditedChange, AuditedTransaction},
    },
};

/// The message about an account that does not exist.
pub const UNKNOWN: &str = "There is no such account.";
const WRONG: &str = "The name or the password is wrong.";
const WRONG_PASSWORD: &str = "The password is wrong.";
const WRONG_CODE: &str = "The code is wrong or was used before. Wait for the next one.";

/// The accounts of the desk.
pub struct Accounts {
    pub(super) store: Store,
    pub(super) limiter: Arc<Limiter>,
    pub(super) passwords: Passwords,
    seal: Seal,
    /// Changes with every change of an account or session by this process. Open WebSockets then look again.
    changes: watch::Sender<()>,
}

/// What somebody sends to sign in.
pub struct SignIn<'a> {
    /// As it was typed.
    pub name: &'a str,
    /// As it was typed.
    pub password: &'a str,
    /// The one-time code.
    pub code: Option<&'a str>,
    /// The caller's address.
    pub address: ClientAddress,
    /// The caller's program.
    pub user_agent: &'a str,
}

/// What comes of the right name and password.
pub enum SignInOutcome {
    /// The account also needs a code, and none was sent.
    NeedsCode,
    /// A session is open.
    SignedIn(OpenedSession),
}

/// A secret that waits for its first code.
pub struct NewSecret {
    /// In base 32.
    pub text: String,
    /// As `otpauth://…`.
    pub url: String,
}

impl Accounts {
    /// Creates the service.
    pub fn new(store: Store, limiter: Arc<Limiter>, seal: Seal) -> Self {
        Self { store, limiter, passwords: Passwords::default(), seal, changes: watch::channel(()).0 }
    }

    /// Returns a receiver that is told of every change of an account or session by this process.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Makes a change durable and tells those who watch.
    pub(super) async fn commit(&self, change: AuditedTransaction) -> Result<(), DeskError> {
        change.commit().await?;
        self.changes.send_replace(());
        Ok(())
    }

    /// Opens a session. The answer and its time are the same for an unknown name, a wrong password and a disabled account.
    pub async fn sign_in(&self, sign_in: SignIn<'_>) -> Result<SignInOutcome, DeskError> {
        self.limiter.check_all_networks(&SIGN_INS, sign_in.address).await.map_err(DeskError::RateLimited)?;
        self.check_guesses(sign_in.name).await?;
        let account = match AccountName::parse(sign_in.name) {
            Ok(name) => self.store.account_named(&name).await?,
            Err(_) => None,
        };
        let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
        let is_right = self.passwords.verify(sign_in.password, hash).await?;
        let Some(account) = account.filter(|account| is_right && !account.is_disabled) else {
            // The name is left out: people type a password into the wrong field.
            tracing::warn!("a sign-in with a wrong name or password");
            return Err(DeskError::Refused(WRONG));
        };
        let step = match (&account.sealed_totp_secret, sign_in.code.filter(|code| !code.trim().is_empty())) {
            (None, _) => None,
            (Some(_), None) => return Ok(SignInOutcome::NeedsCode),
            (Some(sealed), Some(code)) => Some(self.step_of(&account, sealed, code)?),
        };
        let mut change = self.store.begin_audited(&actor(&account)).await?;
        // The account may have changed since the password was verified.
        let now = change.transaction.account(account.id).await?;
        let is_same = |now: &Account| !now.is_disabled && now.password_hash == account.password_hash;
        if !now.is_some_and(|now| is_same(&now)) {
            return Err(DeskError::Refused(WRONG));
        }
        if let Some(step) = step {
            use_step(&change, account.id, step).await?;
        }
        let (token, session) = self.open_session(&change, &account, sign_in.user_agent).await?;
        change.record(AuditedChange { action: "account.sign_in", ..AuditedChange::default() }).await?;
        self.commit(change).await?;
        tracing::info!(account = account.id.0, "signed in");
        self.opened(&account, token, session).await.map(SignInOutcome::SignedIn)
    }

    /// Ends the caller's session.
    pub async fn sign_out(&self, signed_in: &SignedIn, session: SessionId) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        change.transaction.end_session(signed_in.account, session).await?;
        change.record(AuditedChange { action: "account.sign_out", ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Changes the caller's password, and ends all their other sessions.
    pub async fn change_password(
        &self,
        signed_in: &SignedIn,
        session: Option<SessionId>,
        current: &str,
        new: &str,
    ) -> Result<(), DeskError> {
        check_password(new, &signed_in.name).map_err(|violation| at("new", violation))?;
        self.check_own_password(signed_in, current, "current").await?;
        let hash = self.passwords.hash(new).await?;
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        change.transaction.set_password_hash(signed_in.account, hash).await?;
        let ended = change.transaction.end_sessions(signed_in.account, session).await?;
        let after = Some(json!({ "endedSessions": ended }));
        change.record(AuditedChange { action: "account.change_password", after, ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Makes a secret for one-time codes. It is not used before [`Self::confirm_totp`].
    pub async fn begin_totp(&self, signed_in: &SignedIn, password: &str) -> Result<NewSecret, DeskError> {
        self.check_own_password(signed_in, password, "password").await?;
        let secret = TotpSecret::generate(&signed_in.name)?;
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        let account = change.transaction.account(signed_in.account).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        check_no_codes(&account)?;
        let sealed = secret.sealed(&self.seal, signed_in.account);
        change.transaction.set_new_totp_secret(signed_in.account, sealed).await?;
        change.record(AuditedChange { action: "account.totp.begin", ..AuditedChange::default() }).await?;
        self.commit(change).await?;
        Ok(NewSecret { text: secret.text(), url: secret.url()? })
    }

    /// Requires a code with every sign-in from now on. The first code shows that the app has the secret.
    pub async fn confirm_totp(&self, signed_in: &SignedIn, code: &str) -> Result<(), DeskError> {
        self.check_guesses(&signed_in.name).await?;
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        let account = change.transaction.account(signed_in.account).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        check_no_codes(&account)?;
        let Some(sealed) = &account.sealed_new_totp_secret else {
            return Err(DeskError::NotFound("No secret waits for its first code. Begin again."));
        };
        let step = self.step_of(&account, sealed, code).map_err(|error| as_input("code", error))?;
        change.transaction.set_totp_secret(account.id, Some(sealed.clone())).await?;
        use_step(&change, account.id, step).await?;
        change.record(AuditedChange { action: "account.totp.confirm", ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Requires no codes any more.
    pub async fn remove_totp(&self, signed_in: &SignedIn, password: &str, code: &str) -> Result<(), DeskError> {
        self.check_own_password(signed_in, password, "password").await?;
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        let account = change.transaction.account(signed_in.account).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        let Some(sealed) = &account.sealed_totp_secret else {
            return Err(DeskError::NotFound("Your account needs no codes."));
        };
        let step = self.step_of(&account, sealed, code).map_err(|error| as_input("code", error))?;
        use_step(&change, account.id, step).await.map_err(|error| as_input("code", error))?;
        change.transaction.set_totp_secret(account.id, None).await?;
        change.record(AuditedChange { action: "account.totp.remove", ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Sets a role in the installation or in a budget (its number and slug), or takes it away.
    pub async fn set_role(
        &self,
        actor: &Actor,
        id: AccountId,
        role: Option<Role>,
        budget: Option<(BudgetId, &str)>,
    ) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(actor).await?;
        change.transaction.lock_accounts().await?;
        let account = change.transaction.account(id).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        let before = if let Some((budget, _)) = budget {
            let before = change.transaction.budget_role(id, budget).await?;
            change.transaction.set_budget_role(id, budget, role).await?;
            before
        } else {
            if role != Some(Role::Owner) {
                check_other_owner(&change, &account).await?;
            }
            change.transaction.set_role(id, role).await?;
            account.role
        };
        let of = |role: Option<Role>| Some(json!({ "account": account.name, "role": role.map(Role::name) }));
        let slug = budget.map(|(_, slug)| slug.to_owned());
        change
            .record(AuditedChange { action: "account.role", budget: slug, before: of(before), after: of(role) })
            .await?;
        self.commit(change).await
    }

    /// Disables an account and ends its sessions, or enables it.
    pub async fn disable(&self, actor: &Actor, id: AccountId, disabled: bool) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(actor).await?;
        change.transaction.lock_accounts().await?;
        let account = change.transaction.account(id).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        if disabled {
            check_other_owner(&change, &account).await?;
            change.transaction.end_sessions(id, None).await?;
        }
        change.transaction.set_disabled(id, disabled.then(clock::now)).await?;
        let of = |is_disabled: bool| Some(json!({ "account": account.name, "disabled": is_disabled }));
        let (before, after) = (of(account.is_disabled), of(disabled));
        change.record(AuditedChange { action: "account.disable", before, after, ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Seals every secret that the previous secret of the server sealed with the current one.
    pub async fn reseal(&self) -> Result<(), DeskError> {
        for account in self.store.accounts().await? {
            let Some(sealed) = &account.sealed_totp_secret else { continue };
            match TotpSecret::open(&self.seal, account.id, &account.name, sealed) {
                Ok(OpenedSecret { is_current: true, .. }) => {}
                Ok(OpenedSecret { secret, .. }) => {
                    let resealed = secret.sealed(&self.seal, account.id);
                    self.store.replace_sealed_totp_secret(account.id, sealed, &resealed).await?;
                }
                Err(error) => tracing::error!("{error}"),
            }
        }
        Ok(())
    }

    /// Returns the session that a change has just opened.
    pub(super) async fn opened(
        &self,
        account: &Account,
        token: Token,
        session: SessionId,
    ) -> Result<OpenedSession, DeskError> {
        let signed_in = Arc::new(self.with_roles(account).await?);
        Ok(OpenedSession { token, visitor: Visitor { signed_in, session: Some(session) } })
    }

    /// Counts one guess of the secrets of a name, whether or not there is such an account.
    async fn check_guesses(&self, name: &str) -> Result<(), DeskError> {
        let name = AccountName::parse(name).map_or_else(|_| name.trim().to_lowercase(), |name| name.key());
        self.limiter.check_subject(&SIGN_INS_OF_NAME, &name).await.map_err(DeskError::RateLimited)
    }

    /// Fails if this is not the caller's password: a session that somebody else uses must not be enough.
    async fn check_own_password(
        &self,
        signed_in: &SignedIn,
        password: &str,
        path: &'static str,
    ) -> Result<(), DeskError> {
        self.check_guesses(&signed_in.name).await?;
        let account = self.store.account(signed_in.account).await?.ok_or(DeskError::NotFound(UNKNOWN))?;
        if self.passwords.verify(password, account.password_hash.as_deref()).await? {
            Ok(())
        } else {
            Err(DeskError::invalid(path, "WRONG", WRONG_PASSWORD))
        }
    }

    fn step_of(&self, account: &Account, sealed: &str, code: &str) -> Result<i64, DeskError> {
        let opened = TotpSecret::open(&self.seal, account.id, &account.name, sealed)?;
        opened.secret.step_of(code, clock::now()).ok_or(DeskError::Refused(WRONG_CODE))
    }
}

/// Adds an account to a change that holds the lock of the accounts.
pub(super) async fn create_account(change: &mut AuditedTransaction, new: NewAccount<'_>) -> Result<Account, DeskError> {
    if change.transaction.account_named(new.name).await?.is_some() {
        return Err(DeskError::invalid("name", "TAKEN", "There is an account with this name already."));
    }
    let account = change.transaction.insert_account(new).await?;
    let after = Some(json!({ "account": account.name, "role": account.role.map(Role::name) }));
    change.record(AuditedChange { action: "account.create", after, ..AuditedChange::default() }).await?;
    Ok(account)
}

pub(super) fn actor(account: &Account) -> Actor {
    Actor::Account { id: account.id, name: account.name.clone() }
}

/// Fails if the account is the last owner: nobody could decide who may do what.
async fn check_other_owner(change: &AuditedTransaction, account: &Account) -> Result<(), DeskError> {
    let is_owner = account.role == Some(Role::Owner) && !account.is_disabled;
    if is_owner && change.transaction.count_other_owners(account.id).await? == 0 {
        let message = "This is the last owner. Make somebody else an owner first.";
        return Err(DeskError::invalid("account", "LAST_OWNER", message));
    }
    Ok(())
}

/// Fails if the account has one-time codes: without one of them nobody may replace their secret.
fn check_no_codes(account: &Account) -> Result<(), DeskError> {
    if account.sealed_totp_secret.is_none() {
        return Ok(());
    }
    let message = "Your account has one-time codes already. Remove them first, with your password and a code.";
    Err(DeskError::invalid("account", "HAS_TOTP", message))
}

/// Uses a time step, whose code was right.
async fn use_step(change: &AuditedTransaction, account: AccountId, step: i64) -> Result<(), DeskError> {
    let is_new = change.transaction.use_totp_step(account, step).await?;
    if is_new { Ok(()) } else { Err(DeskError::Refused(WRONG_CODE)) }
}

/// Names the argument that is wrong.
fn at(path: &str, mut violation: crate::domain::violation::Violation) -> DeskError {
    path.clone_into(&mut violation.path);
    DeskError::Invalid(violation)
}

/// A wrong code of somebody who has signed in is a wrong input.
fn as_input(path: &str, error: DeskError) -> DeskError {
    match error {
        DeskError::Refused(message) => DeskError::invalid(path, "WRONG", message),
        error => error,
    }
}
