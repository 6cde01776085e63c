//! How the installation is doing, its jobs, and its budgets while they run.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, Enum, ID, Object, SimpleObject, Subscription, connection::PageInfo};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{budget_of, caller::DeskCaller, ids};
use crate::{
    domain::{
        budget::{Budget, PresentedBudget},
        desk::Role,
        violation::Violation,
    },
    fault::{ErrorCode, Fault},
    graphql::{percent, types::date_time::Timestamp},
    service::{
        Services,
        desk::{
            live,
            operations::{OperationsReport, PartReport},
            statistics::{self, BudgetStatistics},
        },
        read::Source,
    },
    store::{
        audit::AuditedChange,
        jobs::{Job, JobId, VERIFY},
        nodes::Node,
    },
};

const MAX_PAGE: i32 = 100;
/// The time between two looks at what is watched.
const OPERATIONS_INTERVAL: Duration = Duration::from_secs(2);
const LIVE_INTERVAL: Duration = Duration::from_secs(1);
const JOB_INTERVAL: Duration = Duration::from_millis(500);

#[derive(Default)]
pub struct OperationsQuery;

#[derive(Default)]
pub struct OperationsMutation;

#[derive(Default)]
pub struct OperationsSubscription;

/// How the installation is doing.
#[derive(SimpleObject)]
pub struct Operations {
    /// The nodes, the oldest first. While the database is away, the answering one alone.
    nodes: Vec<OperationsNode>,
    /// The database.
    database: DatabaseReport,
    /// Redis, which connects the nodes.
    redis: RedisReport,
    /// The submissions that wait at the answering node.
    queue: i32,
    /// The time since the last fold of the budget that has waited for one for longest, and 0 if nothing waits. Null while the
    /// database is away.
    fold_lag_ms: Option<f64>,
    /// The stored batches of submissions that are not folded. Null while the database is away.
    pending_deltas: Option<i32>,
    /// The age of the newest snapshot at the answering node. Null if it has none.
    snapshot_age_ms: Option<f64>,
    /// The reads of aggregates at the answering node since its start, by tier. Cached responses are not among them.
    reads: ReadCounts,
}

/// A process of the installation.
#[derive(SimpleObject)]
pub struct OperationsNode {
    /// The number of the process.
    id: ID,
    /// What it does: `all`, `web` or `worker`.
    role: String,
    /// The version of the program.
    version: String,
    /// The moment of its start.
    started_at: Timestamp,
    /// The moment at which it last said that it is there. It does so every 5 seconds.
    last_seen_at: Timestamp,
    /// Its open connections.
    connections: i32,
    /// Its open WebSockets and streams.
    streams: i32,
}

/// How the database is doing.
#[derive(SimpleObject)]
pub struct DatabaseReport {
    /// `PostgreSQL` or `SQLite`.
    kind: &'static str,
    /// Whether it answers.
    ok: bool,
    /// The time that it took to answer. Null if it does not.
    latency_ms: Option<f64>,
    /// The bytes that it takes. Null while it does not answer.
    size_bytes: Option<f64>,
}

/// How Redis is doing.
#[derive(SimpleObject)]
pub struct RedisReport {
    /// Whether the answering node uses Redis.
    configured: bool,
    /// Whether it answers. True if there is none.
    ok: bool,
    /// The time that it took to answer. Null if it does not.
    latency_ms: Option<f64>,
}

/// Reads of aggregates, by the tier that answered.
#[derive(SimpleObject)]
pub struct ReadCounts {
    /// The memory of the node.
    memory: f64,
    /// Redis.
    redis: f64,
    /// The table of aggregates.
    table: f64,
    /// All ballots, counted for the read.
    recount: f64,
}

/// What a job does.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Recounts all ballots and says whether the aggregate differs. It also runs every night.
    Verify,
    /// Recounts all ballots and mends the aggregate. Publications go on meanwhile.
    Rebuild,
    /// Deletes submissions whose retention time is over. Nodes also do so by themselves, once a minute.
    Retention,
}

/// Work that a node does in the background.
pub struct JobNode {
    job: Job,
    kind: JobKind,
}

/// A page of jobs, the newest first.
#[derive(SimpleObject)]
pub struct JobConnection {
    /// The jobs.
    nodes: Vec<JobNode>,
    /// Whether there are more jobs, and the cursors to continue with.
    page_info: PageInfo,
}

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
impl OperationsQuery {
    /// How the installation is doing. It also answers while the database or Redis is away.
    async fn operations(&self, context: &Context<'_>) -> Operations {
        context.data_unchecked::<Services>().operations.report().await.into()
    }

