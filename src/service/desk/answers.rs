//! Reading answers at the desk: what was said, and never by whom.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use tokio::sync::{Semaphore, mpsc, oneshot};
use uuid::Uuid;

use super::answer_ids::AnswerIds;
use crate::{
    domain::{
        allocation::Allocation,
        answer::{Answer, AnswerFilter},
        budget::{Budget, BudgetId},
        cohort::CohortKind,
        share::Share,
    },
    store::{Store, StoreError, answers::AnswerCursor},
};

/// Exports that may run at the same time. Each holds a connection to the database.
const MAX_EXPORTS: usize = 2;
/// Answers that wait for a slow reader of an export.
const EXPORT_BUFFER: usize = 500;

/// The service for answers.
pub struct Answers {
    store: Store,
    ids: Arc<AnswerIds>,
    exports: Arc<Semaphore>,
}

/// A page of answers, the latest hour first.
#[derive(Debug, Clone)]
pub struct AnswerPage {
    /// The answers.
    pub answers: Vec<Answer<String>>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// New voices of an hour with something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// What they have in common.
    pub kind: CohortKind,
    /// The hour.
    pub hour: DateTime<Utc>,
    /// The number of voices.
    pub voices: i64,
    /// Of these, the ones that are excluded.
    pub excluded: i64,
    /// The cohort's id. None if nobody can tell who is in it.
    pub id: Option<CohortId>,
}

/// Names a cohort by what its answers have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortId {
    /// The hour of the submissions.
    pub hour: DateTime<Utc>,
    /// Their shares.
    pub allocation: Allocation,
}

/// There are as many exports as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyExports;

/// How long an export may hold its connection to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportLimits {
    /// While its reader takes nothing.
    pub stall: Duration,
    /// From its beginning to its end.
    pub total: Duration,
}

/// The answers of an export, as they are read.
pub struct Export {
    answers: mpsc::Receiver<Answer<String>>,
    /// Taken when it was told.
    outcome: Option<oneshot::Receiver<Result<(), ExportError>>>,
}

