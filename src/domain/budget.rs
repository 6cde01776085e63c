//! Budgets and their categories.

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    exclusion::{ExclusionId, PublicExclusion},
    presentation::{BudgetPresentation, CategoryTranslation, Translation},
    publish_every::PublishEvery,
    retention::RetentionDays,
    share::Share,
    visibility::{CategoryOrder, ResultVisibility},
};

/// The number of a budget in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetId(pub i64);

/// One consultation: what is asked, in which window, over which categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// The number in the store.
    pub id: BudgetId,
    /// The stable name in addresses, e.g. `federal`.
    pub slug: String,
    /// The question.
    pub title: String,
    /// Notes that are shown with it.
    pub description: Option<String>,
    /// ISO 4217 code, e.g. `USD`.
    pub currency: String,
    /// The real budget's total, in whole units of the currency.
    pub total_amount: Option<i64>,
    /// What its owner decided about seeing and answering it.
    pub status: BudgetStatus,
    /// Who may answer it.
    pub participation: Participation,
    /// When people see its results.
    pub visibility: ResultVisibility,
    /// The order in which the form shows its categories.
    pub category_order: CategoryOrder,
    /// The first moment at which submissions count.
    pub opens_at: Option<DateTime<Utc>>,
    /// The first moment at which they no longer count.
    pub closes_at: Option<DateTime<Utc>>,
    /// The time zone in which its organisers read and write times, by its name in the IANA database.
    pub time_zone: String,
    /// Since when it takes no submissions for a while.
    pub paused_at: Option<DateTime<Utc>>,
    /// Since when it is not listed any more. Its address still works.
    pub archived_at: Option<DateTime<Utc>>,
    /// Rises with each change at the desk.
    pub version: i64,
    /// The last change at the desk.
    pub updated_at: Option<DateTime<Utc>>,
    /// The name of the account that made it.
    pub updated_by: Option<String>,
    /// How many ballots must have changed before new statistics are shown.
    pub publish_every: PublishEvery,
    /// How long submissions are kept after it has closed. `None`: until their participants erase them.
    pub retention: Option<RetentionDays>,
    /// Ordered by position; an allocation holds its shares in this order.
    pub categories: Vec<Category>,
}

/// A budget together with how it is shown. Counting needs the budget alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedBudget {
    /// The budget, which can be used through this type.
    pub budget: Arc<Budget>,
    /// How it is shown.
    pub presentation: BudgetPresentation,
    /// The exclusions that are in force, oldest first.
    pub exclusions: Vec<PublicExclusion>,
}

/// A budget before the store has numbered it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // see the fields of `Budget`
pub struct NewBudget {
    pub slug: String,
    pub title: String,
    pub description: Option<String>,
    pub currency: String,
    pub total_amount: Option<i64>,
    pub status: BudgetStatus,
    pub participation: Participation,
    pub visibility: ResultVisibility,
    pub category_order: CategoryOrder,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub time_zone: String,
    pub publish_every: PublishEvery,
    pub retention: Option<RetentionDays>,
    /// In order of position.
    pub categories: Vec<NewCategory>,
    /// See [`PresentedBudget::presentation`].
    pub presentation: BudgetPresentation,
}

/// A category before the store has numbered it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // see the fields of `Category`
pub struct NewCategory {
    pub key: String,
    pub label: String,
    pub description: String,
    pub color: String,
    pub actual: Option<Share>,
}

/// One line of a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The number in the store.
    pub id: i64,
    /// The stable name within its budget, e.g. `healthcare`.
    pub key: String,
    /// The name that is shown.
    pub label: String,
    /// What belongs to it.
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    /// 0, 1, 2 … without gaps.
    pub position: i32,
    /// The real budget's share.
    pub actual: Option<Share>,
}

/// What the owner of a budget decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetStatus {
    /// Being prepared; not shown.
    Draft,
    /// Accepts submissions within its window.
    Open,
    /// Shown, no longer accepts submissions.
    Closed,
}

/// Where a budget is on its way, as its organisers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetState {
    /// Being prepared; shown to nobody.
    Draft,
    /// Shown, and opens at a time that was set.
    Scheduled,
    /// Takes submissions.
    Open,
    /// Takes no submissions for a while.
    Paused,
    /// Takes no more submissions.
    Closed,
    /// Not listed any more.
    Archived,
}

