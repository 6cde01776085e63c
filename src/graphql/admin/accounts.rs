//! Accounts of the desk: signing in, one's own account, and who may do what.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt, stream};

use super::{
    caller::{DeskCaller, SessionCookieChange},
    ids,
};
use crate::{
    domain::{
        budget::{Budget, BudgetId},
        desk::{AccountId, Role, SessionId, SignedIn},
        violation::Violation,
    },
    fault::{ErrorCode, Fault},
    graphql::types::date_time::Timestamp,
    qr,
    service::{
        Services,
        desk::{
            accounts::{Accounts, SignIn, SignInOutcome, UNKNOWN},
            invitations::Acceptance,
            sessions::OpenedSession,
        },
    },
    store::{
        accounts::{Account as StoredAccount, BudgetRoles},
        invitations::Invitation as StoredInvitation,
        sessions::Session,
    },
};

#[derive(Default)]
pub struct AccountQuery;

#[derive(Default)]
pub struct AccountMutation;

#[derive(Default)]
pub struct AccountSubscription;

/// What an account may do. Each role may do what the roles before it may.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Role")]
pub enum DeskRole {
    /// Sees everything of a budget but who answered.
    Viewer,
    /// Changes a budget and runs it. In the installation: also creates budgets.
    Organiser,
    /// Decides who may do what.
    Owner,
}

/// What the page for signing in must know.
#[derive(SimpleObject)]
pub struct DeskSettings {
    /// Whether there is an account. If not, the server has printed a link to the first one.
    has_accounts: bool,
    /// Whether the proxy in front of this server tells who the caller is, so that there is no password to ask for.
    trusted_header: bool,
}

/// The account of the caller.
pub struct Me {
    signed_in: Arc<SignedIn>,
    session: Option<SessionId>,
}

/// A role in one budget.
#[derive(SimpleObject, Clone)]
pub struct BudgetRole {
    /// The slug of the budget.
    slug: String,
    /// The title of the budget.
    title: String,
    /// The role in it.
    role: DeskRole,
}

/// A session: one browser that has signed in.
#[derive(SimpleObject)]
pub struct DeskSession {
    /// Identifies the session.
    id: ID,
    /// When it began.
    created_at: Timestamp,
    /// When it was last used, to the minute.
    last_seen_at: Timestamp,
    /// When it ends unless it is used again.
    expires_at: Timestamp,
    /// The browser, as it calls itself.
    user_agent: String,
    /// Whether it is the session of this request.
    is_this: bool,
}

/// An account.
#[derive(SimpleObject)]
pub struct Account {
    /// Identifies the account.
    id: ID,
    /// The name to sign in with.
    name: String,
    /// The role in the installation, which counts in every budget.
    role: Option<DeskRole>,
    /// The roles in single budgets, as far as the caller has a role in them.
    budgets: Vec<BudgetRole>,
    /// Whether signing in takes a one-time code. Null for callers who are not owners of the installation.
    has_totp: Option<bool>,
    /// When the account was made.
    created_at: Timestamp,
    /// When the account was last used, to the minute. Null for callers who are not owners of the installation.
    last_seen_at: Option<Timestamp>,
    /// Whether nobody can sign in with it.
    disabled: bool,
}

/// Somebody with a role in one budget.
#[derive(SimpleObject)]
pub struct BudgetPerson {
    /// Identifies the account.
    account: ID,
    /// The name of the account.
    name: String,
    /// The role in this budget.
    role: DeskRole,
    /// Whether nobody can sign in with the account.
    disabled: bool,
}

/// An invitation by link that was not accepted yet.
#[derive(SimpleObject)]
pub struct Invitation {
    /// Identifies the invitation.
    id: ID,
    /// The role in the installation.
    role: Option<DeskRole>,
    /// The role in one budget.
    budget: Option<BudgetRole>,
    /// The name of the account that invites. Null for the link of the first start.
    created_by: Option<String>,
    /// When the link stops working.
    expires_at: Timestamp,
}

/// What somebody signs in with.
#[derive(InputObject)]
struct SignInInput {
    /// The name of the account, in any case.
    name: String,
    /// The password.
    password: String,
    /// The one-time code, if the account needs one.
    totp: Option<String>,
}

/// The outcome of signing in.
#[derive(SimpleObject)]
struct SignInPayload {
    /// The account. Null if a code is needed.
    me: Option<Me>,
    /// Whether a one-time code is needed too. It is only told after the right password.
    needs_totp: bool,
}

/// What somebody accepts an invitation with.
#[derive(InputObject)]
struct AcceptInvitationInput {
    /// The last part of the link.
    token: String,
    /// The name of the new account: 2 to 64 characters, without a colon.
    name: String,
    /// The password of the new account: at least 12 characters, at most 1024 bytes.
    password: String,
}