/// Why an export ended before its last answer.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Its reader took nothing for too long.
    #[error("the reader of the export took nothing for too long")]
    Stalled,
    /// It took too long.
    #[error("the export took too long")]
    TooLong,
    /// The task that reads the answers has ended without an outcome.
    #[error("the export broke off")]
    Broken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Answers {
    /// Reads the answers of this store.
    pub fn new(store: Store, ids: Arc<AnswerIds>) -> Self {
        Self { store, ids, exports: Arc::new(Semaphore::new(MAX_EXPORTS)) }
    }

    /// At most `limit` answers that come after a cursor. None if it is no cursor of this list.
    pub async fn page(
        &self,
        budget: BudgetId,
        filter: &AnswerFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<AnswerPage>, StoreError> {
        let after = match after {
            None => None,
            Some(after) => match self.read_cursor(after) {
                Some(cursor) => Some(cursor),
                None => return Ok(None),
            },
        };
        // One more answer than requested shows whether there is another page.
        let mut found = self.store.answers(budget, filter, after, limit.saturating_add(1)).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let answers: Vec<_> = found.into_iter().map(|answer| self.with_id(answer)).collect();
        let next = answers.last().filter(|_| has_more).map(cursor_of);
        Ok(Some(AnswerPage { answers, next }))
    }

    /// The flagged cohorts of a budget, newest first. Those with the same shares are found in the ledger. Of those from one
    /// network only the number is known, because no address is stored.
    pub async fn cohorts(&self, budget: BudgetId) -> Result<Vec<Cohort>, StoreError> {
        let mut cohorts = Vec::new();
        let mut last_hour = None;
        for flag in self.store.flagged_hours(budget).await? {
            match flag.kind {
                CohortKind::Network => cohorts.push(Cohort {
                    kind: flag.kind,
                    hour: flag.hour,
                    voices: flag.voices,
                    excluded: 0,
                    id: None,
                }),
                CohortKind::Allocation if last_hour != Some(flag.hour) => {
                    last_hour = Some(flag.hour);
                    let equal = self.store.equal_answers(budget, flag.hour, flag.kind.threshold()).await?;
                    cohorts.extend(equal.into_iter().map(|equal| Cohort {
                        kind: flag.kind,
                        hour: equal.hour,
                        voices: equal.voices,
                        excluded: equal.excluded,
                        id: Some(CohortId { hour: equal.hour, allocation: equal.allocation }),
                    }));
                }
                CohortKind::Allocation => {}
            }
        }
        Ok(cohorts)
    }

    /// Reads every answer of a budget in one moment of the database. A reader who stops reading ends it.
    pub fn export(&self, budget: &Budget, limits: ExportLimits) -> Result<Export, TooManyExports> {
        let permit = Arc::clone(&self.exports).try_acquire_owned().map_err(|_| TooManyExports)?;
        let (sender, answers) = mpsc::channel(EXPORT_BUFFER);
        let (tell, outcome) = oneshot::channel();
        let (store, ids, budget) = (self.store.clone(), Arc::clone(&self.ids), budget.id);
        tokio::spawn(async move {
            let _permit = permit;
            let sent = tokio::time::timeout(limits.total, send_all(&store, &ids, budget, &sender, limits.stall)).await;
            // Fails only if nobody reads any more.
            _ = tell.send(sent.unwrap_or(Err(ExportError::TooLong)));
        });
        Ok(Export { answers, outcome: Some(outcome) })
    }

    fn with_id(&self, answer: Answer<Uuid>) -> Answer<String> {
        with_id(&self.ids, answer)
    }

    fn read_cursor(&self, text: &str) -> Option<AnswerCursor> {
        let (hour, id) = text.split_once('.')?;
        let hour = DateTime::from_timestamp(hour.parse().ok()?, 0)?;
        Some(AnswerCursor { hour, submission: *self.ids.decode(id).first()? })
    }
}

/// Sends every answer of a budget to the reader of an export.
async fn send_all(
    store: &Store,
    ids: &AnswerIds,
    budget: BudgetId,
    reader: &mpsc::Sender<Answer<String>>,
    stall: Duration,
) -> Result<(), ExportError> {
    let snapshot = store.begin_snapshot().await?;
    let answers = snapshot.all_answers(budget).await?.map_err(ExportError::from);
    let send = async |answer| {
        let sent = reader.send_timeout(with_id(ids, answer), stall).await;
        // Of a reader who has gone nobody learns, so any error will do.
        sent.map_err(|_| ExportError::Stalled)
    };
    answers.try_for_each(send).await
}

fn with_id(ids: &AnswerIds, answer: Answer<Uuid>) -> Answer<String> {
    let Answer { id, hour, allocation, exclusion } = answer;
    Answer { id: ids.encode(id), hour, allocation, exclusion }
}

fn cursor_of(answer: &Answer<String>) -> String {
    format!("{}.{}", answer.hour.timestamp(), answer.id)
}

impl Default for ExportLimits {
    fn default() -> Self {
        Self { stall: Duration::from_mins(1), total: Duration::from_hours(1) }
    }
}

impl Export {
    /// The next answer. None after the last one: an export that ended before it says why.
    pub async fn next(&mut self) -> Option<Result<Answer<String>, ExportError>> {
        if let Some(answer) = self.answers.recv().await {
            return Some(Ok(answer));
        }
        self.outcome.take()?.await.unwrap_or(Err(ExportError::Broken)).err().map(Err)
    }
}

impl CohortId {
    /// The id as text.
    pub fn encode(&self) -> String {
        let shares: Vec<u16> = self.allocation.shares().iter().map(|share| share.basis_points()).collect();
        let shares = shares.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        BASE64_URL_SAFE_NO_PAD.encode(format!("{}:{shares}", self.hour.timestamp()))
    }

    /// Reads an id from [`encode`](Self::encode).
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (hour, shares) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        let shares = shares.split(',').map(|share| Share::from_basis_points(share.parse().ok()?));
        let allocation = Allocation::from_shares(shares.collect::<Option<_>>()?).ok()?;
        Some(Self { hour: DateTime::from_timestamp(hour.parse().ok()?, 0)?, allocation })
    }
}
