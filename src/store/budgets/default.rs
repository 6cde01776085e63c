//! The budget that a new database begins with.

use crate::domain::{
    budget::{Budget, BudgetId, BudgetStatus, Category},
    presentation::Presentation,
    share::Share,
};

/// US federal outlays of fiscal year 2025: Final Monthly Treasury Statement, September 2025, table 9.
/// Key, label, description, colour, real share in basis points.
const FEDERAL: [(&str, &str, &str, &str, u16); 10] = [
    ("healthcare", "Healthcare", "Public health services, Medicare, Medicaid", "#c0503c", 2818),
    ("education", "Education", "Public schools, universities, student aid", "#3f7fb5", 99),
    ("defense", "Defense & Military", "Armed forces, veterans affairs, national security", "#6d7a3a", 1846),
    ("infrastructure", "Infrastructure", "Roads, bridges, public transit, utilities", "#b0702a", 208),
    ("social-security", "Social Security", "Retirement benefits, disability insurance", "#8462a8", 2255),
    ("environment", "Environment", "Climate action, conservation, renewable energy", "#2f8a5b", 156),
    ("science", "Science & Research", "Scientific research, space exploration, innovation", "#2a8a96", 60),
    ("public-safety", "Public Safety", "Police, fire departments, emergency services", "#b5507f", 121),
    ("housing", "Housing & Community", "Affordable housing, urban development", "#947a4a", 232),
    ("other", "Other", "Interest on the debt, income support, and all other government services", "#77777f", 2205),
];

const NOTES: &str = "Federal spending only: most schooling, policing and roads are paid by states and towns. \
Education is unusually low this year because of student-loan re-estimates (five-year mean 3.7 %). \
More than half of Other is interest on the debt. \
Real shares: US federal outlays, fiscal year 2025, Final Monthly Treasury Statement, September 2025, table 9.";

/// `federal`, open without end.
pub(super) fn federal() -> Budget {
    let category =
        |(position, (key, label, description, color, actual)): (i32, (&str, &str, &str, &str, u16))| Category {
            id: 0,
            key: key.to_owned(),
            label: label.to_owned(),
            description: description.to_owned(),
            color: color.to_owned(),
            position,
            actual: Share::from_basis_points(actual),
        };
    Budget {
        id: BudgetId(0),
        slug: "federal".to_owned(),
        title: "How would you spend the federal budget?".to_owned(),
        description: Some(NOTES.to_owned()),
        currency: "USD".to_owned(),
        total_amount: Some(7_009_974_000_000),
        status: BudgetStatus::Open,
        opens_at: None,
        closes_at: None,
        categories: (0..).zip(FEDERAL).map(category).collect(),
        presentation: presentation(),
    }
}

/// Its texts in other languages, and what an income pays (see the note in the file for the sources).
fn presentation() -> Presentation {
    serde_json::from_str(include_str!("federal.json")).expect("a test reads this file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::allocation::Allocation;

    #[test]
    fn the_real_budget_adds_up_and_every_colour_keeps_3_to_1_against_both_grounds() {
        let budget = federal();
        let real = budget.categories.iter().filter_map(|category| category.actual).collect();
        assert!(Allocation::from_shares(real).is_ok());
        for category in &budget.categories {
            for ground in ["#ffffff", "#14120f"] {
                let ratio = contrast(&category.color, ground);
                assert!(ratio >= 3.0, "{} on {ground}: {ratio:.2}", category.key);
            }
        }
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        let budget = federal();
        let presentation = &budget.presentation;
        assert_eq!(presentation.languages().collect::<Vec<_>>(), ["en", "ar", "de", "es", "fr"]);
        for (language, translation) in &presentation.translations {
            assert!(translation.title.is_some() && translation.description.is_some(), "{language}");
            assert!(
                budget.keys().eq(budget.keys().filter(|key| translation.categories.contains_key(*key))),
                "{language}"
            );
            assert_eq!(translation.categories.len(), budget.categories.len(), "{language}");
        }
        let taxes = presentation.tax_illustration.as_ref().unwrap();
        for texts in taxes.taxes.iter().map(|tax| &tax.label).chain([&taxes.note]) {
            assert!(presentation.languages().all(|language| texts.contains_key(language)));
        }
        for tax in &taxes.taxes {
            assert!(tax.brackets.is_sorted_by(|a, b| a.above < b.above));
        }
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |color: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}
