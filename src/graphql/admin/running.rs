//! The numbers of budgets while they run, and what needs attention in them.

use std::time::Duration;

use async_graphql::{Context, Enum, Object, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt};

use super::{budget_of, caller::DeskCaller, exact, invalid, ticks::ticks};
use crate::{
    domain::{
        budget::{Budget, PresentedBudget},
        desk::Role,
    },
    fault::Fault,
    graphql::{percent, types::date_time::Timestamp},
    service::{
        Services,
        desk::{
            live,
            statistics::{self, BudgetStatistics},
        },
    },
};

/// The time between two looks at the figures of a budget.
const LIVE_INTERVAL: Duration = Duration::from_secs(1);

#[derive(Default)]
pub struct RunningQuery;

#[derive(Default)]
pub struct RunningSubscription;

/// The figures of a budget at one moment.
#[derive(SimpleObject, PartialEq, Clone)]
pub struct LiveFigures {
    /// The ballots that count.
    participants: i32,
    /// The submissions, also those that were replaced.
    submissions: i32,
    /// The ballots in the published statistics.
    shown_participants: i32,
    /// The submissions in each of the last 60 minutes, the oldest first. The last minute is not over.
    per_minute: Vec<MinuteCount>,
    /// The submissions that replaced an earlier one of the same participant.
    revised: i32,
    /// Participants for each time that the form was opened, from 0 to 1. Who opens it twice lowers it. Null if nobody has
    /// opened it since it is counted, or if there are more participants than that: some use another program than the page.
    completion: Option<f64>,
    /// How often the form was opened in each language, the most frequent first.
    languages: Vec<LanguageCount>,
    /// The time of the snapshot.
    as_of: Timestamp,
}

/// The submissions in one minute.
#[derive(SimpleObject, PartialEq, Clone)]
pub struct MinuteCount {
    /// The beginning of the minute.
    minute: Timestamp,
    /// The submissions in it.
    count: i32,
}

/// How often the form was opened in one language.
#[derive(SimpleObject, PartialEq, Clone)]
pub struct LanguageCount {
    /// The language, as a BCP 47 tag.
    language: String,
    /// How often.
    count: i32,
}

/// Numbers of budgets.
#[derive(SimpleObject)]
pub struct Stats {
    /// The budgets.
    budgets: Vec<BudgetStats>,
}

/// Numbers of a budget.
#[derive(SimpleObject)]
pub struct BudgetStats {
    /// The slug.
    budget: String,
    /// The ballots that count.
    participants: i32,
    /// The submissions, also those that were deleted after the retention time.
    submissions: i32,
    /// The ballots in the published statistics.
    shown_participants: i32,
    /// The days with submissions, the newest first.
    days: Vec<DayStats>,
    /// The published average of each category.
    categories: Vec<CategoryStats>,
    /// How often participants submitted.
    revisions: Vec<RevisionStats>,
}

/// The submissions of one day (UTC).
#[derive(SimpleObject)]
pub struct DayStats {
    /// The day, for example `2026-11-26`.
    day: String,
    /// The submissions.
    submissions: i32,
    /// Those of them without a participant.
    anonymous: i32,
}

/// The published average of one category.
#[derive(SimpleObject)]
pub struct CategoryStats {
    /// The key of the category.
    category: String,
    /// The average share in per cent.
    average_percent: f64,
}

/// Participants who submitted equally often.
#[derive(SimpleObject)]
pub struct RevisionStats {
    /// How often each of them submitted. Every time after the first is a revision.
    submissions: i32,
    /// The participants.
    participants: i32,
}

/// Why a budget needs attention.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "live::AttentionKind")]
pub enum AttentionKind {
    /// Cohorts were flagged.
    Flags,
    /// The budget closes soon.
    ClosesSoon,
    /// The aggregate differs from a recount.
    Drift,
    /// The database does not answer.
    Storage,
}

/// Something that needs the attention of organisers.
#[derive(SimpleObject)]
pub struct Attention {
    /// Why.
    kind: AttentionKind,
    /// A sentence that says what to do.
    message: String,
    /// Since when, or when it will be.
    at: Timestamp,
}

