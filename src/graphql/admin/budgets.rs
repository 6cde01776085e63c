//! Budgets at the desk: editing and running them.

use std::{future::ready, sync::Arc};

use async_graphql::{Context, InputObject, Json, MaybeUndefined, Object, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tokio_stream::wrappers::WatchStream;
use tokio_util::sync::CancellationToken;

use super::{caller::DeskCaller, desk_budget::DeskBudget};
use crate::{
    domain::{
        budget::{BudgetId, PresentedBudget},
        budget_draft::BudgetDraft,
        desk::{Actor, Role},
        starter_budgets::STARTER_BUDGETS,
        violation::Violation,
    },
    fault::Fault,
    service::{
        Services,
        desk::{
            budgets::{self, Beginning},
            schedule::Times,
        },
    },
};

#[derive(Default)]
pub struct BudgetQuery;

#[derive(Default)]
pub struct BudgetMutation;

#[derive(Default)]
pub struct BudgetSubscription;

/// A budget that the program ships with, to begin with.
#[derive(SimpleObject)]
pub struct BudgetTemplate {
    /// The stable name.
    name: String,
    /// The question.
    title: String,
    /// Notes on the budget, with the sources of its figures.
    description: String,
    /// The country, as an ISO 3166-1 code.
    country: String,
}

/// A budget without categories.
#[derive(InputObject)]
pub struct EmptyBudgetInput {
    /// The stable name in addresses.
    slug: String,
    /// The question that people answer.
    title: String,
    /// The language of its texts, as a BCP 47 tag.
    language: String,
    /// The currency, as an ISO 4217 code.
    currency: String,
}

/// What a new budget begins with. Exactly one of `template`, `file`, `copyOf` and `empty` must be given.
#[derive(InputObject)]
pub struct CreateBudgetInput {
    /// The name of a template.
    template: Option<String>,
    /// The text of a budget file, YAML or JSON.
    file: Option<String>,
    /// The slug of the budget to copy.
    copy_of: Option<String>,
    /// A budget without categories.
    empty: Option<EmptyBudgetInput>,
    /// The stable name in addresses. Without it, a template and a copy get one that is free.
    slug: Option<String>,
}

/// A change of a budget's draft.
#[derive(InputObject)]
pub struct UpdateBudgetInput {
    /// The slug of the budget.
    budget: String,
    /// The version of the budget that the change was made for.
    version: i32,
    /// A JSON merge patch (RFC 7396) of `draft`.
    patch: Json<Value>,
}

/// Times of a budget, by the clock of a place.
#[derive(InputObject)]
pub struct ScheduleInput {
    /// The slug of the budget.
    budget: String,
    /// The version of the budget that the change was made for.
    version: i32,
    /// The local time of opening, for example `2026-11-26T08:00`. Null removes it, and without it the time stays. Where the
    /// clocks are put back and show a time twice, it is the first one, unless an offset at the end says which:
    /// `2026-10-25T02:30+01:00`.
    opens_at: MaybeUndefined<String>,
    /// The local time of closing; see `opensAt`.
    closes_at: MaybeUndefined<String>,
    /// The name of the time zone in the IANA database, for example `Europe/Berlin`.
    time_zone: String,
}

#[Object]
impl BudgetQuery {
    /// The budgets in which the caller has a role, newest first.
    async fn budgets(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whether to list the archived budgets instead of the others.", default = false)]
        archived: bool,
    ) -> Result<Vec<DeskBudget>, Fault> {
        let signed_in = context.data_unchecked::<DeskCaller>().signed_in()?;
        let budgets = context.data_unchecked::<Services>().catalogue.all().await?;
        let listed = budgets.iter().rev().filter(|budget| budget.archived_at.is_some() == archived);
        let of_caller = listed
            .filter_map(|budget| Some(DeskBudget { role: signed_in.role_in(budget.id)?, budget: Arc::clone(budget) }));
        Ok(of_caller.collect())
    }

    /// The budget with this slug. Null if there is none in which the caller has a role.
    async fn budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The stable name of the budget in addresses.")] slug: String,
    ) -> Result<Option<DeskBudget>, Fault> {
        let signed_in = context.data_unchecked::<DeskCaller>().signed_in()?;
        let budget = context.data_unchecked::<Services>().catalogue.by_slug(&slug).await?;
        Ok(budget.and_then(|budget| Some(DeskBudget { role: signed_in.role_in(budget.id)?, budget })))
    }

    /// The budgets that the program ships with. Organisers begin with a copy of one.
    async fn templates(&self) -> Vec<BudgetTemplate> {
        let template = |starter: crate::domain::starter_budgets::StarterBudget| {
            let BudgetDraft { title, description, .. } = starter.draft();
            let (name, country) = (starter.name.to_owned(), starter.country.to_owned());
            BudgetTemplate { name, title, description: description.unwrap_or_default(), country }
        };
        STARTER_BUDGETS.into_iter().map(template).collect()
    }
}

