//! Background jobs at the desk.

use std::time::Duration;

use async_graphql::{Context, Enum, ID, Object, SimpleObject, Subscription, connection::PageInfo};
use futures_util::{Stream, StreamExt};

use super::{caller::DeskCaller, exact, ids, invalid, ticks::ticks};
use crate::{
    domain::job_outcome::JobOutcome as DomainOutcome,
    fault::{ErrorCode, Fault},
    graphql::types::date_time::Timestamp,
    service::Services,
    store::{
        audit::AuditedChange,
        jobs::{Job, JobId, VERIFY},
    },
};

const MAX_PAGE: i32 = 100;
/// The time between two looks at a job that is watched.
const JOB_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Default)]
pub struct JobQuery;

#[derive(Default)]
pub struct JobMutation;

#[derive(Default)]
pub struct JobSubscription;

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

/// What an attempt at a job came to, for programs that say it in their own words.
#[derive(SimpleObject)]
pub struct JobOutcome {
    /// What it came to.
    code: JobOutcomeCode,
    /// The number that `code` tells of. Null if it tells of none.
    count: Option<f64>,
    /// The slugs of the budgets that `code` tells of.
    budgets: Vec<String>,
}

/// What an attempt at a job came to.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum JobOutcomeCode {
    /// No aggregate differs from a recount. `count` is the number of budgets that were recounted.
    NoDrift,
    /// The aggregates of `budgets` differ from a recount.
    Drift,
    /// The aggregates are as a recount has them. `count` is the number of those that differed before.
    Rebuilt,
    /// Submissions whose retention time is over were deleted. `count` is their number.
    Deleted,
    /// There is no budget with the slug in `budgets`.
    UnknownBudget,
    /// None of `count` attempts has come to an end.
    AttemptsExhausted,
    /// The attempt failed for another reason, which `error` tells in English.
    Failed,
}

/// A page of jobs, the newest first.
#[derive(SimpleObject)]
pub struct JobConnection {
    /// The jobs.
    nodes: Vec<JobNode>,
    /// Whether there are more jobs, and the cursors to continue with.
    page_info: PageInfo,
}

#[Object]
impl JobQuery {
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
}

#[Object]
impl JobMutation {
    /// Leaves a job to a node that folds. It begins within a second, or after the jobs before it. If a job of this kind and
    /// budget has not ended, no other is added, and the answer is that job.
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
        if let Some(id) = audited.transaction.unfinished_job(kind.name(), budget.as_deref()).await? {
            drop(audited);
            return find_job(services, id).await;
        }
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
impl JobSubscription {
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

    /// How it ended, or why the last attempt failed, as a code with numbers. Null before an attempt has ended, and for what only
    /// a newer release knows.
    async fn outcome(&self) -> Option<JobOutcome> {
        let Job { result, error, .. } = &self.job;
        match (error, result) {
            (Some(error), _) => Some(DomainOutcome::parse(error).map_or_else(JobOutcome::failed, JobOutcome::from)),
            (None, Some(result)) => DomainOutcome::parse(result).map(JobOutcome::from),
            (None, None) => None,
        }
    }

    /// The node that began the last attempt. Null before the first one.
    async fn node(&self) -> Option<ID> {
        self.job.node.map(|node| ID(node.to_string()))
    }
}

impl JobNode {
    /// None if only a newer release knows what the job does.
    fn of(job: Job) -> Option<Self> {
        let kind = JobKind::from_name(&job.kind)?;
        Some(Self { job, kind })
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

impl JobOutcome {
    fn failed() -> Self {
        Self { code: JobOutcomeCode::Failed, count: None, budgets: Vec::new() }
    }
}

impl From<DomainOutcome> for JobOutcome {
    fn from(outcome: DomainOutcome) -> Self {
        let counted = |code, count| Self { code, count: Some(exact(count)), budgets: Vec::new() };
        match outcome {
            DomainOutcome::NoDrift { budgets } => counted(JobOutcomeCode::NoDrift, budgets),
            DomainOutcome::Drift { budgets } => Self { code: JobOutcomeCode::Drift, count: None, budgets },
            DomainOutcome::Rebuilt { drifted } => counted(JobOutcomeCode::Rebuilt, drifted),
            DomainOutcome::Deleted { submissions } => counted(JobOutcomeCode::Deleted, submissions),
            DomainOutcome::UnknownBudget { budget } => {
                Self { code: JobOutcomeCode::UnknownBudget, count: None, budgets: vec![budget] }
            }
            DomainOutcome::AttemptsExhausted { attempts } => counted(JobOutcomeCode::AttemptsExhausted, attempts),
        }
    }
}

async fn find_job(services: &Services, id: i64) -> Result<JobNode, Fault> {
    services.store.job(id).await?.and_then(JobNode::of).ok_or_else(unknown_job)
}

fn unknown_job() -> Fault {
    Fault::new(ErrorCode::NotFound, "There is no such job.")
}
