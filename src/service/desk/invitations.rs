//! Invitations by link: the one way to an account, besides the command line and a trusted proxy. A link works once.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    accounts::{Accounts, actor, create_account},
    error::DeskError,
    sessions::OpenedSession,
    tokens::{self, Token},
};
use crate::{
    clock,
    domain::{
        account::{AccountName, check_password},
        budget::BudgetId,
        desk::{Actor, InvitationId, Role, SignedIn},
        network::ClientAddress,
    },
    service::limiter::{INVITATION_LOOK_UPS, SIGN_INS},
    store::{
        accounts::NewAccount,
        audit::{AuditedChange, AuditedTransaction},
        invitations::{Invitation, NewInvitation},
    },
};

const LIFETIME: TimeDelta = TimeDelta::days(7);
/// The lifetime of the link that a start without accounts prints: it makes an owner.
const FIRST_LIFETIME: TimeDelta = TimeDelta::hours(24);
const USED: &str = "This link was used before, was taken back, or its time is over. Ask for another one.";

/// A budget by its number and slug.
pub type BudgetName<'a> = (BudgetId, &'a str);

/// What somebody sends to accept an invitation.
pub struct Acceptance<'a> {
    /// The token in the link.
    pub token: &'a str,
    /// The name of the new account.
    pub name: &'a str,
    /// The password of the new account.
    pub password: &'a str,
    /// The caller's address.
    pub address: ClientAddress,
    /// The caller's program.
    pub user_agent: &'a str,
}

impl Accounts {
    /// The invitation of a link, if the link still works.
    pub async fn invitation(&self, token: &str, address: ClientAddress) -> Result<Option<Invitation>, DeskError> {
        self.limiter.check(&INVITATION_LOOK_UPS, address).await.map_err(DeskError::RateLimited)?;
        Ok(self.store.invitation(&tokens::digest(token), clock::now()).await?)
    }

