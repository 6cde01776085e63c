//! Everything that organisers edit of a budget, in the form of a budget file. Shares and rates are written in per cent, and
//! are basis points inside.

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{
    budget::{BudgetStatus, Category, NewBudget, NewCategory, Participation, PresentedBudget},
    presentation::{
        BudgetPresentation, CategoryTranslation, IllustratedTax, StartPosition, TaxBracket, TaxIllustration,
        Translation,
    },
    publish_every::PublishEvery,
    retention::RetentionDays,
    share::Share,
    visibility::{CategoryOrder, ResultVisibility},
};

mod check;
pub mod file;
pub mod merge;
mod percent;
mod texts;

pub use check::{Problem, check};
pub use texts::{MissingText, missing_texts};

use percent::PercentNumber;

/// A consultation as its organisers edit it, and as a budget file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Budget file")]
pub struct BudgetDraft {
    /// The stable name in addresses: a to z, 0 to 9 and hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9-]{2,64}$"))]
    pub slug: String,
    /// The question that people answer.
    #[schemars(length(max = 200))]
    pub title: String,
    /// Notes that are shown with the question, for example where the real shares come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5000))]
    pub description: Option<String>,
    /// The language of these texts as a BCP 47 tag, for example `en`.
    pub language: String,
    /// ISO 4217 code of the currency, for example `USD`.
    pub currency: String,
    /// The total of the real budget, in whole units of the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub total_amount: Option<i64>,
    /// The lines of the budget, in the order in which they are shown.
    #[schemars(length(max = 30))]
    pub categories: Vec<CategoryDraft>,
    /// The texts in other languages, by BCP 47 tag.
    #[serde(default, deserialize_with = "in_lower_case")]
    pub translations: BTreeMap<String, TranslationDraft>,
    /// The shares with which the form begins.
    #[serde(default)]
    pub start_position: StartPosition,
    /// The order in which the form shows the categories.
    #[serde(default)]
    pub category_order: CategoryOrder,
    /// How much of an income the budget's taxes take, for "your tax receipt".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_illustration: Option<TaxIllustrationDraft>,
    /// How many ballots must have changed before new statistics are shown.
    #[serde(default)]
    #[schemars(with = "u16", range(min = 1, max = 1000))]
    pub publish_every: PublishEvery,
    /// When people see the results.
    #[serde(default)]
    pub visibility: ResultVisibility,
    /// Who may answer.
    #[serde(default)]
    pub participation: Participation,
    /// The days from the closing to the deletion of the submissions. Left out, they are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<u16>", range(min = 1, max = 3650))]
    pub retention_days: Option<RetentionDays>,
    /// The first moment at which submissions count.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "moment")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub opens_at: Option<DateTime<Utc>>,
    /// The first moment at which submissions no longer count.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "moment")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub closes_at: Option<DateTime<Utc>>,
    /// The time zone in which organisers read and write times, by its name in the IANA database.
    #[serde(default = "utc")]
    pub time_zone: String,
}

/// One line of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CategoryDraft {
    /// The stable name within the budget: a to z, 0 to 9 and hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,64}$"))]
    pub key: String,
    /// The name that is shown.
    #[serde(default)]
    #[schemars(length(max = 120))]
    pub label: String,
    /// What belongs to the line.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub description: String,
    /// The colour, as `#rrggbb`.
    #[schemars(regex(pattern = r"^#[0-9A-Fa-f]{6}$"))]
    pub color: String,
    /// The share of the real budget in per cent, with at most 2 decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_percent: Option<PercentNumber>,
}

/// The texts of a budget in another language. What is left out stays as the budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TranslationDraft {
    /// The question that people answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub title: Option<String>,
    /// Notes that are shown with the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5000))]
    pub description: Option<String>,
    /// The texts of the lines, by their keys.
    #[serde(default)]
    pub categories: BTreeMap<String, CategoryTextsDraft>,
}

/// The texts of a line in another language. An empty text stays as the budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryTextsDraft {
    /// The name that is shown.
    #[serde(default)]
    #[schemars(length(max = 120))]
    pub label: String,
    /// What belongs to the line.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub description: String,
}

/// How much of an income the budget's taxes take. An illustration, never an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxIllustrationDraft {
    /// Which taxes it pools and for whom, by language.
    pub note: BTreeMap<String, String>,
    /// Yearly incomes to choose from, in whole units of the currency.
    pub incomes: Vec<i64>,
    /// The taxes, each on the whole income.
    pub taxes: Vec<TaxDraft>,
}

/// One tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxDraft {
    /// Its name, by language.
    pub label: BTreeMap<String, String>,
    /// Marginal rates, by rising threshold.
    pub brackets: Vec<BracketDraft>,
}

/// One marginal rate, up to the threshold of the next bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BracketDraft {
    /// The yearly income above which it applies, in whole units of the currency.
    pub above: i64,
    /// The rate in per cent of the income in this bracket, with at most 2 decimals.
    pub percent: PercentNumber,
}

impl BudgetDraft {
    /// A new question without lines.
    pub fn empty(slug: String, title: String, language: String, currency: String) -> Self {
        Self {
            slug,
            title,
            description: None,
            language,
            currency,
            total_amount: None,
            categories: Vec::new(),
            translations: BTreeMap::new(),
            start_position: StartPosition::default(),
            category_order: CategoryOrder::default(),
            tax_illustration: None,
            publish_every: PublishEvery::default(),
            visibility: ResultVisibility::default(),
            participation: Participation::default(),
            retention_days: None,
            opens_at: None,
            closes_at: None,
            time_zone: utc(),
        }
    }