/// A secret for an authenticator app. It is shown once.
#[derive(SimpleObject)]
struct TotpSetup {
    /// The secret for typing it in, in base 32.
    secret: String,
    /// The address that an app reads, as `otpauth://…`.
    url: String,
    /// The same as a QR code in SVG.
    qr_svg: String,
}

/// What somebody is invited to: a role in the installation, in a budget, or both.
#[derive(InputObject)]
struct InviteInput {
    /// The role in the installation.
    role: Option<DeskRole>,
    /// The slug of a budget.
    budget: Option<String>,
    /// The role in the budget. The default is the organiser.
    #[graphql(default_with = "DeskRole::Organiser")]
    budget_role: DeskRole,
}

/// A new invitation.
#[derive(SimpleObject)]
struct InvitePayload {
    /// The invitation.
    invitation: Invitation,
    /// The link to send. It is shown once.
    url: String,
}

#[Object]
impl AccountQuery {
    /// The account of the caller. Null if nobody has signed in.
    async fn me(&self, context: &Context<'_>) -> Option<Me> {
        Me::of(context.data_unchecked())
    }

    /// What the page for signing in must know.
    async fn desk(&self, context: &Context<'_>) -> Result<DeskSettings, Fault> {
        let has_accounts = services(context).store.has_accounts().await?;
        let trusted_header = caller(context).transport.has_trusted_header;
        Ok(DeskSettings { has_accounts, trusted_header })
    }

    /// What a link invites to. Null if it was used, was taken back, or its time is over.
    async fn invitation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The last part of the link.")] token: String,
    ) -> Result<Option<Invitation>, Fault> {
        let found = accounts(context).invitation(&token, caller(context).address).await?;
        let budgets = Budgets::read(context).await?;
        Ok(found.map(|invitation| budgets.invitation(invitation)))
    }

    /// All accounts, in the order of their names.
    async fn accounts(&self, context: &Context<'_>) -> Result<Vec<Account>, Fault> {
        let store = &services(context).store;
        let (accounts, mut roles) = (store.accounts().await?, store.budget_roles().await?);
        let (budgets, caller) = (Budgets::read(context).await?, caller(context).signed_in()?);
        let account = |account: StoredAccount| {
            let roles = roles.remove(&account.id).unwrap_or_default();
            budgets.account(caller, account, roles)
        };
        Ok(accounts.into_iter().map(account).collect())
    }

    /// Those who have a role in a budget of which the caller is an owner, in the order of their names. A role in the
    /// installation counts in the budget too, and is not listed.
    async fn people(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<Vec<BudgetPerson>, Fault> {
        let budgets = Budgets::read(context).await?;
        let budget = budgets.owned(caller(context), &budget)?.id;
        let store = &services(context).store;
        let (accounts, roles) = (store.accounts().await?, store.budget_roles().await?);
        let person = |account: StoredAccount| {
            let role = *roles.get(&account.id)?.get(&budget)?;
            Some(BudgetPerson {
                account: ids::encode(&account.id),
                name: account.name,
                role: role.into(),
                disabled: account.is_disabled,
            })
        };
        Ok(accounts.into_iter().filter_map(person).collect())
    }

    /// The invitations that were not accepted yet.
    async fn invitations(&self, context: &Context<'_>) -> Result<Vec<Invitation>, Fault> {
        let (invitations, budgets) = (accounts(context).invitations().await?, Budgets::read(context).await?);
        Ok(invitations.into_iter().map(|invitation| budgets.invitation(invitation)).collect())
    }
}

#[Object]
impl AccountMutation {
    /// Signs in and sets the cookie of the session. Fails with `UNAUTHENTICATED` if the name, the password or the code is
    /// wrong, and with `RATE_LIMITED` after too many attempts.
    async fn sign_in(&self, context: &Context<'_>, input: SignInInput) -> Result<SignInPayload, Fault> {
        let caller = caller(context);
        let cookie = caller.cookie()?;
        let sign_in = SignIn {
            name: &input.name,
            password: &input.password,
            code: input.totp.as_deref(),
            address: caller.address,
            user_agent: &caller.transport.user_agent,
        };
        match accounts(context).sign_in(sign_in).await? {
            SignInOutcome::NeedsCode => Ok(SignInPayload { me: None, needs_totp: true }),
            SignInOutcome::SignedIn(OpenedSession { token, visitor }) => {
                cookie.change(SessionCookieChange::Set(token));
                let me = Me { signed_in: visitor.signed_in, session: visitor.session };
                Ok(SignInPayload { me: Some(me), needs_totp: false })
            }
        }
    }