#[Object]
impl BudgetMutation {
    /// Creates a draft. Codes: `BAD_USER_INPUT`, for example if the slug is taken; `NOT_FOUND`.
    async fn create_budget(&self, context: &Context<'_>, input: CreateBudgetInput) -> Result<DeskBudget, Fault> {
        let (services, caller) = (context.data_unchecked::<Services>(), context.data_unchecked::<DeskCaller>());
        let beginning = match (input.template, input.file, input.copy_of, input.empty) {
            (Some(name), None, None, None) => Beginning::Template(name),
            (None, Some(text), None, None) => Beginning::File(text),
            (None, None, Some(slug), None) => {
                Beginning::CopyOf(desk_budget(context, &slug, Role::Viewer).await?.budget.id)
            }
            (None, None, None, Some(EmptyBudgetInput { slug, title, language, currency })) => {
                Beginning::Empty(Box::new(BudgetDraft::empty(slug, title, language, currency)))
            }
            _ => {
                let message = "Name exactly one of `template`, `file`, `copyOf` and `empty`.";
                return Err(Fault::invalid(vec![Violation::new("input", "ONE_OF", message)]));
            }
        };
        let draft = budgets::begin_with(&services.store, beginning, input.slug).await?;
        let slug = draft.slug.clone();
        budgets::create(&services.store, &caller.signed_in()?.actor(), draft).await?;
        changed(context, &slug).await
    }

    /// Changes the draft. If somebody else has changed the budget since `version`, both changes are brought together. Codes:
    /// `BAD_USER_INPUT`; `CONFLICT` if both have changed the same, with the version, the paths and the draft that is there now
    /// in `extensions.conflict`; `FROZEN` if people have answered and the change would give their answers another meaning.
    async fn update_budget(&self, context: &Context<'_>, input: UpdateBudgetInput) -> Result<DeskBudget, Fault> {
        let UpdateBudgetInput { budget, version, patch: Json(patch) } = input;
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::update(store, &actor, id, version.into(), &patch).await?;
        changed(context, &slug).await
    }

