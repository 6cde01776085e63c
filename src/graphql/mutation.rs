//! The root type of mutations.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    caller::{Caller, Reported},
    cost_directives::list_size,
    types::{budget::BudgetNode, submission::SubmissionNode},
};
use crate::{
    domain::{allocation::RequestedShare, violation::Violation},
    fault::Fault,
    service::{
        Services,
        my_data::EraseRequest,
        submit::{Request, SubmitError},
    },
};

/// Everything that can be changed.
pub struct Mutation;

/// An allocation to submit.
#[derive(InputObject)]
pub struct SubmitAllocationInput {
    /// The slug of the budget.
    budget: String,
    /// The shares: one entry for each category that gets something. A category without an entry gets 0. The shares must
    /// add up to exactly 100 %.
    shares: Vec<ShareInput>,
    /// Consent to a cookie that names the caller as a participant. With the cookie, a later submission replaces this
    /// one, and the caller can read the history of their submissions. Without consent, the submission counts by itself.
    /// A participant who is already known by a cookie or token stays that participant. On a budget with participation by
    /// code, this has no effect.
    #[graphql(default = false)]
    remember: bool,
    /// The participation code, on a budget with participation by code. The code is the participant: a later submission
    /// with the same code replaces this one, from whatever device, and cookies and tokens have no effect. Case,
    /// separators and characters that look alike make no difference.
    code: Option<String>,
    /// A key of 8 to 64 characters that nobody can guess, such as a random UUID. Use a new key for each allocation. If
    /// `remember` creates a participant, the key must have at least 22 characters. A retry with the same key and the
    /// same allocation returns the first submission, however often and however late it is sent. If both requests have
    /// `remember`, a retry within ten minutes gets the cookie again.
    idempotency_key: Option<String>,
    /// The solution of the challenge that came with `CHALLENGE_REQUIRED`, which is one of ALTCHA, version 2: the JSON
    /// `{"challenge":…,"solution":…}` in base64, with the challenge as it came. Send everything else as before, with the
    /// same idempotency key. A solution counts for one submission.
    challenge_solution: Option<String>,
}

/// The share for one category.
#[derive(InputObject)]
pub struct ShareInput {
    /// The key of the category, for example `healthcare`.
    category: String,
    /// The share in per cent: 0 to 100, with at most 2 decimals.
    percent: f64,
}

/// The result of submitting an allocation.
#[derive(SimpleObject)]
pub struct SubmitAllocationPayload {
    /// The submission. It is durable, and is counted at the next publication. The statistics show a new ballot with the
    /// next group: compare `participantCount` with `shownParticipantCount`. One that replaces a ballot that is shown waits
    /// until at least `publishEvery` such ballots were revised or erased.
    submission: SubmissionNode,
    /// The submission of the same participant that counted until now. Null if there was none, and in the result of a
    /// retry. Always null with a participation code, so that whoever has a list of codes cannot read the answers to them.
    replaced: Option<SubmissionNode>,
    /// Whether a submission of the same participant counted until now. False in the result of a retry.
    has_replaced: bool,
}

/// A participation code to check.
#[derive(InputObject)]
pub struct RedeemCodeInput {
    /// The slug of the budget that the code is for.
    budget: String,
    /// The participation code. Case, separators and characters that look alike make no difference.
    code: String,
}

/// The result of checking a participation code that exists.
#[derive(SimpleObject)]
pub struct RedeemCodePayload {
    /// Whether a submission with this code counts now. The next one replaces it. The submission itself is not shown, so
    /// that whoever has a list of codes cannot read the answers to them.
    has_answered: bool,
}

/// What to erase.
#[derive(InputObject)]
pub struct EraseMyDataInput {
    /// The slug of a budget. Without it, the caller's submissions to all budgets are erased.
    budget: Option<String>,
    /// A participation code of this budget. Then the submissions that were made with the code are erased, and those of the
    /// cookie or token are not.
    code: Option<String>,
}

/// The result of erasing.
#[derive(SimpleObject)]
pub struct EraseMyDataPayload {
    /// The budgets to which the caller had submitted something, each with the number of submissions. Empty if there was
    /// nothing to erase.
    #[graphql(directive = list_size::apply(Some(10), None))]
    erased: Vec<ErasedSubmissions>,
}

/// The submissions to one budget that were erased.
#[derive(SimpleObject)]
pub struct ErasedSubmissions {
    /// The budget.
    budget: BudgetNode,
    /// The number of submissions, replaced ones included.
    submissions: u64,
}