    /// The jobs, the newest first. Those that only a newer release knows are left out.
    async fn jobs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The maximum number of jobs, 1 to 100.", default = 50)] first: i32,
        #[graphql(desc = "Only jobs after this cursor are returned.")] after: Option<String>,
    ) -> Result<JobConnection, Fault> {
        let limit = u64::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first)).ok_or_else(|| {
            invalid("first", "RANGE", format!("{first} jobs are not possible. Ask for 1 to {MAX_PAGE}."))
        })?;
        let cursor = "This is not a cursor of this list. Use an `endCursor` that it returned.";
        let before = after.as_deref().map(str::parse).transpose();
        let before = before.map_err(|_| invalid("after", "CURSOR", cursor))?;
        // One more job than requested shows whether there is another page.
        let mut jobs = context.data_unchecked::<Services>().store.jobs(before, limit + 1).await?;
        let has_next_page = jobs.len() as u64 > limit;
        jobs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let cursor = |job: Option<&Job>| job.map(|job| job.id.to_string());
        let (start_cursor, end_cursor) = (cursor(jobs.first()), cursor(jobs.last()));
        let page_info = PageInfo { has_previous_page: before.is_some(), has_next_page, start_cursor, end_cursor };
        Ok(JobConnection { nodes: jobs.into_iter().filter_map(JobNode::of).collect(), page_info })
    }

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

#[Object]
impl OperationsMutation {
    /// Leaves a job to a node that folds. It begins within a second.
    async fn start_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to do.")] kind: JobKind,
        #[graphql(desc = "The slug of a budget. Without it, the job is about all budgets.")] budget: Option<String>,
    ) -> Result<JobNode, Fault> {
        let services = context.data_unchecked::<Services>();
        if let Some(slug) = &budget {
            services.catalogue.by_slug(slug).await?.ok_or_else(Fault::unknown_budget)?;
        }
        let mut audited = services.store.begin_audited(&context.data_unchecked::<DeskCaller>().actor()?).await?;
        let id = audited.transaction.insert_job(kind.name(), budget.as_deref()).await?;
        let after = serde_json::json!({ "job": id, "kind": kind.name() });
        audited.record(AuditedChange { action: "job.start", budget, before: None, after: Some(after) }).await?;
        audited.commit().await?;
        find_job(services, id).await
    }

    /// Lets a job that has failed begin again.
    async fn retry_job(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the job.")] id: ID,
    ) -> Result<JobNode, Fault> {
        let services = context.data_unchecked::<Services>();
        let JobId(id) = ids::decode(&id)?;
        let job = services.store.job(id).await?.ok_or_else(unknown_job)?;
        let mut audited = services.store.begin_audited(&context.data_unchecked::<DeskCaller>().actor()?).await?;
        if !audited.transaction.retry_job(id).await? {
            return Err(invalid("id", "NOT_FAILED", "Only a job that has failed can begin again."));
        }
        let before = serde_json::json!({ "job": id, "kind": job.kind, "error": job.error });
        let change = AuditedChange { action: "job.retry", budget: job.budget, before: Some(before), after: None };
        audited.record(change).await?;
        audited.commit().await?;
        find_job(services, id).await
    }
}

#[Subscription]
impl OperationsSubscription {
    /// How the installation is doing, now and every 2 seconds.
    #[allow(clippy::unused_async)] // the macro needs it
    async fn operations(&self, context: &Context<'_>) -> Result<impl Stream<Item = Operations> + use<>, Fault> {
        let services = context.data_unchecked::<Services>().clone();
        Ok(ticks(context, OPERATIONS_INTERVAL).then(move |()| {
            let operations = Arc::clone(&services.operations);
            async move { operations.report().await.into() }
        }))
    }

    /// A job now, and each time that it has changed, until it has ended.
    async fn job_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the job.")] id: ID,
    ) -> Result<impl Stream<Item = JobNode> + use<>, Fault> {
        let services = context.data_unchecked::<Services>().clone();
        let JobId(id) = ids::decode(&id)?;
        find_job(&services, id).await?;
        let looks = ticks(context, JOB_INTERVAL).then(move |()| {
            let store = services.store.clone();
            async move { store.job(id).await }
        });
        // While the database is away, the job is as it was.
        let jobs = looks.filter_map(|job| std::future::ready(job.ok().flatten()));
        let mut last: Option<Job> = None;
        let changes = jobs.scan(false, move |has_ended, job| {
            if *has_ended {
                return std::future::ready(None);
            }
            *has_ended = job.finished_at.is_some();
            let is_news = last.as_ref() != Some(&job);
            last = Some(job.clone());
            std::future::ready(Some(JobNode::of(job).filter(|_| is_news)))
        });
        Ok(changes.filter_map(std::future::ready))
    }

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

/// Work that a node does in the background.
#[Object(name = "Job")]
impl JobNode {
    /// The id of the job.
    async fn id(&self) -> ID {
        ids::encode(&JobId(self.job.id))
    }

    /// What it does.
    async fn kind(&self) -> JobKind {
        self.kind
    }

