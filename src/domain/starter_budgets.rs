//! The budgets that the program ships with. Organisers begin with them, and a new database with the first one.

use super::budget_draft::{BudgetDraft, file};

/// A budget to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StarterBudget {
    /// The slug in its file, by which it is named.
    pub name: &'static str,
    /// ISO 3166-1 code of its country.
    pub country: &'static str,
    text: &'static str,
}

/// Every starter budget. The files name the sources of their figures.
pub const STARTER_BUDGETS: [StarterBudget; 4] = [
    StarterBudget { name: "federal", country: "US", text: include_str!("../../budgets/federal.yaml") },
    StarterBudget { name: "california", country: "US", text: include_str!("../../budgets/california.yaml") },
    StarterBudget { name: "new-york-city", country: "US", text: include_str!("../../budgets/new-york-city.yaml") },
    StarterBudget { name: "germany", country: "DE", text: include_str!("../../budgets/germany.yaml") },
];

impl StarterBudget {
    /// The starter budget with this name.
    pub fn named(name: &str) -> Option<Self> {
        STARTER_BUDGETS.into_iter().find(|starter| starter.name == name)
    }

    /// Reads its file, which is a part of the program.
    #[allow(clippy::expect_used)]
    pub fn draft(self) -> BudgetDraft {
        file::parse(self.text).expect("a test reads every file that is embedded")
    }
}

/// The budget of a new database.
pub fn federal() -> BudgetDraft {
    STARTER_BUDGETS[0].draft()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        budget::BudgetStatus,
        budget_draft::{check, missing_texts},
    };

    #[test]
    fn every_starter_budget_keeps_every_rule_and_has_every_text_in_each_of_its_languages() {
        for starter in STARTER_BUDGETS {
            let draft = starter.draft();
            assert_eq!(draft.slug, starter.name);
            assert_eq!((check(&draft), missing_texts(&draft)), (Vec::new(), Vec::new()), "{}", starter.name);
            assert!(draft.categories.iter().all(|category| category.actual_percent.is_some()), "{}", starter.name);
            assert!(starter.text.starts_with('#') && starter.text.contains("http"), "{} names no source", starter.name);
        }
        assert_eq!(StarterBudget::named("federal"), Some(STARTER_BUDGETS[0]));
    }

    #[test]
    fn the_budget_of_a_new_database_is_in_the_five_languages_of_the_page() {
        let budget = federal().into_new_budget(BudgetStatus::Open);
        assert_eq!(budget.presentation.languages().collect::<Vec<_>>(), ["en", "ar", "de", "es", "fr"]);
    }

    /// The colours were searched for: 3:1 against the light and the dark page leaves one narrow band of lightness. Within it they
    /// are as far apart as possible for colour-blind readers too, neighbours in the stacked bar twice as far.
    #[test]
    fn colours_stay_apart_for_colour_blind_readers_and_neighbours_most() {
        let colors: Vec<[f64; 3]> = federal().categories.iter().map(|category| linear(&category.color)).collect();
        for (i, a) in colors.iter().enumerate() {
            for (j, b) in colors.iter().enumerate().skip(i + 1) {
                let least = if j == i + 1 { 0.11 } else { 0.05 };
                for (name, sight) in SIGHTS {
                    let distance =
                        (0..3).map(|k| (oklab(sight, a)[k] - oklab(sight, b)[k]).powi(2)).sum::<f64>().sqrt();
                    assert!(distance >= least, "{i} and {j}, {name}: {distance:.3}");
                }
            }
        }
    }

    type Matrix = [[f64; 3]; 3];

    /// Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB.
    const SIGHTS: [(&str, Matrix); 4] = [
        ("full colour", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        ("protanopia", [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
        ("deuteranopia", [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
        ("tritanopia", [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]),
    ];
    /// Ottosson 2020, <https://bottosson.github.io/posts/oklab/>.
    const CONES: Matrix = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]];
    const LAB: Matrix = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]];

    fn oklab(sight: Matrix, color: &[f64; 3]) -> [f64; 3] {
        let times = |matrix: Matrix, v: [f64; 3]| matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
        times(LAB, times(CONES, times(sight, *color).map(|channel| channel.clamp(0.0, 1.0))).map(f64::cbrt))
    }

    fn linear(color: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }
}
