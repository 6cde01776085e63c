//! Stores one batch in one transaction: the ledger rows, the ballots and the deltas, or none of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreOutcome;
use crate::{
    domain::{
        allocation::Allocation,
        budget::BudgetId,
        delta::{Delta, RevisedBallot},
    },
    store::{
        Store, StoreError, Transaction,
        ballots::{Ballot, BallotKey, HeldBallot},
        submission_rules::SubmissionRules,
        submissions::{NewSubmission, Submission},
    },
};

/// Makes one attempt to store a batch, for [`super::store_batch`].
pub(super) async fn store_once(store: &Store, batch: &[NewSubmission]) -> Result<Vec<StoreOutcome>, StoreError> {
    let transaction = store.begin().await?;
    let mut budgets: Vec<BudgetId> = batch.iter().map(|submission| submission.budget.id).collect();
    budgets.sort_unstable();
    budgets.dedup();
    let (rules, now) = transaction.lock_submission_rules(&budgets).await?;

    let mut outcomes: HashMap<Uuid, StoreOutcome> = HashMap::with_capacity(batch.len());
    let mut admitted: Vec<&NewSubmission> = Vec::with_capacity(batch.len());
    let mut late: Vec<&NewSubmission> = Vec::new();
    for submission in batch {
        match refusal(submission, rules.get(&submission.budget.id), now) {
            None => admitted.push(submission),
            Some(refused) => {
                outcomes.insert(submission.id, refused);
                late.extend(submission.key_digest.is_some().then_some(submission));
            }
        }
    }
    if !late.is_empty() {
        // A retry is no new submission, so it returns the first one even if the budget has closed since.
        let outcomes_of_late = outcomes_of_used_keys(&transaction, &late, now).await?;
        outcomes.extend(
            outcomes_of_late.into_iter().filter(|(_, outcome)| matches!(outcome, StoreOutcome::Replayed { .. })),
        );
    }
    // Every node inserts in the order of the digests, so that two nodes never wait for each other. The sort is stable:
    // of two submissions with the same digest, the first stays the first. Ballots are replaced in the order of arrival.
    let mut by_digest = admitted.clone();
    by_digest.sort_by_key(|submission| submission.key_digest);
    let inserted =
        if by_digest.is_empty() { HashSet::new() } else { transaction.insert_submissions(&by_digest, now).await? };
    let (stored, skipped): (Vec<_>, Vec<_>) = admitted.iter().partition(|submission| inserted.contains(&submission.id));
    if !skipped.is_empty() {
        outcomes.extend(outcomes_of_used_keys(&transaction, &skipped, now).await?);
    }
    let Replaced { replaced, excluded } = replace_ballots(&transaction, &stored, now).await?;

    for (budget, delta) in deltas(&stored, &replaced, &excluded) {
        transaction.insert_delta(budget, &delta).await?;
    }
    for submission in stored {
        let replaced = replaced.get(&submission.id).cloned();
        outcomes.insert(submission.id, StoreOutcome::Accepted { submission: row(submission, now), replaced });
    }
    transaction.commit().await?;
    // Each submission got exactly one outcome above. A missing outcome would be a bug, and is reported as an error.
    batch
        .iter()
        .map(|submission| {
            outcomes.remove(&submission.id).ok_or(StoreError::Corrupt("batch", submission.id.to_string()))
        })
        .collect()
}

fn refusal(submission: &NewSubmission, rules: Option<&SubmissionRules>, now: DateTime<Utc>) -> Option<StoreOutcome> {
    let Some(rules) = rules else { return Some(StoreOutcome::BudgetChanged) };
    match rules.opening.check(now) {
        Err(reason) => Some(StoreOutcome::NotOpen(reason)),
        Ok(()) if !submission.budget.keys().eq(rules.keys.iter().map(String::as_str)) => {
            Some(StoreOutcome::BudgetChanged)
        }
        // The submission was checked for another way of participation, so nobody has asked for its code.
        Ok(()) if rules.participation != submission.budget.participation => Some(StoreOutcome::BudgetChanged),
        Ok(()) => None,
    }
}

/// Returns the outcomes of submissions whose idempotency key is used already.
async fn outcomes_of_used_keys(
    transaction: &Transaction,
    skipped: &[&NewSubmission],
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, StoreOutcome)>, StoreError> {
    let first = transaction.first_submissions(skipped).await?;
    let by_digest: HashMap<_, _> = first.iter().map(|row| (row.key_digest, row)).collect();
    let outcome = |submission: &&NewSubmission| {
        let outcome = match by_digest.get(&submission.key_digest) {
            Some(first) if submission.is_retry_of(first) => {
                StoreOutcome::Replayed { first: (*first).clone(), age: now - first.submitted_at }
            }
            _ => StoreOutcome::IdempotencyConflict,
        };
        (submission.id, outcome)
    };
    Ok(skipped.iter().map(outcome).collect())
}