    /// The slug of the budget that it is about. Null if it is about all budgets.
    async fn budget(&self) -> Option<&str> {
        self.job.budget.as_deref()
    }

    /// The moment at which it was added.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.job.created_at)
    }

    /// The beginning of its last attempt. Null before the first one.
    async fn started_at(&self) -> Option<Timestamp> {
        self.job.started_at.map(Timestamp)
    }

    /// The moment at which it ended. Null while it has not.
    async fn finished_at(&self) -> Option<Timestamp> {
        self.job.finished_at.map(Timestamp)
    }

    /// The attempts so far. A job whose node dies is taken over by another one after 30 seconds.
    async fn attempts(&self) -> i32 {
        self.job.attempts
    }

    /// The steps that the last attempt has done. Null before the first one.
    async fn progress(&self) -> Option<f64> {
        self.job.progress.map(exact)
    }

    /// The steps that the last attempt will do, about. Null if that is not known.
    async fn total(&self) -> Option<f64> {
        self.job.total.map(exact)
    }

    /// How it ended. Null while it has not.
    async fn result(&self) -> Option<&str> {
        self.job.result.as_deref()
    }

    /// Why the last attempt failed. Null if it has not.
    async fn error(&self) -> Option<&str> {
        self.job.error.as_deref()
    }

    /// The node that began the last attempt. Null before the first one.
    async fn node(&self) -> Option<ID> {
        self.job.node.map(|node| ID(node.to_string()))
    }
}

impl JobKind {
    const ALL: [Self; 3] = [Self::Verify, Self::Rebuild, Self::Retention];

    /// The name, as it is stored.
    fn name(self) -> &'static str {
        match self {
            Self::Verify => VERIFY,
            Self::Rebuild => "rebuild",
            Self::Retention => "retention",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl From<OperationsReport> for Operations {
    fn from(report: OperationsReport) -> Self {
        let reads =
            |tier: Source| report.reads.iter().find(|(source, _)| *source == tier).map_or(0, |(_, count)| *count);
        let reads = |tier| exact(i64::try_from(reads(tier)).unwrap_or(i64::MAX));
        Self {
            nodes: report.nodes.iter().map(OperationsNode::from).collect(),
            database: DatabaseReport {
                kind: report.database_kind,
                ok: report.database.latency.is_some(),
                latency_ms: latency(report.database),
                size_bytes: report.size.map(exact),
            },
            redis: RedisReport {
                configured: report.redis.is_some(),
                ok: report.redis.is_none_or(|redis| redis.latency.is_some()),
                latency_ms: report.redis.and_then(latency),
            },
            queue: i32::try_from(report.queue).unwrap_or(i32::MAX),
            fold_lag_ms: report.fold_lag.map(milliseconds),
            pending_deltas: report.pending_deltas.map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
            snapshot_age_ms: report.snapshot_age.map(milliseconds),
            reads: ReadCounts {
                memory: reads(Source::Memory),
                redis: reads(Source::Redis),
                table: reads(Source::Table),
                recount: reads(Source::Recount),
            },
        }
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

impl From<&Node> for OperationsNode {
    fn from(node: &Node) -> Self {
        let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            id: ID(node.id.to_string()),
            role: node.role.clone(),
            version: node.version.clone(),
            started_at: Timestamp(node.started_at),
            last_seen_at: Timestamp(node.last_seen_at),
            connections: count(node.connections),
            streams: count(node.streams),
        }
    }
}

impl JobNode {
    /// None if only a newer release knows what the job does.
    fn of(job: Job) -> Option<Self> {
        let kind = JobKind::from_name(&job.kind)?;
        Some(Self { job, kind })
    }
}

async fn find_job(services: &Services, id: i64) -> Result<JobNode, Fault> {
    services.store.job(id).await?.and_then(JobNode::of).ok_or_else(unknown_job)
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

/// One now, and one after each interval, until the server stops. A slow reader gets no backlog.
fn ticks(context: &Context<'_>, interval: Duration) -> impl Stream<Item = ()> + use<> {
    let stop = context.data_unchecked::<CancellationToken>().clone();
    let mut timer = tokio::time::interval(interval);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let ticks = stream::unfold(timer, |mut timer| async {
        timer.tick().await;
        Some(((), timer))
    });
    ticks.take_until(stop.cancelled_owned())
}

fn latency(part: PartReport) -> Option<f64> {
    part.latency.map(milliseconds)
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// A number that may be larger than an `Int` of GraphQL.
#[allow(clippy::cast_precision_loss)] // beyond 2^53 nobody counts
fn exact(count: i64) -> f64 {
    count as f64
}

fn unknown_job() -> Fault {
    Fault::new(ErrorCode::NotFound, "There is no such job.")
}

fn invalid(path: &str, rule: &'static str, message: impl Into<String>) -> Fault {
    Fault::invalid(vec![Violation::new(path, rule, message)])
}