    /// Opens a draft: at once, or at the time that it has for it. Codes: `BAD_USER_INPUT` with what must be mended first, or if
    /// the budget is no draft; `CONFLICT` if it was changed since `version`.
    async fn open_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
        #[graphql(desc = "The version that the caller has seen.")] version: i32,
    ) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::open(store, &actor, id, version.into()).await?;
        changed(context, &slug).await
    }

    /// Sets when the budget opens and closes. A draft with a time of opening becomes visible, and opens then by itself. Codes:
    /// `BAD_USER_INPUT`, also for a time that does not exist because the clocks are put forward; `CONFLICT`.
    async fn schedule_budget(&self, context: &Context<'_>, input: ScheduleInput) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &input.budget).await?;
        let given = |time: MaybeUndefined<String>| match time {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(text) => Some(Some(text)),
        };
        let times = Times {
            opens_at: given(input.opens_at),
            closes_at: given(input.closes_at),
            time_zone: Some(input.time_zone),
        };
        let slug = budgets::schedule(store, &actor, id, input.version.into(), &times).await?;
        changed(context, &slug).await
    }

    /// Takes no answers until the budget is resumed. Code: `BAD_USER_INPUT` if it is not open.
    async fn pause_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::pause(store, &actor, id).await?;
        changed(context, &slug).await
    }

    /// Takes answers again.
    async fn resume_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::resume(store, &actor, id).await?;
        changed(context, &slug).await
    }

    /// Ends the budget now, for good. Code: `BAD_USER_INPUT` if it was never opened.
    async fn close_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::close(store, &actor, id).await?;
        changed(context, &slug).await
    }

    /// Takes the budget off the lists, or puts it back. Its address works in either case. Code: `BAD_USER_INPUT` if it is open.
    async fn archive_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
        #[graphql(desc = "Whether it is to be archived.")] archived: bool,
    ) -> Result<DeskBudget, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        let slug = budgets::archive(store, &actor, id, archived).await?;
        changed(context, &slug).await
    }

    /// Deletes a draft that nobody has answered. Code: `BAD_USER_INPUT` if it is no draft or has answers.
    async fn delete_budget(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<bool, Fault> {
        let (store, actor, id) = organiser(context, &budget).await?;
        budgets::delete(store, &actor, id).await?;
        context.data_unchecked::<Services>().catalogue.invalidate();
        Ok(true)
    }
}

#[Subscription]
impl BudgetSubscription {
    /// The budget at once, then after each change of it by anybody. It ends when the budget is deleted.
    async fn budget_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slug of the budget.")] budget: String,
    ) -> Result<impl Stream<Item = DeskBudget> + use<>, Fault> {
        let DeskBudget { budget, role } = desk_budget(context, &budget, Role::Viewer).await?;
        let services = context.data_unchecked::<Services>();
        let stop = context.data_unchecked::<CancellationToken>().clone();
        let id = budget.id;
        let budgets = WatchStream::new(services.catalogue.changes()).filter_map(ready);
        let found = budgets.map(move |budgets| budgets.iter().find(|budget| budget.id == id).cloned());
        let present = found.take_while(|budget| ready(budget.is_some())).filter_map(ready);
        let mut shown: Option<Arc<PresentedBudget>> = None;
        let changed = present.filter(move |budget| {
            let is_news = shown.as_ref() != Some(budget);
            shown = Some(Arc::clone(budget));
            ready(is_news)
        });
        Ok(changed.map(move |budget| DeskBudget { budget, role }).take_until(stop.cancelled_owned()))
    }
}

/// The budget with this slug, if the caller has at least this role in it.
async fn desk_budget(context: &Context<'_>, slug: &str, role: Role) -> Result<DeskBudget, Fault> {
    let budget = context.data_unchecked::<Services>().catalogue.by_slug(slug).await?;
    let budget = budget.ok_or_else(Fault::unknown_budget)?;
    let signed_in = context.data_unchecked::<DeskCaller>().in_budget(budget.id, role)?;
    Ok(DeskBudget { role: signed_in.role_in(budget.id).unwrap_or(role), budget })
}

/// The store, the actor and the budget of a change, if the caller may change the budget with this slug.
async fn organiser<'a>(
    context: &'a Context<'_>,
    slug: &str,
) -> Result<(&'a crate::store::Store, Actor, BudgetId), Fault> {
    let DeskBudget { budget, .. } = desk_budget(context, slug, Role::Organiser).await?;
    let actor = context.data_unchecked::<DeskCaller>().signed_in()?.actor();
    Ok((&context.data_unchecked::<Services>().store, actor, budget.id))
}

/// The budget after a change, which this process shows from now on.
async fn changed(context: &Context<'_>, slug: &str) -> Result<DeskBudget, Fault> {
    context.data_unchecked::<Services>().catalogue.invalidate();
    desk_budget(context, slug, Role::Viewer).await
}
