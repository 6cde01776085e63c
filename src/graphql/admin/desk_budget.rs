//! A budget as its organisers see it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Json, Object, SimpleObject};
use serde_json::Value;

use super::{accounts::DeskRole, caller::DeskCaller, ids};
use crate::{
    domain::{
        budget::{BudgetState, PresentedBudget},
        budget_draft::{self, BudgetDraft},
        desk::Role,
        local_time::LocalTime as DomainLocalTime,
    },
    fault::Fault,
    graphql::types::{budget::BudgetNode, date_time::Timestamp},
    qr,
    service::{
        Services,
        desk::{budgets, schedule, share_kit},
    },
};

/// A budget as its organisers see it.
pub struct DeskBudget {
    pub budget: Arc<PresentedBudget>,
    pub role: Role,
}

/// Where a budget is on its way.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "BudgetState")]
pub enum DeskState {
    /// The budget is being prepared and visible to nobody else.
    Draft,
    /// The budget is visible, and takes answers from `opensAt` on.
    Scheduled,
    /// The budget takes answers.
    Open,
    /// The budget is visible and takes no answers for a while.
    Paused,
    /// The budget takes no more answers.
    Closed,
    /// The budget is not listed any more. Its address still works.
    Archived,
}

/// A rule that the draft of a budget breaks.
#[derive(SimpleObject)]
pub struct BudgetProblem {
    /// The place in the draft, for example `categories[2].color`.
    path: String,
    /// The stable name of the rule.
    rule: String,
    /// A sentence that says what is wrong and what to do.
    message: String,
    /// Whether the budget cannot be opened with it.
    blocking: bool,
}

/// A text that one language of the budget lacks. People read it in the budget's own language.
#[derive(SimpleObject)]
pub struct MissingText {
    /// The language, as a BCP 47 tag.
    language: String,
    /// The place in the draft, for example `translations.de.categories.parks.label`.
    path: String,
}

/// A moment by the clock of the budget's time zone.
#[derive(SimpleObject)]
pub struct LocalTime {
    /// What the clock shows, for example `2026-10-25T02:30`.
    text: String,
    /// How far the clock is ahead of UTC, for example `+02:00`.
    offset: String,
    /// Set if the clocks are put back on that day and show this time twice. It says which of the two is meant.
    note: Option<String>,
}

/// What brings people to a budget.
pub struct ShareKit {
    budget: Arc<PresentedBudget>,
    origin: String,
    url: String,
}

/// What a frame on a page of another site shows.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "share_kit::FrameView")]
pub enum FrameView {
    /// The results, live, with a link to the form.
    Results,
    /// The question with a link to the form.
    FormLink,
}

/// A budget as its organisers see it.
#[Object]
impl DeskBudget {
    /// The opaque id of the object. No other object has the same id.
    async fn id(&self) -> ID {
        ids::encode(&self.budget.id)
    }

    /// The stable name in addresses.
    async fn slug(&self) -> &str {
        &self.budget.slug
    }

    /// The version, which rises with each change. A change is sent together with the version that it was made for.
    async fn version(&self) -> i32 {
        i32::try_from(self.budget.version).unwrap_or(i32::MAX)
    }

    /// The budget as the public schema shows it, also while it is a draft.
    async fn public(&self) -> BudgetNode {
        BudgetNode(Arc::clone(&self.budget))
    }

    /// The role of the caller in this budget.
    async fn role(&self) -> DeskRole {
        self.role.into()
    }

    /// Where the budget is on its way.
    async fn state(&self, context: &Context<'_>) -> Result<DeskState, Fault> {
        Ok(self.budget.state(context.data_unchecked::<Services>().store.now().await?).into())
    }

    /// Whether somebody has answered. The slug, the categories' keys, their number and order, the participation, the currency
    /// and the total then stay as they are.
    async fn is_frozen(&self, context: &Context<'_>) -> Result<bool, Fault> {
        Ok(context.data_unchecked::<Services>().store.has_answers(self.budget.id).await?)
    }

