//! The root of all writing.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{caller::Caller, types::submission::SubmissionNode};
use crate::{
    domain::{allocation::RequestedShare, violation::Violation},
    fault::Fault,
    service::{Services, submit::Request},
};

/// Everything that can be changed.
pub struct Mutation;

/// An allocation to submit.
#[derive(InputObject)]
pub struct SubmitAllocationInput {
    /// The budget's slug.
    budget: String,
    /// One entry for each category that gets something; a category not named gets 0. Together exactly 100 %.
    shares: Vec<ShareInput>,
    /// Consent to a cookie, by which a later submission replaces this one and the history can be read. Without it the
    /// submission counts by itself. A participant who is already known by a cookie or token stays that participant.
    #[graphql(default = false)]
    remember: bool,
    /// 8 to 64 characters that nobody can guess, new for each allocation: a random UUID. Where `remember` creates a
    /// participant, at least 22 characters. A retry with the same key and the same allocation returns the first submission,
    /// however often and however late it comes. If both have `remember`, a retry within ten minutes gets the cookie again.
    idempotency_key: Option<String>,
}

/// The share for one category.
#[derive(InputObject)]
pub struct ShareInput {
    /// The category's key, e.g. `healthcare`.
    category: String,
    /// 0 to 100, with at most 2 decimals.
    percent: f64,
}

/// What came of it.
#[derive(SimpleObject)]
pub struct SubmitAllocationPayload {
    /// The submission: durable, and counted at the next publication.
    submission: SubmissionNode,
    /// The submission of the same participant that counted until now; null when there was none, and on a retry.
    replaced: Option<SubmissionNode>,
}

/// Everything that can be changed.
#[Object]
impl Mutation {
    /// Submits an allocation. Answered only when it is durable. Fails with `BAD_USER_INPUT`, `NOT_FOUND`,
    /// `BUDGET_NOT_OPEN`, `RATE_LIMITED`, `OVERLOADED` or `UNAVAILABLE`; then nothing was counted, except that after
    /// `UNAVAILABLE` a retry with the same idempotency key tells.
    async fn submit_allocation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The allocation and how to treat it.")] input: SubmitAllocationInput,
    ) -> Result<SubmitAllocationPayload, Fault> {
        let services = context.data_unchecked::<Services>();
        let caller = context.data_unchecked::<Caller>();
        if input.remember && caller.participant.is_none() && caller.new_cookie.is_none() {
            return Err(Fault::invalid(vec![Violation::new(
                "remember",
                "COOKIE_NEEDS_HTTP",
                "A WebSocket cannot set a cookie. Submit over HTTP to be remembered, or leave out `remember`.",
            )]));
        }
        let request = Request {
            budget: input.budget,
            // The shortest decimal that reads back as the same number is what the client wrote; from here on digits.
            shares: input
                .shares
                .into_iter()
                .map(|share| RequestedShare { category: share.category, percent: share.percent.to_string() })
                .collect(),
            idempotency_key: input.idempotency_key,
            participant: caller.participant,
            remember: input.remember,
            network: caller.network.clone(),
        };
        let result = services.submissions.submit(request).await?;
        // A cookie of a former name or secret is replaced while there is a chance.
        let outdated = caller.participant.filter(|_| caller.has_outdated_cookie);
        if let (Some(cookie), Some(participant)) = (&caller.new_cookie, result.remembered.or(outdated)) {
            cookie.request(participant);
        }
        Ok(SubmitAllocationPayload {
            submission: SubmissionNode(result.submission),
            replaced: result.replaced.map(SubmissionNode),
        })
    }
}