    /// Ends the session of the caller. Returns false if a proxy tells who the caller is: then there is no session.
    async fn sign_out(&self, context: &Context<'_>) -> Result<bool, Fault> {
        let caller = caller(context);
        let Some(session) = caller.session else { return Ok(false) };
        let cookie = caller.cookie()?;
        accounts(context).sign_out(caller.signed_in()?, session).await?;
        cookie.change(SessionCookieChange::Remove);
        Ok(true)
    }

    /// Makes the account that an invitation is for, and signs in. A link works once.
    async fn accept_invitation(
        &self,
        context: &Context<'_>,
        input: AcceptInvitationInput,
    ) -> Result<SignInPayload, Fault> {
        let caller = caller(context);
        let cookie = caller.cookie()?;
        let acceptance = Acceptance {
            token: &input.token,
            name: &input.name,
            password: &input.password,
            address: caller.address,
            user_agent: &caller.transport.user_agent,
        };
        let OpenedSession { token, visitor } = accounts(context).accept(acceptance).await?;
        cookie.change(SessionCookieChange::Set(token));
        let me = Me { signed_in: visitor.signed_in, session: visitor.session };
        Ok(SignInPayload { me: Some(me), needs_totp: false })
    }

    /// Changes the password of the caller, and ends all their other sessions.
    async fn change_password(&self, context: &Context<'_>, current: String, new: String) -> Result<Me, Fault> {
        let caller = caller(context);
        accounts(context).change_password(caller.signed_in()?, caller.session, &current, &new).await?;
        me(caller)
    }

    /// Makes a secret for an authenticator app. Codes are needed only after `confirmTotp`. Fails if the account has codes
    /// already: remove them first.
    async fn begin_totp(&self, context: &Context<'_>, password: String) -> Result<TotpSetup, Fault> {
        let secret = accounts(context).begin_totp(caller(context).signed_in()?, &password).await?;
        let qr_svg = qr::svg(&secret.url)
            .map_err(|error| Fault::internal(|id| tracing::error!(%error, error_id = %id, "a QR code was not made")))?;
        Ok(TotpSetup { secret: secret.text, url: secret.url, qr_svg })
    }

    /// Requires a code with every sign-in from now on. The first code shows that the app has the secret.
    async fn confirm_totp(&self, context: &Context<'_>, code: String) -> Result<Me, Fault> {
        let caller = caller(context);
        accounts(context).confirm_totp(caller.signed_in()?, &code).await?;
        me(caller)
    }

    /// Requires no codes any more.
    async fn remove_totp(&self, context: &Context<'_>, password: String, code: String) -> Result<Me, Fault> {
        let caller = caller(context);
        accounts(context).remove_totp(caller.signed_in()?, &password, &code).await?;
        me(caller)
    }

    /// Ends a session of the caller.
    async fn end_session(&self, context: &Context<'_>, id: ID) -> Result<Me, Fault> {
        let (caller, id) = (caller(context), ids::decode(&id)?);
        accounts(context).end_session(caller.signed_in()?, id).await?;
        if caller.session == Some(id)
            && let Some(cookie) = &caller.transport.cookie
        {
            cookie.change(SessionCookieChange::Remove);
        }
        me(caller)
    }