/// Who may answer a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Participation {
    /// Everybody.
    #[default]
    Open,
    /// Everybody who has a code. Each code is one voice.
    Code,
}

/// Why a budget takes no submission now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpen {
    /// Still a draft.
    #[error("it is a draft")]
    Draft,
    /// Its window has not begun.
    #[error("it opens at {}", .0.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))]
    NotYet(DateTime<Utc>),
    /// Its organisers have paused it.
    #[error("it is paused")]
    Paused,
    /// Closed, or its window is over.
    #[error("it is closed")]
    Closed,
}

/// What decides when a budget takes submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // see the fields of `Budget`
pub struct Opening {
    pub status: BudgetStatus,
    pub opens_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
}

impl Opening {
    /// Whether a submission at `now` counts. The window is half open: `opens_at <= now < closes_at`.
    pub fn check(self, now: DateTime<Utc>) -> Result<(), NotOpen> {
        match (self.status, self.opens_at, self.closes_at) {
            (BudgetStatus::Draft, _, _) => Err(NotOpen::Draft),
            (BudgetStatus::Closed, _, _) => Err(NotOpen::Closed),
            (BudgetStatus::Open, _, Some(closes_at)) if closes_at <= now => Err(NotOpen::Closed),
            (BudgetStatus::Open, Some(opens_at), _) if now < opens_at => Err(NotOpen::NotYet(opens_at)),
            (BudgetStatus::Open, _, _) if self.paused_at.is_some() => Err(NotOpen::Paused),
            (BudgetStatus::Open, _, _) => Ok(()),
        }
    }
}

impl Budget {
    /// Whether a submission at `now` counts.
    pub fn check_open(&self, now: DateTime<Utc>) -> Result<(), NotOpen> {
        let Self { status, opens_at, closes_at, paused_at, .. } = *self;
        Opening { status, opens_at, closes_at, paused_at }.check(now)
    }

    /// Where it is on its way.
    pub fn state(&self, now: DateTime<Utc>) -> BudgetState {
        if self.archived_at.is_some() {
            return BudgetState::Archived;
        }
        match self.check_open(now) {
            Ok(()) => BudgetState::Open,
            Err(NotOpen::Draft) => BudgetState::Draft,
            Err(NotOpen::NotYet(_)) => BudgetState::Scheduled,
            Err(NotOpen::Paused) => BudgetState::Paused,
            Err(NotOpen::Closed) => BudgetState::Closed,
        }
    }

    /// Whether no more ballots can come. A draft is not closed.
    pub fn is_closed(&self, now: DateTime<Utc>) -> bool {
        self.check_open(now) == Err(NotOpen::Closed)
    }

    /// Whether people may see its results now, given whether they have taken part.
    pub fn shows_results(&self, now: DateTime<Utc>, has_taken_part: bool) -> bool {
        match self.visibility {
            ResultVisibility::Always => true,
            ResultVisibility::AfterTakingPart => has_taken_part || self.is_closed(now),
            ResultVisibility::AfterClosing => self.is_closed(now),
        }
    }

    /// The moment from which its submissions must be deleted. `None` if they are kept, or if it has no time of closing yet.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.closes_at?.checked_add_signed(self.retention?.time())
    }

    /// The category keys in position order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(|category| category.key.as_str())
    }
}

impl BudgetState {
    /// The stable name, as it is logged.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Scheduled => "SCHEDULED",
            Self::Open => "OPEN",
            Self::Paused => "PAUSED",
            Self::Closed => "CLOSED",
            Self::Archived => "ARCHIVED",
        }
    }
}

impl PresentedBudget {
    /// The exclusion with this number, if it is in force.
    pub fn exclusion(&self, id: ExclusionId) -> Option<&PublicExclusion> {
        self.exclusions.iter().find(|exclusion| exclusion.id == id)
    }

    /// The question in a language (BCP 47), or in the budget's own if there is no translation.
    pub fn title_in(&self, language: Option<&str>) -> &str {
        let translated = self.translation(language).and_then(|translation| translation.title.as_deref());
        present(translated).unwrap_or(&self.title)
    }

    /// The notes; see [`Self::title_in`].
    pub fn description_in(&self, language: Option<&str>) -> Option<&str> {
        let translated = self.translation(language).and_then(|translation| translation.description.as_deref());
        present(translated).or(self.description.as_deref())
    }

