//! Who works at the organisers' desk, and what they may do there.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::budget::BudgetId;

/// The number of an account in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

/// The number of a session in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// The number of an invitation in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvitationId(pub i64);

/// What an account may do, in one budget or in the whole installation. Each role may do what the roles before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees everything of a budget but who answered.
    Viewer,
    /// Changes a budget and runs it. In the installation: also creates budgets.
    Organiser,
    /// Decides who may do what.
    Owner,
}

/// Who makes a change, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has signed in.
    Account {
        /// The account.
        id: AccountId,
        /// Its name at that time.
        name: String,
    },
    /// Somebody at the command line of the server.
    Console,
    /// The program itself, for example at the end of a schedule.
    System,
}

/// An account that has signed in, with its roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its role in the installation, which it has in every budget too.
    pub installation: Option<Role>,
    /// Its roles in single budgets.
    pub budgets: HashMap<BudgetId, Role>,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Organiser, Self::Owner];

    /// The stable name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Organiser => "organiser",
            Self::Owner => "owner",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl Actor {
    /// The name in the audit log. No account may have a name with a colon.
    pub fn name(&self) -> &str {
        match self {
            Self::Account { name, .. } => name,
            Self::Console => "console:",
            Self::System => "system:",
        }
    }

    /// The account, if it is one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account { id, .. } => Some(*id),
            Self::Console | Self::System => None,
        }
    }
}

impl SignedIn {
    /// Who makes the changes of this account.
    pub fn actor(&self) -> Actor {
        Actor::Account { id: self.account, name: self.name.clone() }
    }

    /// The role in a budget: the higher of the one in it and the one in the installation.
    pub fn role_in(&self, budget: BudgetId) -> Option<Role> {
        self.budgets.get(&budget).copied().max(self.installation)
    }

    /// The highest role anywhere.
    pub fn highest_role(&self) -> Option<Role> {
        self.budgets.values().copied().max().max(self.installation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_in_the_installation_counts_in_every_budget_and_one_in_a_budget_only_there() {
        let signed_in = |installation| SignedIn {
            account: AccountId(1),
            name: "ada".to_owned(),
            installation,
            budgets: HashMap::from([(BudgetId(1), Role::Organiser)]),
        };
        let none = signed_in(None);
        assert_eq!(none.role_in(BudgetId(1)), Some(Role::Organiser));
        assert_eq!(none.role_in(BudgetId(2)), None);
        assert_eq!(none.highest_role(), Some(Role::Organiser));
        let owner = signed_in(Some(Role::Owner));
        assert_eq!((owner.role_in(BudgetId(1)), owner.role_in(BudgetId(2))), (Some(Role::Owner), Some(Role::Owner)));
        let viewer = signed_in(Some(Role::Viewer));
        assert_eq!(
            (viewer.role_in(BudgetId(1)), viewer.role_in(BudgetId(2))),
            (Some(Role::Organiser), Some(Role::Viewer))
        );
    }

    #[test]
    fn a_role_is_found_by_its_stored_name() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
        assert_eq!(Role::from_name("admin"), None);
    }
}
