//! Answers of a budget, and what is excluded of them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, connection::PageInfo};
use chrono::{DateTime, Utc};

use super::{budget_of, caller::DeskCaller, ids, invalid};
use crate::{
    domain::{
        answer::{Answer, AnswerFilter, ShareRange, hour_of, hour_up},
        budget::PresentedBudget,
        cohort::CohortKind as DomainCohortKind,
        desk::Role,
        exclusion::{ExclusionId, ExclusionKind as DomainExclusionKind, Reason},
        share::Share,
    },
    fault::{ErrorCode, Fault},
    graphql::types::{date_time::Timestamp, submission::ShareNode},
    service::{
        Services,
        desk::{
            answers::{Cohort, CohortId},
            exclusions::{ExclusionError, Target},
        },
    },
    store::exclusions::Exclusion,
};

const MAX_PAGE: i32 = 100;

#[derive(Default)]
pub struct AnswerQuery;

#[derive(Default)]
pub struct AnswerMutation;

/// The answer of one voice to a budget. It never says whose it is.
pub struct AnswerNode {
    budget: Arc<PresentedBudget>,
    answer: Answer<String>,
    exclusion: Option<Exclusion>,
}

/// A page of answers, the latest hour first.
#[derive(SimpleObject)]
pub struct AnswerConnection {
    /// The answers.
    nodes: Vec<AnswerNode>,
    /// Whether there are more answers, and the cursors to continue with.
    page_info: PageInfo,
}

/// Which answers to return.
#[derive(InputObject, Default)]
pub struct AnswerFilterInput {
    /// Only answers of the hour of this moment or later.
    since: Option<Timestamp>,
    /// Only answers of hours that begin before this moment.
    until: Option<Timestamp>,
    /// Only answers that are excluded, or only those that are not.
    excluded: Option<bool>,
    /// The key of a category, for `minPercent` and `maxPercent`.
    category: Option<String>,
    /// Only answers that give the category at least this share.
    min_percent: Option<f64>,
    /// Only answers that give the category at most this share.
    max_percent: Option<f64>,
    /// Only answers of this cohort.
    cohort: Option<ID>,
}

/// Answers that an organiser took out of the count at once.
pub struct DeskExclusion(Exclusion);

/// What was excluded at once.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionKind {
    /// One answer.
    Answer,
    /// A cohort of answers.
    Cohort,
}

/// What the answers of a cohort have in common.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum CohortKind {
    /// They came from one network.
    Network,
    /// They give the same shares.
    Allocation,
}

/// Many new voices of one hour with something in common. They count until somebody excludes them.
pub struct CohortNode {
    budget: Arc<PresentedBudget>,
    cohort: Cohort,
}

/// What to exclude, and why. Name an answer or a cohort.
#[derive(InputObject)]
pub struct ExcludeInput {
    /// The slug of the budget.
    budget: String,
    /// The id of an answer. If a participant gave it, whatever they answer later stays excluded too.
    answer: Option<ID>,
    /// The id of a cohort. Its answers that count now are excluded.
    cohort: Option<ID>,
    /// The reason, in one line of at most 500 characters. Everybody can read it.
    reason: String,
}

#[Object]
impl AnswerQuery {
    /// The answers to a budget, the latest hour first: of each voice the latest one, also those that are excluded. Within an
    /// hour the order says nothing of the order of arrival.
    async fn answers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
        #[graphql(desc = "The maximum number of answers, 1 to 100.", default = 50)] first: i32,
        #[graphql(desc = "Only answers after this cursor are returned.")] after: Option<String>,
        #[graphql(desc = "Which answers to return.")] filter: Option<AnswerFilterInput>,
    ) -> Result<AnswerConnection, Fault> {
        let budget = budget_of(context, &budget, Role::Viewer).await?;
        let limit = usize::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first)).ok_or_else(|| {
            invalid("first", "RANGE", format!("{first} answers are not possible. Ask for 1 to {MAX_PAGE}."))
        })?;
        let filter = filter.unwrap_or_default().parse(&budget)?;
        let services = context.data_unchecked::<Services>();
        let page = services.answers.page(budget.id, &filter, after.as_deref(), limit).await?;
        let page = page.ok_or_else(|| {
            let message = "This is not a cursor of this list. Use an `endCursor` that it returned.";
            invalid("after", "CURSOR", message)
        })?;
        let exclusions = services.store.exclusions(budget.id).await?;
        let node = |answer: Answer<String>| AnswerNode {
            budget: Arc::clone(&budget),
            exclusion: exclusions.iter().find(|exclusion| Some(exclusion.id) == answer.exclusion).cloned(),
            answer,
        };
        let page_info = PageInfo {
            has_previous_page: after.is_some(),
            has_next_page: page.next.is_some(),
            start_cursor: None,
            end_cursor: page.next,
        };
        Ok(AnswerConnection { nodes: page.answers.into_iter().map(node).collect(), page_info })
    }

    /// The exclusions of a budget, also the undone ones, newest first.
    async fn exclusions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<Vec<DeskExclusion>, Fault> {
        let budget = budget_of(context, &budget, Role::Viewer).await?;
        let exclusions = context.data_unchecked::<Services>().store.exclusions(budget.id).await?;
        Ok(exclusions.into_iter().map(DeskExclusion).collect())
    }

    /// The cohorts of a budget that were flagged, newest first.
    async fn cohorts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<Vec<CohortNode>, Fault> {
        let budget = budget_of(context, &budget, Role::Viewer).await?;
        let cohorts = context.data_unchecked::<Services>().answers.cohorts(budget.id).await?;
        let node = |cohort| CohortNode { budget: Arc::clone(&budget), cohort };
        Ok(cohorts.into_iter().map(node).collect())
    }
}

