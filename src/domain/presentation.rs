//! How a budget is shown. Nothing here is counted.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::share::Share;

/// What the page needs besides the budget itself. Stored as one JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetPresentation {
    /// Where the form begins.
    #[serde(default)]
    pub start_position: StartPosition,
    /// BCP 47 tag of the budget's own texts, e.g. `en`.
    pub language: String,
    /// By BCP 47 tag in lower case: the budget's texts in other languages.
    #[serde(default)]
    pub translations: BTreeMap<String, Translation>,
    /// How an income becomes a tax that the shares are applied to.
    #[serde(default)]
    pub tax_illustration: Option<TaxIllustration>,
}

/// Where the form begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StartPosition {
    /// Nothing given yet.
    #[default]
    Zero,
    /// Equal parts.
    Equal,
    /// The real budget's shares.
    Actual,
    /// The participant's latest submission, or nothing without one.
    Latest,
}

/// A budget's texts in another language. What is left out stays as the budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// The question.
    pub title: Option<String>,
    /// Notes that are shown with it.
    pub description: Option<String>,
    /// By category key.
    #[serde(default)]
    pub categories: BTreeMap<String, CategoryTranslation>,
}

/// A category's texts in another language. An empty one stays as the budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryTranslation {
    /// The name that is shown.
    pub label: String,
    /// What belongs to it.
    pub description: String,
}

/// How much of an income the budget's taxes take, for "your tax receipt". An illustration, never an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxIllustration {
    /// Which taxes it pools and for whom, by language.
    pub note: BTreeMap<String, String>,
    /// Yearly incomes to choose from, in whole units of the budget's currency.
    pub incomes: Vec<i64>,
    /// The taxes, each on the whole income.
    pub taxes: Vec<IllustratedTax>,
}

/// One tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IllustratedTax {
    /// Its name, by language.
    pub label: BTreeMap<String, String>,
    /// Marginal rates, by rising threshold.
    pub brackets: Vec<TaxBracket>,
}

/// One marginal rate, up to the next bracket's threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxBracket {
    /// The yearly income above which it applies, in whole units of the currency.
    pub above: i64,
    /// Basis points of the income in this bracket.
    pub rate_basis_points: Share,
}

impl Default for BudgetPresentation {
    fn default() -> Self {
        Self {
            start_position: StartPosition::Zero,
            language: "en".to_owned(),
            translations: BTreeMap::new(),
            tax_illustration: None,
        }
    }
}

impl BudgetPresentation {
    /// The translation for a BCP 47 tag; `None` if the budget's own texts fit best.
    pub fn translation(&self, language: &str) -> Option<&Translation> {
        if language.eq_ignore_ascii_case(&self.language) { None } else { best(&self.translations, language) }
    }

    /// The available languages, the budget's own first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.language.as_str()).chain(self.translations.keys().map(String::as_str))
    }

    /// One of these texts by language: the requested one, else the budget's own, else any.
    pub fn text<'a>(&self, texts: &'a BTreeMap<String, String>, language: Option<&str>) -> &'a str {
        language
            .and_then(|language| best(texts, language))
            .or_else(|| texts.get(&self.language))
            .or_else(|| texts.values().next())
            .map_or("", String::as_str)
    }
}

/// A text for `de` serves `de-AT` too. Case does not matter.
fn best<'a, T>(by_language: &'a BTreeMap<String, T>, language: &str) -> Option<&'a T> {
    let language = language.to_ascii_lowercase();
    let primary = language.split('-').next().unwrap_or_default();
    by_language.get(&language).or_else(|| by_language.get(primary))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(language, text)| ((*language).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_regional_tag_is_satisfied_by_its_language_and_an_unknown_one_by_the_own_text() {
        let presentation = BudgetPresentation::default();
        let texts = texts(&[("de", "Steuer"), ("en", "Tax"), ("pt-br", "Imposto")]);
        for (asked, expected) in [
            (Some("de-AT"), "Steuer"),
            (Some("DE"), "Steuer"),
            (Some("pt-BR"), "Imposto"),
            (Some("xx"), "Tax"),
            (Some(""), "Tax"),
            (None, "Tax"),
        ] {
            assert_eq!(presentation.text(&texts, asked), expected, "{asked:?}");
        }
    }

    #[test]
    fn the_own_text_is_better_than_a_translation_into_nearly_the_same() {
        let mut presentation = BudgetPresentation { language: "de-AT".to_owned(), ..BudgetPresentation::default() };
        presentation.translations.insert("de".to_owned(), Translation::default());
        assert!(presentation.translation("de-at").is_none());
        assert!(presentation.translation("de").is_some() && presentation.translation("de-CH").is_some());
    }

    #[test]
    fn a_misspelt_field_is_refused_instead_of_ignored() {
        assert!(serde_json::from_str::<BudgetPresentation>(r#"{"language":"en","startPositon":"equal"}"#).is_err());
        let minimal: BudgetPresentation = serde_json::from_str(r#"{"language":"en"}"#).unwrap();
        assert_eq!(minimal, BudgetPresentation::default());
    }
}