#[Object]
impl RunningQuery {
    /// The figures of a budget at this moment.
    async fn live(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<LiveFigures, Fault> {
        let budget = budget_of(context, &budget, Role::Viewer).await?;
        figures(context.data_unchecked::<Services>(), &budget).await
    }

    /// Numbers of a budget, or of all budgets for those with a role in the installation.
    async fn stats(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget. Without it, all budgets.")] budget: Option<String>,
        #[graphql(desc = "The days that are listed, today included, 1 to 3660.", default = 30)] days: i32,
    ) -> Result<Stats, Fault> {
        let services = context.data_unchecked::<Services>();
        let budgets = if let Some(slug) = &budget {
            vec![budget_of(context, slug, Role::Viewer).await?]
        } else {
            context.data_unchecked::<DeskCaller>().in_installation(Role::Viewer)?;
            services.catalogue.all().await?.to_vec()
        };
        let days = u32::try_from(days).ok().filter(|days| (1..=3_660).contains(days));
        let days = days.ok_or_else(|| invalid("days", "RANGE", "Ask for 1 to 3660 days."))?;
        let budgets: Vec<&Budget> = budgets.iter().map(|budget| budget.budget.as_ref()).collect();
        let found = statistics::of_budgets(&services.store, &budgets, days).await?;
        Ok(Stats { budgets: found.into_iter().map(BudgetStats::from).collect() })
    }

    /// What needs attention in a budget.
    async fn attention(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<Vec<Attention>, Fault> {
        let budget = budget_of(context, &budget, Role::Viewer).await?;
        let found = live::attention(context.data_unchecked::<Services>(), &budget).await;
        let attention =
            |live::Attention { kind, message, at }| Attention { kind: kind.into(), message, at: Timestamp(at) };
        Ok(found.into_iter().map(attention).collect())
    }
}

#[Subscription]
impl RunningSubscription {
    /// The figures of a budget, now and each second in which they have changed.
    async fn live(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<impl Stream<Item = LiveFigures> + use<>, Fault> {
        let slug = budget_of(context, &budget, Role::Viewer).await?.slug.clone();
        let services = context.data_unchecked::<Services>().clone();
        let looks = ticks(context, LIVE_INTERVAL).then(move |()| {
            let (services, slug) = (services.clone(), slug.clone());
            async move {
                let budget = services.catalogue.by_slug(&slug).await.ok().flatten()?;
                figures(&services, &budget).await.ok()
            }
        });
        let mut last = None;
        Ok(looks.filter_map(move |figures| {
            let news = figures.filter(|figures| last.as_ref() != Some(figures));
            last = news.clone().or(last.take());
            std::future::ready(news)
        }))
    }
}

impl From<BudgetStatistics> for BudgetStats {
    fn from(found: BudgetStatistics) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            budget: found.budget,
            participants: count(found.participants),
            submissions: count(found.submissions),
            shown_participants: count(found.shown_participants),
            days: found
                .days
                .iter()
                .map(|day| DayStats {
                    day: day.day.to_string(),
                    submissions: count(day.submissions),
                    anonymous: count(day.anonymous),
                })
                .collect(),
            categories: found
                .categories
                .into_iter()
                .map(|it| CategoryStats { category: it.category, average_percent: percent(it.average_basis_points) })
                .collect(),
            revisions: found
                .revisions
                .iter()
                .map(|it| RevisionStats { submissions: count(it.submissions), participants: count(it.participants) })
                .collect(),
        }
    }
}

async fn figures(services: &Services, budget: &PresentedBudget) -> Result<LiveFigures, Fault> {
    let figures = live::figures(services, budget).await?;
    let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let views: i64 = figures.views.iter().map(|(_, count)| count).sum();
    let is_known = views > 0 && figures.participants <= views;
    Ok(LiveFigures {
        participants: count(figures.participants),
        submissions: count(figures.submissions),
        shown_participants: count(figures.shown_participants),
        per_minute: figures
            .per_minute
            .into_iter()
            .map(|(minute, submissions)| MinuteCount { minute: Timestamp(minute), count: count(submissions) })
            .collect(),
        revised: count(figures.revised),
        completion: is_known.then(|| exact(figures.participants) / exact(views)),
        languages: figures
            .views
            .into_iter()
            .map(|(language, views)| LanguageCount { language, count: count(views) })
            .collect(),
        as_of: Timestamp(figures.as_of),
    })
}
