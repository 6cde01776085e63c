//! Texts that a language of a budget lacks.

use super::BudgetDraft;

/// A text that is not translated yet. People read it in the budget's own language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingText {
    /// The language, as a BCP 47 tag.
    pub language: String,
    /// Where it belongs in the draft, for example `translations.de.categories.parks.label`.
    pub path: String,
}

/// Every text that is there in the budget's own language and lacks in another one of its languages.
pub fn missing_texts(draft: &BudgetDraft) -> Vec<MissingText> {
    let mut missing = Vec::new();
    for (language, texts) in &draft.translations {
        let mut look = |path: String, own: &str, translated: Option<&str>| {
            if !is_blank(own) && translated.is_none_or(is_blank) {
                missing
                    .push(MissingText { language: language.clone(), path: format!("translations.{language}.{path}") });
            }
        };
        look("title".to_owned(), &draft.title, texts.title.as_deref());
        look("description".to_owned(), draft.description.as_deref().unwrap_or_default(), texts.description.as_deref());
        for category in &draft.categories {
            let translated = texts.categories.get(&category.key);
            let key = &category.key;
            look(format!("categories.{key}.label"), &category.label, translated.map(|it| it.label.as_str()));
            let description = translated.map(|it| it.description.as_str());
            look(format!("categories.{key}.description"), &category.description, description);
        }
    }
    for language in std::iter::once(&draft.language).chain(draft.translations.keys()) {
        let Some(illustration) = &draft.tax_illustration else { break };
        let mut look = |path: String, texts: &std::collections::BTreeMap<String, String>| {
            if texts.get(language).is_none_or(|text| is_blank(text)) {
                missing.push(MissingText {
                    language: language.clone(),
                    path: format!("taxIllustration.{path}.{language}"),
                });
            }
        };
        look("note".to_owned(), &illustration.note);
        for (index, tax) in illustration.taxes.iter().enumerate() {
            look(format!("taxes[{index}].label"), &tax.label);
        }
    }
    missing
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