    /// Ends all sessions of the caller.
    async fn end_all_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whether the session of this request stays.", default = true)] keep_this: bool,
    ) -> Result<Me, Fault> {
        let caller = caller(context);
        let signed_in = caller.signed_in()?;
        let kept = caller.session.filter(|_| keep_this);
        accounts(context).end_sessions(&signed_in.actor(), signed_in.account, kept).await?;
        if kept.is_none()
            && let Some(cookie) = &caller.transport.cookie
        {
            cookie.change(SessionCookieChange::Remove);
        }
        me(caller)
    }

    /// Invites somebody by a link, which works once within 7 days.
    async fn invite(&self, context: &Context<'_>, input: InviteInput) -> Result<InvitePayload, Fault> {
        let caller = caller(context);
        let budgets = Budgets::read(context).await?;
        let role = input.role.map(Role::from);
        if role.is_none() && input.budget.is_none() {
            let message = "Say to which role in the installation, or to which budget, the link invites.";
            return Err(Fault::invalid(vec![Violation::new("role", "REQUIRED", message)]));
        }
        if role.is_some() {
            caller.in_installation(Role::Owner)?;
        }
        let budget = input.budget.as_deref().map(|slug| budgets.owned(caller, slug)).transpose()?;
        let budget = budget.map(|budget| ((budget.id, budget.slug.as_str()), input.budget_role.into()));
        let (invitation, token) = accounts(context).invite(caller.signed_in()?, role, budget).await?;
        let url = format!("{}/admin/invitation/{}", caller.transport.origin, token.as_str());
        Ok(InvitePayload { invitation: budgets.invitation(invitation), url })
    }

    /// Takes an invitation back. An owner of the installation may take back all, the owner of a budget those to it alone.
    async fn withdraw_invitation(&self, context: &Context<'_>, id: ID) -> Result<bool, Fault> {
        let caller = caller(context);
        let signed_in = caller.signed_in()?;
        let may = |invitation: &StoredInvitation| {
            let is_of_own_budget = invitation.role.is_none()
                && invitation.budget.is_some_and(|(budget, _)| signed_in.role_in(budget) == Some(Role::Owner));
            signed_in.installation == Some(Role::Owner) || is_of_own_budget
        };
        accounts(context).withdraw_invitation(signed_in, ids::decode(&id)?, may).await?;
        Ok(true)
    }

    /// Sets the role of an account in the installation or in a budget. The last owner of the installation stays one.
    async fn set_role(
        &self,
        context: &Context<'_>,
        account: ID,
        #[graphql(desc = "Null takes the role away.")] role: Option<DeskRole>,
        #[graphql(desc = "The slug of a budget. Without it the role in the installation is set.")] budget: Option<
            String,
        >,
    ) -> Result<Account, Fault> {
        let (caller, id) = (caller(context), ids::decode(&account)?);
        let budgets = Budgets::read(context).await?;
        let signed_in = match budget {
            Some(_) => caller.signed_in()?,
            None => caller.in_installation(Role::Owner)?,
        };
        let budget = budget.as_deref().map(|slug| budgets.owned(caller, slug)).transpose()?;
        let budget = budget.map(|budget| (budget.id, budget.slug.as_str()));
        accounts(context).set_role(&signed_in.actor(), id, role.map(Role::from), budget).await?;
        account_of(context, &budgets, id).await
    }

    /// Disables an account and ends its sessions, or enables it again. The last owner stays enabled.
    async fn disable_account(&self, context: &Context<'_>, id: ID, disabled: bool) -> Result<Account, Fault> {
        let (caller, id) = (caller(context), ids::decode(&id)?);
        accounts(context).disable(&caller.signed_in()?.actor(), id, disabled).await?;
        account_of(context, &Budgets::read(context).await?, id).await
    }

    /// Ends all sessions of an account.
    async fn end_account_sessions(&self, context: &Context<'_>, account: ID) -> Result<Account, Fault> {
        let (caller, id) = (caller(context), ids::decode(&account)?);
        accounts(context).end_sessions(&caller.signed_in()?.actor(), id, None).await?;
        account_of(context, &Budgets::read(context).await?, id).await
    }
}

#[Subscription]
impl AccountSubscription {
    /// The account of the caller, once. The WebSocket closes when the session ends or the roles change.
    #[allow(clippy::unused_async)] // the macro needs it
    async fn me(&self, context: &Context<'_>) -> Result<impl Stream<Item = Me> + use<>, Fault> {
        Ok(stream::iter([me(context.data_unchecked())?]).chain(stream::pending()))
    }
}

/// The account of the caller.
#[Object]
impl Me {
    /// Identifies the account.
    async fn id(&self) -> ID {
        ids::encode(&self.signed_in.account)
    }

    /// The name to sign in with.
    async fn name(&self) -> &str {
        &self.signed_in.name
    }

    /// The role in the installation, which counts in every budget.
    async fn role(&self) -> Option<DeskRole> {
        self.signed_in.installation.map(DeskRole::from)
    }

    /// The roles in single budgets.
    async fn budgets(&self, context: &Context<'_>) -> Result<Vec<BudgetRole>, Fault> {
        Ok(Budgets::read(context).await?.roles(&self.signed_in.budgets))
    }

    /// Whether signing in takes a one-time code.
    async fn has_totp(&self, context: &Context<'_>) -> Result<bool, Fault> {
        let account = services(context).store.account(self.signed_in.account).await?;
        Ok(account.is_some_and(|account| account.sealed_totp_secret.is_some()))
    }

    /// Whether the account has a password. One that a proxy signs on has none.
    async fn has_password(&self, context: &Context<'_>) -> Result<bool, Fault> {
        let account = services(context).store.account(self.signed_in.account).await?;
        Ok(account.is_some_and(|account| account.password_hash.is_some()))
    }