#[Object]
impl AnswerMutation {
    /// Takes an answer or a cohort out of the count. The tally follows exactly, and the public page says how many answers were
    /// excluded and why. It can be undone.
    async fn exclude_answers(&self, context: &Context<'_>, input: ExcludeInput) -> Result<DeskExclusion, Fault> {
        let budget = budget_of(context, &input.budget, Role::Organiser).await?;
        let reason = Reason::parse(&input.reason).map_err(|violation| Fault::invalid(vec![violation]))?;
        let target = match (input.answer, input.cohort) {
            (Some(answer), None) => Target::Answer(answer.0),
            (None, Some(cohort)) => Target::Cohort(cohort_of(&cohort)?),
            _ => return Err(invalid("answer", "ONE_OF", "Name either an answer or a cohort.")),
        };
        let actor = context.data_unchecked::<DeskCaller>().actor()?;
        let exclusions = &context.data_unchecked::<Services>().exclusions;
        Ok(DeskExclusion(exclusions.exclude(&actor, budget.id, &target, &reason).await?))
    }

    /// Puts the answers of an exclusion back into the count. Answers that were erased meanwhile do not come back, and one that
    /// its participant has revised comes back as it is now.
    async fn undo_exclusion(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the exclusion.")] id: ID,
    ) -> Result<DeskExclusion, Fault> {
        let caller = context.data_unchecked::<DeskCaller>();
        let services = context.data_unchecked::<Services>();
        let id: ExclusionId = ids::decode(&id)?;
        let exclusion = services.store.exclusion(id).await?.ok_or(ExclusionError::UnknownExclusion)?;
        // For whom has no role in its budget, there is no such exclusion.
        caller.in_budget(exclusion.budget, Role::Organiser).map_err(|fault| {
            let is_unknown = fault.code() == ErrorCode::NotFound;
            if is_unknown { ExclusionError::UnknownExclusion.into() } else { fault }
        })?;
        Ok(DeskExclusion(services.exclusions.undo(&caller.actor()?, id).await?))
    }
}

/// The answer of one voice to a budget. It never says whose it is.
#[Object(name = "Answer")]
impl AnswerNode {
    /// The id of the answer at the desk. It leads to no result page and to no participant.
    async fn id(&self) -> ID {
        ID(self.answer.id.clone())
    }

    /// The hour of the submission. More would help to find out who it was.
    async fn hour(&self) -> Timestamp {
        Timestamp(self.answer.hour)
    }

    /// The share of each category, in the order of the budget's categories.
    async fn shares(&self) -> Vec<ShareNode> {
        ShareNode::all(&self.budget, &self.answer.allocation)
    }

    /// The exclusion that holds the answer out of the count. Null if it counts.
    async fn exclusion(&self) -> Option<DeskExclusion> {
        self.exclusion.clone().map(DeskExclusion)
    }
}

/// Answers that an organiser took out of the count at once.
#[Object]
impl DeskExclusion {
    /// The id of the exclusion.
    async fn id(&self) -> ID {
        ids::encode(&self.0.id)
    }

    /// What was excluded.
    async fn kind(&self) -> ExclusionKind {
        match self.0.kind {
            DomainExclusionKind::Answer => ExclusionKind::Answer,
            DomainExclusionKind::Cohort => ExclusionKind::Cohort,
        }
    }

    /// The reason. Everybody can read it.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The number of answers. Answers that their participants erased since are not among them.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.count).unwrap_or(i32::MAX)
    }

    /// The moment of the exclusion.
    async fn at(&self) -> Timestamp {
        Timestamp(self.0.excluded_at)
    }

    /// The name of the account that excluded them.
    async fn by(&self) -> &str {
        &self.0.excluded_by
    }

    /// The moment at which the exclusion was undone. Null while it is in force.
    async fn undone_at(&self) -> Option<Timestamp> {
        self.0.undone_at.map(Timestamp)
    }

    /// The name of the account that undid it. Null while it is in force.
    async fn undone_by(&self) -> Option<&str> {
        self.0.undone_by.as_deref()
    }
}

