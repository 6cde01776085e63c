//! Budgets and their categories.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, dataloader::DataLoader};
use chrono::{DateTime, Utc};

use super::{
    super::{
        caller::Caller,
        cost_directives::{cost, list_size},
        error::ApiError,
        loaders::Loaders,
        public::public,
    },
    aggregate::BudgetAggregate,
    global_id::GlobalId,
    percent,
    presentation::{StartPosition, TaxIllustrationNode, whole_units},
    submission::SubmissionNode,
};
use crate::{
    domain::{
        budget::{Budget, BudgetStatus as Status, Category},
        share::Share,
    },
    service::Services,
};

/// One consultation: a question, and the categories over which people distribute 100 %.
pub struct BudgetNode(pub Arc<Budget>);

/// One line of a budget.
#[derive(Clone)]
pub struct CategoryNode {
    /// The budget that it is a line of.
    pub budget: Arc<Budget>,
    /// Its place among the budget's categories.
    pub index: usize,
}

/// Whether a budget takes submissions.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum BudgetStatus {
    /// Being prepared; not shown.
    Draft,
    /// Takes submissions, within its window.
    Open,
    /// Shown, takes no more submissions.
    Closed,
}

impl BudgetNode {
    /// Every budget but drafts, oldest first.
    pub async fn visible(context: &Context<'_>) -> Result<Vec<Self>, ApiError> {
        let budgets = context.data_unchecked::<Services>().catalogue.all().await?;
        Ok(budgets.iter().filter(|budget| budget.status != Status::Draft).cloned().map(Self).collect())
    }
}

/// One consultation: a question, and the categories over which people distribute 100 %.
#[Object(name = "Budget", directive = public::apply())]
impl BudgetNode {
    /// Opaque, and different from every other object's id.
    pub async fn id(&self) -> ID {
        GlobalId::Budget(self.0.id).encode()
    }

    /// The stable name in addresses, e.g. `federal`.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The question.
    async fn title(
        &self,
        #[graphql(desc = "BCP 47, e.g. `de-AT`; where there is no translation, the budget's own text.")]
        language: Option<String>,
    ) -> &str {
        self.0.title_in(language.as_deref())
    }

    /// Notes to print with it.
    async fn description(
        &self,
        #[graphql(desc = "BCP 47, e.g. `de-AT`; where there is no translation, the budget's own text.")]
        language: Option<String>,
    ) -> Option<&str> {
        self.0.description_in(language.as_deref())
    }

    /// BCP 47 tag of the budget's own texts.
    async fn language(&self) -> &str {
        &self.0.presentation.language
    }

    /// BCP 47 tags of every language that its texts are there in, its own first.
    #[graphql(directive = list_size::apply(Some(5), None))]
    async fn languages(&self) -> Vec<&str> {
        self.0.presentation.languages().collect()
    }

    /// Where the form begins.
    async fn start_position(&self) -> StartPosition {
        self.0.presentation.start_position.into()
    }

    /// How much of an income the budget's taxes take; null where its owner tells nothing of it.
    async fn tax_illustration(&self) -> Option<TaxIllustrationNode> {
        let illustration = self.0.presentation.tax_illustration.clone()?;
        Some(TaxIllustrationNode { budget: Arc::clone(&self.0), illustration })
    }

    /// ISO 4217 code, e.g. `USD`.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The real budget's total, in whole units of the currency.
    async fn total_amount(&self) -> Option<f64> {
        self.0.total_amount.map(whole_units)
    }

    /// What its owner decided. Within its window `OPEN` takes submissions; before and after, it does not.
    async fn status(&self) -> BudgetStatus {
        match self.0.status {
            Status::Draft => BudgetStatus::Draft,
            Status::Open => BudgetStatus::Open,
            Status::Closed => BudgetStatus::Closed,
        }
    }

    /// The first moment at which submissions count.
    async fn opens_at(&self) -> Option<DateTime<Utc>> {
        self.0.opens_at
    }

    /// The first moment at which they no longer count.
    async fn closes_at(&self) -> Option<DateTime<Utc>> {
        self.0.closes_at
    }

    /// In the order in which they are shown.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn categories(&self) -> Vec<CategoryNode> {
        CategoryNode::all(&self.0)
    }

    /// Everybody's answers so far; null while results are hidden from this viewer.
    async fn aggregate(&self, context: &Context<'_>) -> Result<Option<BudgetAggregate>, ApiError> {
        Ok(Some(BudgetAggregate::current(context, &self.0).await?))
    }

    /// What the viewer's voice is now: the submission of this participant that counts; null for who was never remembered
    /// or has not answered this budget.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn viewer_submission(&self, context: &Context<'_>) -> Result<Option<SubmissionNode>, ApiError> {
        let Some(participant) = context.data_unchecked::<Caller>().participant else { return Ok(None) };
        let loader = context.data_unchecked::<DataLoader<Loaders>>();
        let counting = loader.load_one((self.0.id, participant)).await.map_err(|error| ApiError::from_store(&error))?;
        let Some(id) = counting else { return Ok(None) };
        let submission = loader.load_one(id).await.map_err(|error| ApiError::from_store(&error))?;
        Ok(submission.map(SubmissionNode))
    }
}

impl CategoryNode {
    /// Every category of a budget, in order.
    pub fn all(budget: &Arc<Budget>) -> Vec<Self> {
        (0..budget.categories.len()).map(|index| Self { budget: Arc::clone(budget), index }).collect()
    }

    /// The number that the store gives the category.
    pub fn number(&self) -> i64 {
        self.category().id
    }

    fn category(&self) -> &Category {
        &self.budget.categories[self.index]
    }
}

/// One line of a budget.
#[Object(name = "Category", directive = public::apply())]
impl CategoryNode {
    /// Opaque, and different from every other object's id.
    pub async fn id(&self) -> ID {
        GlobalId::Category(self.number()).encode()
    }

    /// The stable name within its budget, e.g. `healthcare`.
    async fn key(&self) -> &str {
        &self.category().key
    }

    /// What people read.
    async fn label(
        &self,
        #[graphql(desc = "BCP 47, e.g. `de-AT`; where there is no translation, the budget's own text.")]
        language: Option<String>,
    ) -> &str {
        self.budget.label_in(self.category(), language.as_deref())
    }

    /// What belongs to it.
    async fn description(
        &self,
        #[graphql(desc = "BCP 47, e.g. `de-AT`; where there is no translation, the budget's own text.")]
        language: Option<String>,
    ) -> &str {
        self.budget.category_description_in(self.category(), language.as_deref())
    }

    /// `#rrggbb`; keeps 3:1 against a light and a dark page.
    async fn color(&self) -> &str {
        &self.category().color
    }

    /// 0 for the first.
    async fn position(&self) -> i32 {
        self.category().position
    }

    /// The real budget's share in per cent; null where it is not known.
    async fn actual_percent(&self) -> Option<f64> {
        self.category().actual.map(|share: Share| percent(u32::from(share.basis_points())))
    }
}
