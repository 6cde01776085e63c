//! Who sees the results of a budget, and when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When people see the results of a budget. Its count of participants is shown always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResultVisibility {
    /// Everybody sees them at any time.
    #[default]
    Always,
    /// Before the budget has closed, only its participants see them, after they have answered.
    AfterTakingPart,
    /// Nobody sees them before the budget has closed.
    AfterClosing,
}

/// The order in which the form shows the categories. Shares are stored in the budget's order in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CategoryOrder {
    /// As the budget has them.
    #[default]
    Fixed,
    /// Beginning with another category for each participant, so that none is always the first.
    Rotated,
}

impl ResultVisibility {
    /// The stable name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::AfterTakingPart => "after-taking-part",
            Self::AfterClosing => "after-closing",
        }
    }

    /// The visibility with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Always, Self::AfterTakingPart, Self::AfterClosing].into_iter().find(|it| it.name() == name)
    }
}

impl CategoryOrder {
    /// The stable name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Rotated => "rotated",
        }
    }

    /// The order with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Fixed, Self::Rotated].into_iter().find(|it| it.name() == name)
    }
}