/// Everything that can be changed.
#[Object]
impl Mutation {
    /// Submits an allocation. The response is sent only after the submission is durable.
    ///
    /// Fails with `BAD_USER_INPUT`, `NOT_FOUND`, `BUDGET_NOT_OPEN`, `CHALLENGE_REQUIRED`, `RATE_LIMITED`, `OVERLOADED` or
    /// `UNAVAILABLE`. Nothing was counted then, except that after `UNAVAILABLE` the outcome is unknown: a retry with the
    /// same idempotency key finds it out, and counts the submission only once. `CHALLENGE_REQUIRED` means that the
    /// network has sent many submissions, and that the next one costs some work of the client.
    async fn submit_allocation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The allocation and the options of the submission.")] input: SubmitAllocationInput,
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
            // `to_string` gives the shortest decimal that reads back as the same number, which is what the client
            // wrote. From here on shares are digits, so no float is rounded.
            shares: input
                .shares
                .into_iter()
                .map(|share| RequestedShare { category: share.category, percent: share.percent.to_string() })
                .collect(),
            idempotency_key: input.idempotency_key,
            participant: caller.participant,
            remember: input.remember,
            code: input.code,
            challenge_solution: input.challenge_solution,
            address: caller.address,
        };
        let (result, allowances) = services.submissions.submit(request).await;
        let retry_after = result.as_ref().err().and_then(SubmitError::retry_after);
        caller.allowances.report(Reported { allowances, retry_after });
        let result = result?;
        // A cookie with a former name or secret is replaced, because this response can set a new one.
        let outdated = caller.participant.filter(|_| caller.has_outdated_cookie);
        if let (Some(cookie), Some(participant)) = (&caller.new_cookie, result.remembered.or(outdated)) {
            cookie.request(participant);
        }
        Ok(SubmitAllocationPayload {
            submission: SubmissionNode(result.submission),
            replaced: result.replaced.map(SubmissionNode),
            has_replaced: result.has_replaced,
        })
    }

    /// Checks a participation code. This changes nothing, and a code may be checked any number of times. It is a mutation so that a code is never part of an address, a cache or a log, and
    /// pages of other sites cannot check codes.
    ///
    /// Fails with `BAD_USER_INPUT` (the rule is `CODE_FORMAT` for what is no code, `CODE_UNKNOWN` for a code that does not
    /// exist, `CODE_NOT_NEEDED` on a budget that everybody may answer), `NOT_FOUND`, `RATE_LIMITED` after too many wrong
    /// codes from one network, or `UNAVAILABLE`.
    async fn redeem_code(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code and its budget.")] input: RedeemCodeInput,
    ) -> Result<RedeemCodePayload, Fault> {
        let services = context.data_unchecked::<Services>();
        let caller = context.data_unchecked::<Caller>();
        let has_answered = services.codes.redeem(&input.budget, &input.code, caller.address).await?;
        Ok(RedeemCodePayload { has_answered })
    }

    /// Erases the caller's submissions, also those to a budget that has closed. The response is sent only after they are
    /// gone. The published statistics contain a ballot that was shown until enough such ballots were erased or revised,
    /// see `publishEvery`. Erasing again erases nothing.
    ///
    /// If nothing is left, a response over HTTP deletes the cookie. Without a cookie or token there is nothing to erase.
    ///
    /// Fails with `BAD_USER_INPUT`, `NOT_FOUND`, `RATE_LIMITED` or `UNAVAILABLE`. After `UNAVAILABLE` the outcome is unknown:
    /// try again.
    async fn erase_my_data(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to erase.")] input: EraseMyDataInput,
    ) -> Result<EraseMyDataPayload, Fault> {
        let my_data = &context.data_unchecked::<Services>().my_data;
        let caller = context.data_unchecked::<Caller>();
        let request = EraseRequest {
            participant: caller.participant,
            budget: input.budget,
            code: input.code,
            address: caller.address,
        };
        let erasure = my_data.erase(request).await?;
        if let Some(cookie) = caller.new_cookie.as_ref().filter(|_| erasure.is_complete) {
            cookie.remove();
        }
        let erased = erasure.budgets.into_iter();
        let erased = erased.map(|(budget, submissions)| ErasedSubmissions { budget: BudgetNode(budget), submissions });
        Ok(EraseMyDataPayload { erased: erased.collect() })
    }
}
