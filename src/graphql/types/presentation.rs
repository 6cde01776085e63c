//! How a budget is shown: where the form begins, and what an income pays.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use super::{
    super::{cost_directives::list_size, public::public},
    percent,
};
use crate::domain::{
    budget::PresentedBudget,
    presentation::{IllustratedTax, StartPosition as Start, TaxBracket, TaxIllustration},
};

/// Where the form begins.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum StartPosition {
    /// Nothing given yet.
    Zero,
    /// Equal parts.
    Equal,
    /// The real budget's shares.
    Actual,
    /// The viewer's latest submission; nothing for who has none.
    Latest,
}

impl From<Start> for StartPosition {
    fn from(start: Start) -> Self {
        match start {
            Start::Zero => Self::Zero,
            Start::Equal => Self::Equal,
            Start::Actual => Self::Actual,
            Start::Latest => Self::Latest,
        }
    }
}

/// How much of an income the budget's taxes take. An illustration, never an assessment.
pub struct TaxIllustrationNode {
    /// The budget, which knows its own language.
    pub budget: Arc<PresentedBudget>,
    /// What is told of it.
    pub illustration: TaxIllustration,
}

/// How much of an income the budget's taxes take. An illustration, never an assessment.
#[Object(name = "TaxIllustration", directive = public::apply())]
impl TaxIllustrationNode {
    /// Which taxes it pools, and for whom.
    async fn note(&self, #[graphql(desc = "BCP 47; else the budget's own.")] language: Option<String>) -> &str {
        self.budget.presentation.text(&self.illustration.note, language.as_deref())
    }

    /// Yearly incomes to choose from, in whole units of the budget's currency.
    #[graphql(directive = list_size::apply(Some(8), None))]
    async fn incomes(&self) -> Vec<f64> {
        self.illustration.incomes.iter().map(|income| whole_units(*income)).collect()
    }

    /// The taxes, each on the whole income.
    #[graphql(directive = list_size::apply(Some(4), None))]
    async fn taxes(&self) -> Vec<IllustratedTaxNode> {
        let node = |tax: &IllustratedTax| IllustratedTaxNode { budget: Arc::clone(&self.budget), tax: tax.clone() };
        self.illustration.taxes.iter().map(node).collect()
    }
}

/// One tax of an illustration.
pub struct IllustratedTaxNode {
    budget: Arc<PresentedBudget>,
    tax: IllustratedTax,
}

/// One tax of an illustration.
#[Object(name = "IllustratedTax", directive = public::apply())]
impl IllustratedTaxNode {
    /// Its name.
    async fn label(&self, #[graphql(desc = "BCP 47; else the budget's own.")] language: Option<String>) -> &str {
        self.budget.presentation.text(&self.tax.label, language.as_deref())
    }

    /// Marginal rates, by rising threshold.
    #[graphql(directive = list_size::apply(Some(8), None))]
    async fn brackets(&self) -> Vec<TaxBracketNode> {
        self.tax.brackets.iter().map(|bracket| TaxBracketNode(*bracket)).collect()
    }
}

/// One marginal rate, up to the next bracket's threshold.
pub struct TaxBracketNode(TaxBracket);

/// One marginal rate, up to the next bracket's threshold.
#[Object(name = "TaxBracket", directive = public::apply())]
impl TaxBracketNode {
    /// The yearly income above which it applies, in whole units of the currency.
    async fn above(&self) -> f64 {
        whole_units(self.0.above)
    }

    /// Per cent of the income in this bracket.
    async fn percent(&self) -> f64 {
        percent(u32::try_from(self.0.rate_basis_points).unwrap_or(0))
    }
}

/// Exact up to 2^53, beyond any income or budget.
#[allow(clippy::cast_precision_loss)]
pub(super) fn whole_units(amount: i64) -> f64 {
    amount as f64
}
