//! Accounts of the desk.

use async_graphql::{Context, Enum, Object, SimpleObject, Subscription};
use futures_util::{Stream, stream};

use super::caller::DeskCaller;
use crate::{domain::desk::Role, fault::Fault};

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

/// The account of the caller.
#[derive(SimpleObject)]
pub struct Me {
    /// The name of the account.
    name: String,
}

#[Object]
impl AccountQuery {
    /// The account of the caller. Null if nobody has signed in.
    async fn me(&self, context: &Context<'_>) -> Option<Me> {
        let caller = context.data_unchecked::<DeskCaller>();
        caller.signed_in.as_ref().map(|signed_in| Me { name: signed_in.name.clone() })
    }
}

#[Object]
impl AccountMutation {
    /// Ends the session of the caller.
    async fn sign_out(&self) -> bool {
        true
    }
}

#[Subscription]
impl AccountSubscription {
    /// The account of the caller.
    #[allow(clippy::unused_async)] // the macro needs it
    async fn me(&self, context: &Context<'_>) -> Result<impl Stream<Item = Me> + use<>, Fault> {
        let name = context.data_unchecked::<DeskCaller>().signed_in()?.name.clone();
        Ok(stream::iter([Me { name }]))
    }
}
