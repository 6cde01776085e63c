//! The rules of a draft.

use std::collections::BTreeSet;

use chrono::Datelike;
use oxilangtag::LanguageTag;

use super::{BudgetDraft, TaxIllustrationDraft, TranslationDraft, file, sum_of_actual, texts::is_blank};
use crate::domain::{
    budget::Participation,
    color::{Color, LEAST_CONTRAST},
    local_time,
    percent::Percent,
    presentation::StartPosition,
    share::Share,
    visibility::ResultVisibility,
};

const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 5_000;
const MAX_LABEL: usize = 120;
const MAX_CATEGORY_DESCRIPTION: usize = 1_000;
const MAX_KEY: usize = 64;
const CATEGORIES: std::ops::RangeInclusive<usize> = 2..=30;
const SLUG: std::ops::RangeInclusive<usize> = 2..=64;
const MAX_LANGUAGES: usize = 30;
const MAX_INCOMES: usize = 8;
const MAX_TAXES: usize = 8;
const MAX_BRACKETS: usize = 20;
/// The years that clocks, calendars and both databases agree about.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9999;

/// A rule that a draft breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, for example `categories[2].color`.
    pub path: String,
    /// The stable name of the rule.
    pub rule: &'static str,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
    /// Whether the budget cannot be opened with it.
    pub blocking: bool,
    /// Whether the draft cannot even be stored with it.
    pub refused: bool,
}

/// Returns every rule that a draft breaks.
pub fn check(draft: &BudgetDraft) -> Vec<Problem> {
    let mut found = Found(Vec::new());
    found.size(draft);
    found.slug(&draft.slug);
    found.own_texts(draft);
    found.currency(draft);
    found.categories(draft);
    found.actual_shares(draft);
    for (language, texts) in &draft.translations {
        found.translation(draft, language, texts);
    }
    if draft.translations.len() > MAX_LANGUAGES {
        found.refuse("translations", "LANGUAGES", format!("Take at most {MAX_LANGUAGES} languages."));
    }
    if let Some(illustration) = &draft.tax_illustration {
        found.tax_illustration(illustration);
    }
    found.times(draft);
    if draft.visibility == ResultVisibility::AfterTakingPart && draft.participation == Participation::Code {
        let message =
            "Who answers with a code is not known afterwards, so everybody sees the results only after the closing.";
        found.note("visibility", "VISIBILITY", message);
    }
    found.0
}

struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, path: impl Into<String>, rule: &'static str, message: impl Into<String>, severity: [bool; 2]) {
        let [blocking, refused] = severity;
        self.0.push(Problem { path: path.into(), rule, message: message.into(), blocking, refused });
    }

    /// What the store or an address cannot hold.
    fn refuse(&mut self, path: impl Into<String>, rule: &'static str, message: impl Into<String>) {
        self.add(path, rule, message, [true, true]);
    }

    /// What may stay unfinished until the budget is opened.
    fn block(&mut self, path: impl Into<String>, rule: &'static str, message: impl Into<String>) {
        self.add(path, rule, message, [true, false]);
    }

    /// What harms nobody.
    fn note(&mut self, path: impl Into<String>, rule: &'static str, message: impl Into<String>) {
        self.add(path, rule, message, [false, false]);
    }

    fn length(&mut self, path: impl Into<String>, text: &str, max: usize) {
        let length = text.chars().count();
        if length > max {
            let message = format!("This text has {length} characters. Shorten it to {max} at the most.");
            self.refuse(path, "LENGTH", message);
        }
    }

    /// A change adds at most one request to a draft, but there is no end of changes, and each version is kept.
    fn size(&mut self, draft: &BudgetDraft) {
        let bytes = draft.to_value().to_string().len();
        if bytes > file::MAX_BYTES {
            let message =
                format!("All texts together have {bytes} bytes. Shorten them to {} at the most.", file::MAX_BYTES);
            self.refuse("", "SIZE", message);
        }
    }

    fn slug(&mut self, slug: &str) {
        if !is_name(slug) || !SLUG.contains(&slug.len()) {
            let message = "The address takes 2 to 64 characters of a to z, 0 to 9 and hyphens, and begins and ends with a letter or digit.";
            self.refuse("slug", "SLUG", message);
        }
    }

    fn own_texts(&mut self, draft: &BudgetDraft) {
        self.length("title", &draft.title, MAX_TITLE);
        if is_blank(&draft.title) {
            self.block("title", "REQUIRED", "Write the question that people answer.");
        }
        self.length("description", draft.description.as_deref().unwrap_or_default(), MAX_DESCRIPTION);
        self.language("language", &draft.language);
    }

    fn language(&mut self, path: impl Into<String>, tag: &str) {
        if LanguageTag::parse(tag).is_err() || tag.len() > 35 {
            self.refuse(path, "LANGUAGE", format!("\"{tag}\" is not a language tag such as en or de-AT."));
        }
    }

    fn currency(&mut self, draft: &BudgetDraft) {
        let is_known = iso_currency::Currency::from_code(&draft.currency).is_some();
        if !is_known || draft.currency.bytes().any(|byte| !byte.is_ascii_uppercase()) {
            let message = format!("\"{}\" is not a currency code of ISO 4217 such as USD or EUR.", draft.currency);
            self.refuse("currency", "CURRENCY", message);
        }
        if draft.total_amount.is_some_and(|amount| amount < 0) {
            self.refuse("totalAmount", "RANGE", "The total cannot be below 0.");
        }
    }

    fn categories(&mut self, draft: &BudgetDraft) {
        let (least, most) = (*CATEGORIES.start(), *CATEGORIES.end());
        if draft.categories.len() < least {
            self.block("categories", "COUNT", format!("Add lines until there are at least {least}."));
        }
        if draft.categories.len() > most {
            self.refuse("categories", "COUNT", format!("Take at most {most} lines; people cannot weigh more."));
        }
        let mut keys = BTreeSet::new();
        for (index, category) in draft.categories.iter().enumerate() {
            let path = |field: &str| format!("categories[{index}].{field}");
            if !is_name(&category.key) || category.key.len() > MAX_KEY {
                let message = "A key takes 1 to 64 characters of a to z, 0 to 9 and hyphens, and begins and ends with a letter or digit.";
                self.refuse(path("key"), "KEY", message);
            }
            if !keys.insert(&category.key) {
                let message = format!("Another line has the key \"{}\" too. Give this one another key.", category.key);
                self.refuse(path("key"), "UNIQUE", message);
            }
            self.length(path("label"), &category.label, MAX_LABEL);
            if is_blank(&category.label) {
                self.block(path("label"), "REQUIRED", "Give this line a name.");
            }
            self.length(path("description"), &category.description, MAX_CATEGORY_DESCRIPTION);
            self.color(path("color"), &category.color);
        }
    }

    fn color(&mut self, path: String, text: &str) {
        let Some(color) = Color::parse(text) else {
            return self.refuse(path, "COLOR", format!("\"{text}\" is not a colour such as #4f8ee4."));
        };
        let contrast = color.contrast_with_page();
        if contrast < LEAST_CONTRAST {
            let message = format!(
                "This colour has a contrast of {contrast:.1} with the page in light or in dark colours. Take one with at least {LEAST_CONTRAST}, \
                 which is neither very light nor very dark."
            );
            self.block(path, "CONTRAST", message);
        }
    }

    fn actual_shares(&mut self, draft: &BudgetDraft) {
        let given = draft.categories.iter().filter(|category| category.actual_percent.is_some()).count();
        if given == 0 {
            if draft.start_position == StartPosition::Actual {
                let message = "The form cannot begin with the real shares, because no line has one.";
                self.block("startPosition", "ACTUAL", message);
            }
            return;
        }
        if given < draft.categories.len() {
            let message = "Some lines have a real share and some have none. Give one to each line, or to none.";
            return self.block("categories", "ACTUAL_MISSING", message);
        }
        let sum = sum_of_actual(draft).unwrap_or_default();
        if sum != u32::from(Share::WHOLE.basis_points()) {
            let message = format!("The real shares add up to {} %. They must add up to exactly 100 %.", Percent(sum));
            self.block("categories", "SUM", message);
        }
    }

    fn translation(&mut self, draft: &BudgetDraft, language: &str, texts: &TranslationDraft) {
        let path = |field: &str| format!("translations.{language}{field}");
        self.language(path(""), language);
        if language.eq_ignore_ascii_case(&draft.language) {
            let message = "These texts are in the budget's own language. Write them as its own texts.";
            self.refuse(path(""), "OWN_LANGUAGE", message);
        }
        self.length(path(".title"), texts.title.as_deref().unwrap_or_default(), MAX_TITLE);
        self.length(path(".description"), texts.description.as_deref().unwrap_or_default(), MAX_DESCRIPTION);
        for (key, category) in &texts.categories {
            self.length(path(&format!(".categories.{key}.label")), &category.label, MAX_LABEL);
            let description = &category.description;
            self.length(path(&format!(".categories.{key}.description")), description, MAX_CATEGORY_DESCRIPTION);
            if !draft.categories.iter().any(|own| own.key == *key) {
                let message = format!("No line has the key \"{key}\", so nobody reads these texts.");
                self.note(path(&format!(".categories.{key}")), "UNKNOWN_KEY", message);
            }
        }
    }

    fn tax_illustration(&mut self, illustration: &TaxIllustrationDraft) {
        if illustration.incomes.is_empty() || illustration.incomes.len() > MAX_INCOMES {
            let message = format!("Offer 1 to {MAX_INCOMES} incomes.");
            self.block("taxIllustration.incomes", "COUNT", message);
        }
        if illustration.incomes.iter().any(|income| *income <= 0) {
            self.block("taxIllustration.incomes", "RANGE", "An income is above 0.");
        }
        if illustration.taxes.is_empty() || illustration.taxes.len() > MAX_TAXES {
            self.block("taxIllustration.taxes", "COUNT", format!("Name 1 to {MAX_TAXES} taxes."));
        }
        let languages = illustration.taxes.iter().flat_map(|tax| tax.label.keys()).chain(illustration.note.keys());
        for language in languages.collect::<BTreeSet<_>>() {
            self.language(format!("taxIllustration.note.{language}"), language);
        }
        for (language, note) in &illustration.note {
            self.length(format!("taxIllustration.note.{language}"), note, MAX_DESCRIPTION);
        }
        for (index, tax) in illustration.taxes.iter().enumerate() {
            for (language, label) in &tax.label {
                self.length(format!("taxIllustration.taxes[{index}].label.{language}"), label, MAX_LABEL);
            }
            let path = format!("taxIllustration.taxes[{index}].brackets");
            if tax.brackets.is_empty() || tax.brackets.len() > MAX_BRACKETS {
                self.block(path.clone(), "COUNT", format!("Give this tax 1 to {MAX_BRACKETS} brackets."));
            }
            let rises = tax.brackets.is_sorted_by(|a, b| a.above < b.above);
            if !rises || tax.brackets.first().is_some_and(|bracket| bracket.above < 0) {
                self.block(path, "ORDER", "Each bracket begins above the one before it, and the first at 0 or above.");
            }
        }
    }

    fn times(&mut self, draft: &BudgetDraft) {
        for (path, moment) in [("opensAt", draft.opens_at), ("closesAt", draft.closes_at)] {
            if moment.is_some_and(|moment| !YEARS.contains(&moment.year())) {
                let message = format!("Take a time of the years {} to {}.", YEARS.start(), YEARS.end());
                self.refuse(path, "RANGE", message);
            }
        }
        if let (Some(opens_at), Some(closes_at)) = (draft.opens_at, draft.closes_at)
            && opens_at >= closes_at
        {
            self.block("closesAt", "WINDOW", "The budget closes before it opens. Take a later time.");
        }
        if local_time::time_zone(&draft.time_zone).is_none() {
            let message = format!("\"{}\" is not a time zone such as Europe/Berlin or UTC.", draft.time_zone);
            self.refuse("timeZone", "TIME_ZONE", message);
        }
    }
}

/// A name in an address: a to z, 0 to 9, and hyphens within.
fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed) && !text.starts_with('-') && !text.ends_with('-')
}
