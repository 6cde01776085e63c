//! Budgets and their categories.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};

use super::{
    super::{
        caller::Caller,
        cost_directives::{cost, list_size},
        loaders::SharedLoader,
        public::public,
    },
    aggregate::BudgetAggregate,
    date_time::Timestamp,
    exclusion::ExclusionNode,
    global_id::GlobalId,
    installation::Allowance,
    percent,
    presentation::{StartPosition, TaxIllustrationNode, whole_units},
    submission::SubmissionNode,
};
use crate::{
    domain::{
        budget::{BudgetStatus as Status, Category, Participation as DomainParticipation, PresentedBudget},
        share::Share,
        visibility::{CategoryOrder as DomainOrder, ResultVisibility as DomainVisibility},
    },
    fault::Fault,
    service::Services,
};

/// A consultation: a question, and the categories among which people distribute 100 %.
pub struct BudgetNode(pub Arc<PresentedBudget>);

/// One line of a budget, to which people give a share.
#[derive(Clone)]
pub struct CategoryNode {
    pub budget: Arc<PresentedBudget>,
    /// The position among the categories of the budget.
    pub index: usize,
}

/// Whether a budget takes submissions.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum BudgetStatus {
    /// The budget is being prepared and is not visible.
    Draft,
    /// The budget is visible, and takes submissions from `opensAt` until `closesAt`.
    Open,
    /// The budget is visible and takes no more submissions.
    Closed,
}

/// Who may answer a budget.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// Everybody may answer.
    Open,
    /// Everybody who received a participation code may answer. Each code is one voice, and may change its answer from any
    /// device. `submitAllocation` takes the code.
    Code,
}

/// When people see the results of a budget.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DomainVisibility")]
pub enum ResultVisibility {
    /// Everybody sees them at any time.
    Always,
    /// Until the budget has closed, only its participants see them, after they have answered.
    AfterTakingPart,
    /// Nobody sees them before the budget has closed.
    AfterClosing,
}

/// The order in which the form shows the categories.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DomainOrder")]
pub enum CategoryOrder {
    /// The order of the budget.
    Fixed,
    /// The order of the budget, beginning with another category for each participant.
    Rotated,
}

/// A consultation: a question, and the categories among which people distribute 100 %.
#[Object(name = "Budget", directive = public::apply())]
impl BudgetNode {
    /// The opaque id of the object. No other object has the same id.
    pub async fn id(&self) -> ID {
        GlobalId::Budget(self.0.id).encode()
    }

    /// The stable name in addresses, for example `federal`.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The question that people answer.
    async fn title(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> &str {
        self.0.title_in(language.as_deref())
    }

    /// Notes to show with the budget.
    async fn description(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> Option<&str> {
        self.0.description_in(language.as_deref())
    }

    /// The language of the budget's own texts, as a BCP 47 tag.
    async fn language(&self) -> &str {
        &self.0.presentation.language
    }

    /// The languages in which the budget's texts are available, as BCP 47 tags. The budget's own language is the first.
    #[graphql(directive = list_size::apply(Some(5), None))]
    async fn languages(&self) -> Vec<&str> {
        self.0.presentation.languages().collect()
    }

    /// The shares with which the form starts.
    async fn start_position(&self) -> StartPosition {
        self.0.presentation.start_position.into()
    }

    /// An illustration of how much of an income the budget's taxes take. Null if the budget has none.
    async fn tax_illustration(&self) -> Option<TaxIllustrationNode> {
        let illustration = self.0.presentation.tax_illustration.clone()?;
        Some(TaxIllustrationNode { budget: Arc::clone(&self.0), illustration })
    }

    /// The currency as an ISO 4217 code, for example `USD`.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The total of the real budget, in whole units of the currency. Null if it is not set.
    async fn total_amount(&self) -> Option<f64> {
        self.0.total_amount.map(whole_units)
    }

    /// The status that the budget's owner has set. A budget with the status `OPEN` takes submissions from `opensAt`
    /// until `closesAt`; before and after that, it does not.
    async fn status(&self) -> BudgetStatus {
        match self.0.status {
            Status::Draft => BudgetStatus::Draft,
            Status::Open => BudgetStatus::Open,
            Status::Closed => BudgetStatus::Closed,
        }
    }

    /// Who may answer the budget. This does not change once there is a submission.
    async fn participation(&self) -> Participation {
        match self.0.participation {
            DomainParticipation::Open => Participation::Open,
            DomainParticipation::Code => Participation::Code,
        }
    }

    /// Whether the budget takes no submissions for a while, although its status is `OPEN`.
    async fn is_paused(&self) -> bool {
        self.0.paused_at.is_some()
    }

    /// When people see the results. Until then, `aggregate` is null together with an error with the code `RESULTS_HIDDEN`.
    async fn visibility(&self) -> ResultVisibility {
        self.0.visibility.into()
    }

    /// The order in which the form shows the categories. `categories` has the order of the budget in either case.
    async fn category_order(&self) -> CategoryOrder {
        self.0.category_order.into()
    }

    /// The first moment at which submissions count. Null if there is no limit.
    async fn opens_at(&self) -> Option<Timestamp> {
        self.0.opens_at.map(Timestamp)
    }

    /// The first moment at which submissions no longer count. Null if there is no limit.
    async fn closes_at(&self) -> Option<Timestamp> {
        self.0.closes_at.map(Timestamp)
    }

    /// The number of ballots that must have changed before new statistics are shown. Ballots that are added and ballots
    /// that are taken back are counted apart. With 1, every ballot is shown at once.
    async fn publish_every(&self) -> i32 {
        self.0.publish_every.ballots().into()
    }

    /// The number of days after `closesAt` after which every submission is deleted; the results stay. Null if submissions
    /// are kept until their participants erase them.
    async fn retention_days(&self) -> Option<i32> {
        self.0.retention.map(|retention| retention.days().into())
    }

    /// How often one participant may submit an allocation. Null if there is no limit.
    async fn submissions_per_participant(&self, context: &Context<'_>) -> Option<Allowance> {
        context.data_unchecked::<Services>().installation.submission_rates.participant.map(Allowance::from)
    }

    /// How often one network may submit allocations. Null if there is no limit.
    async fn submissions_per_network(&self, context: &Context<'_>) -> Option<Allowance> {
        context.data_unchecked::<Services>().installation.submission_rates.network.map(Allowance::from)
    }

    /// The categories, in the order in which they are shown.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn categories(&self) -> Vec<CategoryNode> {
        CategoryNode::all(&self.0)
    }

    /// The current aggregate of all ballots. Null only together with an error that says why it could not be read. The code
    /// is `RESULTS_HIDDEN` if more than the counts is asked for and the budget does not show it to the caller now: see `visibility`.
    async fn aggregate(&self, context: &Context<'_>) -> Option<Result<BudgetAggregate, Fault>> {
        // async-graphql leaves out a field whose resolver fails. An error within the value makes it null.
        Some(BudgetAggregate::current(context, &self.0).await)
    }

    /// The answers that organisers took out of the count, oldest exclusion first. Everybody can see how many and why.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn exclusions(&self) -> Vec<ExclusionNode> {
        self.0.exclusions.iter().cloned().map(ExclusionNode).collect()
    }