    /// The invitations that can still be accepted.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, DeskError> {
        Ok(self.store.invitations(clock::now()).await?)
    }

    /// Invites somebody to a role in the installation, to one in a budget, or to both. Returns the link's token, which is
    /// not stored.
    pub async fn invite(
        &self,
        signed_in: &SignedIn,
        role: Option<Role>,
        budget: Option<(BudgetName<'_>, Role)>,
    ) -> Result<(Invitation, Token), DeskError> {
        let (now, token) = (clock::now(), Token::generate()?);
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        let new = NewInvitation {
            token_digest: token.digest(),
            role,
            budget: budget.map(|((id, _), role)| (id, role)),
            created_by: Some(&signed_in.name),
            now,
            expires_at: now + LIFETIME,
        };
        let invitation = change.transaction.insert_invitation(new).await?;
        let after = json!({
            "invitation": invitation.id.0,
            "role": role.map(Role::name),
            "budgetRole": budget.map(|(_, role)| role.name()),
        });
        let slug = budget.map(|((_, slug), _)| slug.to_owned());
        change
            .record(AuditedChange { action: "invitation.create", budget: slug, before: None, after: Some(after) })
            .await?;
        self.commit(change).await?;
        Ok((invitation, token))
    }

    /// Takes an invitation back. `may` says whether the caller may.
    pub async fn withdraw_invitation(
        &self,
        signed_in: &SignedIn,
        id: InvitationId,
        may: impl FnOnce(&Invitation) -> bool + Send,
    ) -> Result<(), DeskError> {
        let mut change = self.store.begin_audited(&signed_in.actor()).await?;
        let invitation = change.transaction.pending_invitation(id, clock::now()).await?;
        if !invitation.is_some_and(|invitation| may(&invitation)) {
            return Err(DeskError::NotFound("There is no such invitation."));
        }
        change.transaction.delete_invitation(id).await?;
        let before = Some(json!({ "invitation": id.0 }));
        change.record(AuditedChange { action: "invitation.withdraw", before, ..AuditedChange::default() }).await?;
        self.commit(change).await
    }

    /// Makes the account that an invitation is for, and opens its first session.
    pub async fn accept(&self, acceptance: Acceptance<'_>) -> Result<OpenedSession, DeskError> {
        self.limiter.check_all_networks(&SIGN_INS, acceptance.address).await.map_err(DeskError::RateLimited)?;
        let (now, digest) = (clock::now(), tokens::digest(acceptance.token));
        // A link that does not work costs no hash.
        let invitation = self.store.invitation(&digest, now).await?;
        invitation.ok_or(DeskError::NotFound(USED))?;
        let name = AccountName::parse(acceptance.name)?;
        name.check_scripts()?;
        check_password(acceptance.password, name.as_str())?;
        let password_hash = Some(self.passwords.hash(acceptance.password).await?);

        let mut change = self.store.begin_audited(&Actor::System).await?;
        change.transaction.lock_accounts().await?;
        let invitation = change.transaction.use_invitation(&digest, now).await?.ok_or(DeskError::NotFound(USED))?;
        if !may_still_invite(&change, &invitation).await? {
            return Err(DeskError::NotFound(USED));
        }
        let new = NewAccount { name: &name, password_hash, role: invitation.role };
        let account = create_account(&mut change, new).await?;
        change.act_as(&actor(&account));
        if let Some((budget, role)) = invitation.budget {
            change.transaction.set_budget_role(account.id, budget, Some(role)).await?;
        }
        let after = json!({
            "invitation": invitation.id.0,
            "budget": invitation.budget.map(|(budget, _)| budget.0),
            "budgetRole": invitation.budget.map(|(_, role)| role.name()),
        });
        change
            .record(AuditedChange { action: "invitation.accept", after: Some(after), ..AuditedChange::default() })
            .await?;
        let (token, session) = self.open_session(&change, &account, acceptance.user_agent).await?;
        self.commit(change).await?;
        self.opened(&account, token, session).await
    }

    /// While there is no account: makes the link to the first one, and ends the links of earlier starts. Returns its token.
    pub async fn invite_first(&self) -> Result<Option<Token>, DeskError> {
        if self.store.has_accounts().await? {
            return Ok(None);
        }
        let (now, token) = (clock::now(), Token::generate()?);
        let mut change = self.store.begin_audited(&Actor::System).await?;
        change.transaction.delete_first_invitations().await?;
        let new = NewInvitation {
            token_digest: token.digest(),
            role: Some(Role::Owner),
            budget: None,
            created_by: None,
            now,
            expires_at: now + FIRST_LIFETIME,
        };
        let invitation = change.transaction.insert_invitation(new).await?;
        let after = Some(json!({ "invitation": invitation.id.0, "role": Role::Owner.name() }));
        change.record(AuditedChange { action: "invitation.first", after, ..AuditedChange::default() }).await?;
        self.commit(change).await?;
        Ok(Some(token))
    }
}

/// Whether an invitation may still be accepted, in a transaction that holds the lock of the accounts: its inviter could make it
/// now. Somebody who is disabled would otherwise come back by a link of their own.
async fn may_still_invite(change: &AuditedTransaction, invitation: &Invitation) -> Result<bool, DeskError> {
    let Some(name) = &invitation.created_by else {
        // The link of the first start makes an owner, so it ends when anybody else was first.
        return Ok(!change.transaction.has_accounts().await?);
    };
    let Some(inviter) = change.transaction.account_named(&AccountName::parse(name)?).await? else { return Ok(false) };
    let owns_budget = match invitation.budget {
        Some((budget, _)) if invitation.role.is_none() => {
            change.transaction.budget_role(inviter.id, budget).await? == Some(Role::Owner)
        }
        _ => false,
    };
    Ok(!inviter.is_disabled && (inviter.role == Some(Role::Owner) || owns_budget))
}