    /// The open sessions of the account, the newest first.
    async fn sessions(&self, context: &Context<'_>) -> Result<Vec<DeskSession>, Fault> {
        let sessions = accounts(context).sessions(self.signed_in.account).await?;
        Ok(sessions.into_iter().map(|session| DeskSession::of(session, self.session)).collect())
    }

    /// When this session ends unless it is used again. Null if a proxy tells who the caller is.
    async fn expires_at(&self, context: &Context<'_>) -> Result<Option<Timestamp>, Fault> {
        let sessions = accounts(context).sessions(self.signed_in.account).await?;
        let this = sessions.into_iter().find(|session| Some(session.id) == self.session);
        Ok(this.map(|session| Timestamp(session.expires_at)))
    }
}

impl Me {
    fn of(caller: &DeskCaller) -> Option<Self> {
        let signed_in = caller.signed_in.clone()?;
        Some(Self { signed_in, session: caller.session })
    }
}

impl DeskSession {
    fn of(session: Session, this: Option<SessionId>) -> Self {
        Self {
            id: ids::encode(&session.id),
            created_at: Timestamp(session.created_at),
            last_seen_at: Timestamp(session.last_seen_at),
            expires_at: Timestamp(session.expires_at),
            user_agent: session.user_agent,
            is_this: Some(session.id) == this,
        }
    }
}

/// The budgets by their numbers, for their slugs and titles.
struct Budgets(HashMap<BudgetId, Budget>);

impl Budgets {
    async fn read(context: &Context<'_>) -> Result<Self, Fault> {
        let budgets = services(context).store.budgets().await?;
        Ok(Self(budgets.into_iter().map(|budget| (budget.id, budget)).collect()))
    }

    /// Returns the budget with this slug if the caller is its owner.
    fn owned(&self, caller: &DeskCaller, slug: &str) -> Result<&Budget, Fault> {
        let budget = self.0.values().find(|budget| budget.slug == slug).ok_or_else(Fault::unknown_budget)?;
        caller.in_budget(budget.id, Role::Owner)?;
        Ok(budget)
    }

    fn role(&self, id: BudgetId, role: Role) -> Option<BudgetRole> {
        let budget = self.0.get(&id)?;
        Some(BudgetRole { slug: budget.slug.clone(), title: budget.title.clone(), role: role.into() })
    }

    fn roles(&self, roles: &BudgetRoles) -> Vec<BudgetRole> {
        let mut roles: Vec<BudgetRole> = roles.iter().filter_map(|(id, role)| self.role(*id, *role)).collect();
        roles.sort_by(|a, b| a.slug.cmp(&b.slug));
        roles
    }

    fn invitation(&self, invitation: StoredInvitation) -> Invitation {
        Invitation {
            id: ids::encode(&invitation.id),
            role: invitation.role.map(DeskRole::from),
            budget: invitation.budget.and_then(|(id, role)| self.role(id, role)),
            created_by: invitation.created_by,
            expires_at: Timestamp(invitation.expires_at),
        }
    }

    /// An account as far as the caller may know it. The owner of a budget gives roles in it to every account, and learns
    /// nothing of other budgets by that.
    fn account(&self, caller: &SignedIn, account: StoredAccount, mut roles: BudgetRoles) -> Account {
        let is_owner = caller.installation == Some(Role::Owner);
        roles.retain(|budget, _| caller.role_in(*budget) >= Some(Role::Owner));
        Account {
            id: ids::encode(&account.id),
            name: account.name,
            role: account.role.map(DeskRole::from),
            budgets: self.roles(&roles),
            has_totp: is_owner.then_some(account.sealed_totp_secret.is_some()),
            created_at: Timestamp(account.created_at),
            last_seen_at: account.last_seen_at.filter(|_| is_owner).map(Timestamp),
            disabled: account.is_disabled,
        }
    }
}

async fn account_of(context: &Context<'_>, budgets: &Budgets, id: AccountId) -> Result<Account, Fault> {
    let store = &services(context).store;
    let account = store.account(id).await?.ok_or_else(|| Fault::new(ErrorCode::NotFound, UNKNOWN))?;
    Ok(budgets.account(caller(context).signed_in()?, account, store.budget_roles_of(id).await?))
}

fn services<'a>(context: &Context<'a>) -> &'a Services {
    context.data_unchecked()
}

fn accounts<'a>(context: &Context<'a>) -> &'a Accounts {
    &services(context).accounts
}

fn caller<'a>(context: &Context<'a>) -> &'a DeskCaller {
    context.data_unchecked()
}

fn me(caller: &DeskCaller) -> Result<Me, Fault> {
    Me::of(caller).ok_or_else(|| Fault::new(ErrorCode::Unauthenticated, "Sign in first."))
}
