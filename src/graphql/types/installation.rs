//! What people are told about this installation.

use async_graphql::{Object, SimpleObject};

use super::super::public::public;
use crate::{domain::rate::Rate, service::installation::Installation};

/// What people should know of this server.
pub struct InstallationNode<'a>(pub &'a Installation);

/// How often something may be done.
#[derive(SimpleObject)]
#[graphql(directive = public::apply())]
pub struct Allowance {
    /// How often in the period.
    count: u32,
    /// The period in seconds.
    seconds: u64,
}

/// What people should know of this server.
#[Object(name = "Installation", directive = public::apply())]
impl InstallationNode<'_> {
    /// Who runs the server. Null if the operator has not said so.
    async fn operator(&self) -> Option<&str> {
        self.0.operator.as_deref()
    }

    /// How to reach the operator, for example an e-mail address. Null if the operator has not said so.
    async fn contact(&self) -> Option<&str> {
        self.0.contact.as_deref()
    }
}

impl From<Rate> for Allowance {
    fn from(rate: Rate) -> Self {
        Self { count: rate.limit(), seconds: rate.period().as_secs() }
    }
}