    /// The viewer's latest submission. It counts now unless it is excluded. Null if no cookie or token names the viewer as a participant, or if
    /// this participant has submitted no allocation for this budget.
    #[graphql(directive = cost::apply("50".to_owned()))]
    async fn viewer_submission(&self, context: &Context<'_>) -> Result<Option<SubmissionNode>, Fault> {
        // At the desk, nobody is a participant.
        let participant = context.data_opt::<Caller>().and_then(|caller| caller.participant);
        let Some(participant) = participant else { return Ok(None) };
        let loader = context.data_unchecked::<SharedLoader>();
        let counting = loader.load_one((self.0.id, participant)).await.map_err(|error| Fault::of_store(&error))?;
        let Some(ballot) = counting else { return Ok(None) };
        let submission = loader.load_one(ballot.submission).await.map_err(|error| Fault::of_store(&error))?;
        Ok(submission.map(SubmissionNode))
    }
}

impl CategoryNode {
    /// Returns every category of a budget, in order.
    pub fn all(budget: &Arc<PresentedBudget>) -> Vec<Self> {
        (0..budget.categories.len()).map(|index| Self { budget: Arc::clone(budget), index }).collect()
    }

    /// Returns the number of the category in the store.
    pub fn number(&self) -> i64 {
        self.category().id
    }

    fn category(&self) -> &Category {
        &self.budget.categories[self.index]
    }
}

/// One line of a budget, to which people give a share.
#[Object(name = "Category", directive = public::apply())]
impl CategoryNode {
    /// The opaque id of the object. No other object has the same id.
    pub async fn id(&self) -> ID {
        GlobalId::Category(self.number()).encode()
    }

    /// The stable name within the budget, for example `healthcare`.
    async fn key(&self) -> &str {
        &self.category().key
    }

    /// The name that people read.
    async fn label(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> &str {
        self.budget.label_in(self.category(), language.as_deref())
    }

    /// An explanation of what belongs to the category.
    async fn description(
        &self,
        #[graphql(
            desc = "The language of the text as a BCP 47 tag, for example `de-AT`. Without a translation, the budget's own text is returned."
        )]
        language: Option<String>,
    ) -> &str {
        self.budget.category_description_in(self.category(), language.as_deref())
    }

    /// The colour as `#rrggbb`. It has a contrast of 3:1 against both a light and a dark page.
    async fn color(&self) -> &str {
        &self.category().color
    }

    /// The position among the budget's categories. The first category has position 0.
    async fn position(&self) -> i32 {
        self.category().position
    }

    /// The category's share of the real budget, in per cent. Null if it is not known.
    async fn actual_percent(&self) -> Option<f64> {
        self.category().actual.map(|share: Share| percent(share.basis_points()))
    }
}