    /// Why parts of the budget cannot be changed. Null if everything can.
    async fn frozen_reason(&self, context: &Context<'_>) -> Result<Option<&'static str>, Fault> {
        Ok(self.is_frozen(context).await?.then_some(budgets::FROZEN))
    }

    /// Everything that can be edited, in the form of a budget file. `/budget.schema.json` describes it.
    async fn draft(&self) -> Json<Value> {
        Json(BudgetDraft::of(&self.budget).to_value())
    }

    /// The rules that the draft breaks. While one of them is `blocking`, the budget cannot be opened.
    async fn problems(&self) -> Vec<BudgetProblem> {
        let problem = |problem: budget_draft::Problem| BudgetProblem {
            path: problem.path,
            rule: problem.rule.to_owned(),
            message: problem.message,
            blocking: problem.blocking,
        };
        budgets::problems(&self.budget).into_iter().map(problem).collect()
    }

    /// The texts that a language of the budget lacks.
    async fn missing_texts(&self) -> Vec<MissingText> {
        let missing = budget_draft::missing_texts(&BudgetDraft::of(&self.budget));
        missing.into_iter().map(|it| MissingText { language: it.language, path: it.path }).collect()
    }

    /// The moment of the last change at the desk. Null if there was none.
    async fn updated_at(&self) -> Option<Timestamp> {
        self.budget.updated_at.map(Timestamp)
    }

    /// The name of the account that made the last change. `console:` is the command line of the server.
    async fn updated_by(&self) -> Option<&str> {
        self.budget.updated_by.as_deref()
    }

    /// The first moment at which answers count. Null if there is no limit.
    async fn opens_at(&self) -> Option<Timestamp> {
        self.budget.opens_at.map(Timestamp)
    }

    /// The first moment at which answers no longer count. Null if there is no limit.
    async fn closes_at(&self) -> Option<Timestamp> {
        self.budget.closes_at.map(Timestamp)
    }

    /// The time of opening by the clock of the budget's time zone.
    async fn opens_at_local(&self) -> Option<LocalTime> {
        self.budget.opens_at.map(|moment| schedule::local(&self.budget, moment).into())
    }

    /// The time of closing by the clock of the budget's time zone.
    async fn closes_at_local(&self) -> Option<LocalTime> {
        self.budget.closes_at.map(|moment| schedule::local(&self.budget, moment).into())
    }

    /// The time zone in which times are read and written, by its name in the IANA database.
    async fn time_zone(&self) -> &str {
        &self.budget.time_zone
    }

    /// What brings people to the budget.
    async fn share_kit(&self, context: &Context<'_>) -> ShareKit {
        let origin = &context.data_unchecked::<DeskCaller>().transport.origin;
        ShareKit { url: share_kit::url(origin, &self.budget), origin: origin.clone(), budget: Arc::clone(&self.budget) }
    }
}

/// What brings people to a budget.
#[Object]
impl ShareKit {
    /// The address of the budget.
    async fn url(&self) -> &str {
        &self.url
    }

    /// A QR code of the address, as SVG.
    #[allow(clippy::unused_async)] // the macro needs it
    async fn qr_svg(&self) -> Result<String, Fault> {
        qr::svg(&self.url).map_err(|error| Fault::internal(|id| tracing::error!(%error, error_id = %id, "no QR code")))
    }

    /// HTML that shows the budget on a page of another site.
    async fn iframe(
        &self,
        #[graphql(desc = "The language as a BCP 47 tag. Without it, the frame is in the reader's own language.")]
        language: Option<String>,
        #[graphql(desc = "What the frame shows.", default_with = "FrameView::Results")] view: FrameView,
    ) -> String {
        share_kit::iframe(&self.origin, &self.budget, language.as_deref(), view.into())
    }

    /// A post that invites to the budget. English if the server has no words in the language.
    async fn post(
        &self,
        #[graphql(desc = "The language as a BCP 47 tag, for example `de`.")] language: String,
    ) -> String {
        share_kit::post(&self.url, &self.budget, &language)
    }
}

impl From<DomainLocalTime> for LocalTime {
    fn from(time: DomainLocalTime) -> Self {
        let DomainLocalTime { text, offset, other_offset, is_first } = time;
        let note = other_offset.map(|other| {
            let which = if is_first { "first" } else { "second" };
            format!("The clocks are put back on this day and show {text} twice. This is the {which} time, UTC{offset}; the other one is {text}{other}.")
        });
        Self { text, offset, note }
    }
}