    /// The label of one of its categories; see [`Self::title_in`].
    pub fn label_in<'a>(&'a self, category: &'a Category, language: Option<&str>) -> &'a str {
        let translated = self.category_translation(category, language).map(|texts| texts.label.as_str());
        present(translated).unwrap_or(&category.label)
    }

    /// What belongs to one of its categories; see [`Self::title_in`].
    pub fn category_description_in<'a>(&'a self, category: &'a Category, language: Option<&str>) -> &'a str {
        let translated = self.category_translation(category, language).map(|texts| texts.description.as_str());
        present(translated).unwrap_or(&category.description)
    }

    fn translation(&self, language: Option<&str>) -> Option<&Translation> {
        self.presentation.translation(language?)
    }

    fn category_translation(&self, category: &Category, language: Option<&str>) -> Option<&CategoryTranslation> {
        self.translation(language)?.categories.get(&category.key)
    }
}

/// A translation, unless somebody has only begun it.
fn present(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

impl Deref for PresentedBudget {
    type Target = Budget;

    fn deref(&self) -> &Budget {
        &self.budget
    }
}

#[cfg(test)]
impl Budget {
    /// An open budget with these categories, for tests.
    pub fn sample(keys: &[&str]) -> Self {
        let category = |(position, key): (i32, &&str)| Category {
            id: i64::from(position),
            key: (*key).to_owned(),
            label: (*key).to_owned(),
            description: String::new(),
            color: "#000000".to_owned(),
            position,
            actual: Share::from_basis_points(2_000),
        };
        Self {
            id: BudgetId(1),
            slug: "sample".to_owned(),
            title: "Sample".to_owned(),
            description: None,
            currency: "USD".to_owned(),
            total_amount: None,
            status: BudgetStatus::Open,
            participation: Participation::Open,
            visibility: ResultVisibility::Always,
            category_order: CategoryOrder::Fixed,
            opens_at: None,
            closes_at: None,
            time_zone: "UTC".to_owned(),
            paused_at: None,
            archived_at: None,
            version: 1,
            updated_at: None,
            updated_by: None,
            publish_every: PublishEvery::ONE,
            retention: None,
            categories: (0..).zip(keys).map(category).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn the_window_is_half_open_and_the_status_comes_first() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let second = TimeDelta::seconds(1);
        let budget =
            |status, opens_at, closes_at| Budget { status, opens_at, closes_at, ..Budget::sample(&["a", "b"]) };
        let open = BudgetStatus::Open;
        assert_eq!(budget(open, None, None).check_open(now), Ok(()));
        assert_eq!(budget(open, Some(now), Some(now + second)).check_open(now), Ok(()));
        assert_eq!(budget(open, Some(now + second), None).check_open(now), Err(NotOpen::NotYet(now + second)));
        assert_eq!(budget(open, None, Some(now)).check_open(now), Err(NotOpen::Closed));
        assert_eq!(budget(BudgetStatus::Draft, None, None).check_open(now), Err(NotOpen::Draft));
        assert_eq!(budget(BudgetStatus::Closed, None, None).check_open(now), Err(NotOpen::Closed));
    }

    #[test]
    fn a_pause_ends_with_the_window_and_hides_nothing() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let paused = Budget { paused_at: Some(now), ..Budget::sample(&["a", "b"]) };
        assert_eq!(paused.check_open(now), Err(NotOpen::Paused));
        assert!(!paused.is_closed(now));
        let over = Budget { closes_at: Some(now), ..paused };
        assert_eq!(over.check_open(now), Err(NotOpen::Closed));
    }

    #[test]
    fn results_are_shown_by_the_rule_of_the_budget_and_to_everybody_once_it_has_closed() {
        use ResultVisibility::{AfterClosing, AfterTakingPart, Always};
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let shown = |visibility, status, has_taken_part| {
            Budget { status, visibility, ..Budget::sample(&["a", "b"]) }.shows_results(now, has_taken_part)
        };
        for (visibility, open, taken_part) in
            [(Always, true, true), (AfterTakingPart, false, true), (AfterClosing, false, false)]
        {
            assert_eq!(shown(visibility, BudgetStatus::Open, false), open, "{visibility:?}");
            assert_eq!(shown(visibility, BudgetStatus::Open, true), taken_part, "{visibility:?}");
            assert!(shown(visibility, BudgetStatus::Closed, false), "{visibility:?}");
        }
    }
}