/// Many new voices of one hour with something in common. They count until somebody excludes them.
#[Object(name = "Cohort")]
impl CohortNode {
    /// The id of the cohort, by which it can be excluded. Null if nobody can tell whose answers they are.
    async fn id(&self) -> Option<ID> {
        self.cohort.id.as_ref().map(|id| ID(id.encode()))
    }

    /// What they have in common.
    async fn kind(&self) -> CohortKind {
        match self.cohort.kind {
            DomainCohortKind::Network => CohortKind::Network,
            DomainCohortKind::Allocation => CohortKind::Allocation,
        }
    }

    /// The beginning of the hour.
    async fn hour(&self) -> Timestamp {
        Timestamp(self.cohort.hour)
    }

    /// The number of voices: those that are there now if they have their shares in common, and those that were flagged if they
    /// came from one network.
    async fn voices(&self) -> i32 {
        i32::try_from(self.cohort.voices).unwrap_or(i32::MAX)
    }

    /// The number of its voices that are excluded.
    async fn excluded(&self) -> i32 {
        i32::try_from(self.cohort.excluded).unwrap_or(i32::MAX)
    }

    /// The shares that all of them give. Null for a cohort of a network.
    async fn shares(&self) -> Option<Vec<ShareNode>> {
        self.cohort.id.as_ref().map(|id| ShareNode::all(&self.budget, &id.allocation))
    }

    /// Whether the cohort can be excluded.
    async fn excludable(&self) -> bool {
        self.cohort.id.is_some()
    }

    /// Why the cohort cannot be excluded. Null if it can.
    async fn not_excludable_because(&self) -> Option<&str> {
        let reason =
            "No network address is stored with an answer, so nobody can tell which answers came from this network.";
        self.cohort.id.is_none().then_some(reason)
    }
}

impl AnswerFilterInput {
    fn parse(self, budget: &PresentedBudget) -> Result<AnswerFilter, Fault> {
        let (least, greatest) = (
            percent("filter.minPercent", self.min_percent, Share::ZERO)?,
            percent("filter.maxPercent", self.max_percent, Share::WHOLE)?,
        );
        let share = match &self.category {
            Some(key) => {
                let category = budget.keys().position(|known| known == key);
                let unknown = || invalid("filter.category", "UNKNOWN", format!("The budget has no category {key}."));
                Some(ShareRange { category: category.ok_or_else(unknown)?, least, greatest })
            }
            None if self.min_percent.is_some() || self.max_percent.is_some() => {
                return Err(invalid("filter.category", "REQUIRED", "Say which category the range is for."));
            }
            None => None,
        };
        let cohort = self.cohort.as_ref().map(cohort_of).transpose()?;
        let whole_hour = |cohort: &CohortId| cohort.hour + chrono::TimeDelta::hours(1);
        let latest = |a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>| a.max(b);
        let earliest = |a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>| [a, b].into_iter().flatten().min();
        Ok(AnswerFilter {
            // Whole hours: a narrower filter would tell the second of a submission.
            since: latest(self.since.map(|since| hour_of(since.0)), cohort.as_ref().map(|cohort| cohort.hour)),
            until: earliest(self.until.map(|until| hour_up(until.0)), cohort.as_ref().map(whole_hour)),
            excluded: self.excluded,
            share,
            allocation: cohort.map(|cohort| cohort.allocation),
        })
    }
}

fn percent(path: &str, percent: Option<f64>, or: Share) -> Result<Share, Fault> {
    let Some(percent) = percent else { return Ok(or) };
    let share = Share::parse_percent(&percent.to_string());
    share.map_err(|error| invalid(path, "SHARE", format!("{percent} {error}.")))
}

fn cohort_of(id: &ID) -> Result<CohortId, Fault> {
    CohortId::decode(id).ok_or_else(|| invalid("cohort", "UNKNOWN", "There is no such cohort."))
}

impl From<ExclusionError> for Fault {
    fn from(error: ExclusionError) -> Self {
        match error {
            ExclusionError::UnknownAnswer => {
                Self::new(ErrorCode::NotFound, "There is no such answer to this budget. It may have been erased.")
            }
            ExclusionError::UnknownExclusion => Self::new(ErrorCode::NotFound, "There is no such exclusion."),
            ExclusionError::AlreadyExcluded => {
                invalid("answer", "ALREADY_EXCLUDED", "Nothing of it counts now, so there is nothing to exclude.")
            }
            ExclusionError::AlreadyUndone => invalid("id", "ALREADY_UNDONE", "The exclusion is undone already."),
            ExclusionError::RetentionOver => {
                let message =
                    "The retention time of the budget is over: its answers are deleted, and the results stay.";
                invalid("budget", "RETENTION_OVER", message)
            }
            ExclusionError::Store(error) => error.into(),
        }
    }
}