/// What the new submissions of a batch replaced.
#[derive(Default)]
struct Replaced {
    /// For each new submission, the one that it replaced.
    replaced: HashMap<Uuid, Submission>,
    /// The ballots that are excluded. A revision replaces such a ballot, and it stays out of the count.
    excluded: HashSet<BallotKey>,
}

/// Makes the stored submissions count for their participants, unless their ballots are excluded.
async fn replace_ballots(
    transaction: &Transaction,
    stored: &[&NewSubmission],
    now: DateTime<Utc>,
) -> Result<Replaced, StoreError> {
    let mut replaced: HashMap<Uuid, Submission> = HashMap::new();
    // For each participant and budget: the last submission in this batch, and the first, which replaces the earlier
    // ballot.
    let mut last: BTreeMap<BallotKey, &NewSubmission> = BTreeMap::new();
    let mut first: HashMap<BallotKey, Uuid> = HashMap::new();
    for submission in stored {
        let Some(participant) = submission.participant else { continue };
        let key = (submission.budget.id, participant);
        if let Some(earlier) = last.insert(key, submission) {
            replaced.insert(submission.id, row(earlier, now));
        } else {
            first.insert(key, submission.id);
        }
    }
    if last.is_empty() {
        return Ok(Replaced { replaced, ..Replaced::default() });
    }
    let mut ballots: Vec<Ballot> = last.iter().map(|(key, submission)| (*key, submission.id)).collect();
    let (mut revised, mut held) = (Vec::new(), HashMap::new());
    loop {
        let new: HashSet<BallotKey> = transaction.insert_ballots(&ballots).await?.into_iter().collect();
        ballots.retain(|(key, _)| !new.contains(key));
        if ballots.is_empty() {
            break;
        }
        held.extend(transaction.lock_ballots(&ballots).await?);
        // A participant may erase a ballot after the one statement has found it and before the other locks it. Then this
        // submission comes after the erasure, and its ballot is a new one.
        let (locked, erased) = ballots.into_iter().partition(|(key, _)| held.contains_key(key));
        revised.extend::<Vec<Ballot>>(locked);
        ballots = erased;
    }
    if revised.is_empty() {
        return Ok(Replaced { replaced, ..Replaced::default() });
    }
    let excluded = held.iter().filter(|(_, held)| held.exclusion.is_some()).map(|(key, _)| *key).collect();
    let ids: Vec<Uuid> = held.values().map(|held| held.submission).collect();
    let before: HashMap<Uuid, Submission> =
        transaction.submissions(&ids).await?.into_iter().map(|submission| (submission.id, submission)).collect();
    for (key, HeldBallot { submission, .. }) in held {
        let before = before.get(&submission).ok_or_else(|| StoreError::Corrupt("ballot", submission.to_string()))?;
        if let Some(by) = first.get(&key) {
            replaced.insert(*by, before.clone());
        }
    }
    transaction.replace_ballots(&revised).await?;
    Ok(Replaced { replaced, excluded })
}

/// What the stored submissions change in each budget. Of several submissions of a participant only the last counts, and none
/// if the ballot is excluded.
fn deltas(
    stored: &[&NewSubmission],
    replaced: &HashMap<Uuid, Submission>,
    excluded: &HashSet<BallotKey>,
) -> BTreeMap<BudgetId, Delta> {
    let mut deltas: BTreeMap<BudgetId, Delta> = BTreeMap::new();
    let mut ballots: BTreeMap<BallotKey, (Option<&Allocation>, &Allocation)> = BTreeMap::new();
    for submission in stored {
        let delta = deltas.entry(submission.budget.id).or_default();
        delta.submissions = delta.submissions.saturating_add(1);
        let Some(participant) = submission.participant else {
            delta.added.count(&submission.allocation);
            continue;
        };
        if excluded.contains(&(submission.budget.id, participant)) {
            continue;
        }
        let before = replaced.get(&submission.id).map(|replaced| &replaced.allocation);
        // The first submission of a participant in this batch replaces the ballot from before the batch, if there was one.
        let (_, after) = ballots.entry((submission.budget.id, participant)).or_insert((before, &submission.allocation));
        *after = &submission.allocation;
    }
    for ((budget, participant), (before, after)) in ballots {
        let delta = deltas.entry(budget).or_default();
        if let Some(before) = before {
            delta.revised.push(RevisedBallot { participant, before: before.clone(), after: after.clone() });
        } else {
            delta.added.count(after);
            delta.added_by.push(participant);
        }
    }
    deltas
}

fn row(submission: &NewSubmission, now: DateTime<Utc>) -> Submission {
    Submission {
        id: submission.id,
        budget: submission.budget.id,
        participant: submission.participant,
        allocation: submission.allocation.clone(),
        key_digest: submission.key_digest,
        submitted_at: now,
    }
}