    /// What can be edited of a budget.
    pub fn of(budget: &PresentedBudget) -> Self {
        let presentation = &budget.presentation;
        Self {
            slug: budget.slug.clone(),
            title: budget.title.clone(),
            description: budget.description.clone(),
            language: presentation.language.clone(),
            currency: budget.currency.clone(),
            total_amount: budget.total_amount,
            categories: budget.categories.iter().map(CategoryDraft::of).collect(),
            translations: presentation
                .translations
                .iter()
                .map(|(language, texts)| (language.clone(), TranslationDraft::of(texts)))
                .collect(),
            start_position: presentation.start_position,
            category_order: budget.category_order,
            tax_illustration: presentation.tax_illustration.as_ref().map(TaxIllustrationDraft::of),
            publish_every: budget.publish_every,
            visibility: budget.visibility,
            participation: budget.participation,
            retention_days: budget.retention,
            opens_at: budget.opens_at,
            closes_at: budget.closes_at,
            time_zone: budget.time_zone.clone(),
        }
    }

    /// Reads a draft. The error begins with the path of what is wrong.
    pub fn from_value(value: Value) -> Result<Self, DraftError> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            DraftError { path: if path == "." { String::new() } else { path }, message: error.into_inner().to_string() }
        })
    }

    /// The draft as JSON.
    pub fn to_value(&self) -> Value {
        // Neither maps with other keys than texts nor infinite numbers are in it, so this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The budget to store.
    pub fn into_new_budget(self, status: BudgetStatus) -> NewBudget {
        let presentation = BudgetPresentation {
            start_position: self.start_position,
            language: self.language,
            translations: self.translations.into_iter().map(|(tag, texts)| (tag, texts.into())).collect(),
            tax_illustration: self.tax_illustration.map(TaxIllustration::from),
        };
        NewBudget {
            slug: self.slug,
            title: self.title,
            description: self.description,
            currency: self.currency,
            total_amount: self.total_amount,
            status,
            participation: self.participation,
            visibility: self.visibility,
            category_order: self.category_order,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            time_zone: self.time_zone,
            publish_every: self.publish_every,
            retention: self.retention_days,
            categories: self.categories.into_iter().map(NewCategory::from).collect(),
            presentation,
        }
    }

    /// The published JSON Schema of a budget file.
    pub fn json_schema() -> String {
        // JSON of JSON can always be written.
        serde_json::to_string_pretty(&schemars::schema_for!(Self)).unwrap_or_default() + "\n"
    }
}

/// Why a value is not a draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct DraftError {
    /// Where, for example `categories[2].color`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl CategoryDraft {
    fn of(category: &Category) -> Self {
        Self {
            key: category.key.clone(),
            label: category.label.clone(),
            description: category.description.clone(),
            color: category.color.clone(),
            actual_percent: category.actual.map(PercentNumber),
        }
    }
}

impl From<CategoryDraft> for NewCategory {
    fn from(draft: CategoryDraft) -> Self {
        let CategoryDraft { key, label, description, color, actual_percent } = draft;
        Self { key, label, description, color, actual: actual_percent.map(|percent| percent.0) }
    }
}

impl TranslationDraft {
    fn of(translation: &Translation) -> Self {
        let texts = |(key, texts): (&String, &CategoryTranslation)| {
            (key.clone(), CategoryTextsDraft { label: texts.label.clone(), description: texts.description.clone() })
        };
        Self {
            title: translation.title.clone(),
            description: translation.description.clone(),
            categories: translation.categories.iter().map(texts).collect(),
        }
    }
}

impl From<TranslationDraft> for Translation {
    fn from(draft: TranslationDraft) -> Self {
        let texts = |(key, texts): (String, CategoryTextsDraft)| {
            (key, CategoryTranslation { label: texts.label, description: texts.description })
        };
        Self {
            title: draft.title,
            description: draft.description,
            categories: draft.categories.into_iter().map(texts).collect(),
        }
    }
}

impl TaxIllustrationDraft {
    fn of(illustration: &TaxIllustration) -> Self {
        let bracket = |bracket: &TaxBracket| BracketDraft {
            above: bracket.above,
            percent: PercentNumber(bracket.rate_basis_points),
        };
        let tax = |tax: &IllustratedTax| TaxDraft {
            label: tax.label.clone(),
            brackets: tax.brackets.iter().map(bracket).collect(),
        };
        Self {
            note: illustration.note.clone(),
            incomes: illustration.incomes.clone(),
            taxes: illustration.taxes.iter().map(tax).collect(),
        }
    }
}

impl From<TaxIllustrationDraft> for TaxIllustration {
    fn from(draft: TaxIllustrationDraft) -> Self {
        let bracket = |bracket: BracketDraft| TaxBracket { above: bracket.above, rate_basis_points: bracket.percent.0 };
        let tax = |tax: TaxDraft| IllustratedTax {
            label: tax.label,
            brackets: tax.brackets.into_iter().map(bracket).collect(),
        };
        Self { note: draft.note, incomes: draft.incomes, taxes: draft.taxes.into_iter().map(tax).collect() }
    }
}

/// The sum of the real shares, if every line has one.
fn sum_of_actual(draft: &BudgetDraft) -> Option<u32> {
    let shares = draft.categories.iter().map(|category| category.actual_percent);
    shares.map(|share| share.map(|PercentNumber(share)| u32::from(Share::basis_points(share)))).sum()
}

fn utc() -> String {
    "UTC".to_owned()
}

/// Both databases keep microseconds.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Option::<DateTime<Utc>>::deserialize(deserializer)?.map(|moment| moment.trunc_subsecs(6)))
}

/// Translations are looked up by tags in lower case.
fn in_lower_case<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let by_tag = BTreeMap::<String, T>::deserialize(deserializer)?;
    Ok(by_tag.into_iter().map(|(tag, texts)| (tag.to_ascii_lowercase(), texts)).collect())
}

#[cfg(test)]
mod tests;
