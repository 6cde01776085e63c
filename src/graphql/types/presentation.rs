//! The presentation of a budget: the start of the form, and the taxes on an income.

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

/// The shares with which the form starts.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum StartPosition {
    /// No category has a share yet.
    Zero,
    /// All categories have equal shares.
    Equal,
    /// Each category has its share of the real budget.
    Actual,
    /// The categories have the shares of the viewer's latest submission. Without a submission, no category has a share.
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

/// An illustration of how much of an income the budget's taxes take. It is not a tax assessment.
pub struct TaxIllustrationNode {
    /// The budget, whose language is the default.
    pub budget: Arc<PresentedBudget>,
    pub illustration: TaxIllustration,
}

/// An illustration of how much of an income the budget's taxes take. It is not a tax assessment.
#[Object(name = "TaxIllustration", directive = public::apply())]
impl TaxIllustrationNode {
    /// A note that says which taxes are pooled, and for whom.
    async fn note(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> &str {
        self.budget.presentation.text(&self.illustration.note, language.as_deref())
    }

    /// Yearly incomes to choose from, in whole units of the budget's currency.
    #[graphql(directive = list_size::apply(Some(8), None))]
    async fn incomes(&self) -> Vec<f64> {
        self.illustration.incomes.iter().map(|income| whole_units(*income)).collect()
    }

    /// The taxes. Each is calculated on the whole income.
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
    /// The name of the tax.
    async fn label(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> &str {
        self.budget.presentation.text(&self.tax.label, language.as_deref())
    }

    /// The marginal rates, by rising threshold.
    #[graphql(directive = list_size::apply(Some(8), None))]
    async fn brackets(&self) -> Vec<TaxBracketNode> {
        self.tax.brackets.iter().map(|bracket| TaxBracketNode(*bracket)).collect()
    }
}

/// One marginal rate, which applies up to the threshold of the next bracket.
pub struct TaxBracketNode(TaxBracket);

/// One marginal rate, which applies up to the threshold of the next bracket.
#[Object(name = "TaxBracket", directive = public::apply())]
impl TaxBracketNode {
    /// The yearly income above which the rate applies, in whole units of the currency.
    async fn above(&self) -> f64 {
        whole_units(self.0.above)
    }

    /// The rate, in per cent of the income within this bracket.
    async fn percent(&self) -> f64 {
        percent(self.0.rate_basis_points.basis_points())
    }
}

/// Converts an amount into a float. The result is exact up to 2^53, which is beyond any income or budget.
#[allow(clippy::cast_precision_loss)]
pub(super) fn whole_units(amount: i64) -> f64 {
    amount as f64
}
