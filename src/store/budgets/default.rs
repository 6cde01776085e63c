//! The budget of a new database, read from `budgets/federal.json`. The file names its sources in the description.

use crate::{domain::budget::NewBudget, store::StoreError};

const FEDERAL: &str = include_str!("../../../budgets/federal.json");

/// `federal`, open without end.
pub(super) fn federal() -> Result<NewBudget, StoreError> {
    serde_json::from_str(FEDERAL).map_err(|error| StoreError::Corrupt("default budget", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::allocation::Allocation;

    #[test]
    fn the_real_budget_adds_up_and_every_colour_keeps_3_to_1_against_both_grounds() {
        let budget = federal().unwrap();
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
        let budget = federal().unwrap();
        let presentation = &budget.presentation;
        assert_eq!(presentation.languages().collect::<Vec<_>>(), ["en", "ar", "de", "es", "fr"]);
        for (language, translation) in &presentation.translations {
            assert!(translation.title.is_some() && translation.description.is_some(), "{language}");
            for category in &budget.categories {
                assert!(translation.categories.contains_key(&category.key), "{language}: {}", category.key);
            }
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

    /// The colours were searched for: 3:1 against the light and the dark page leaves one narrow band of lightness. Within it
    /// they are as far apart as possible for colour-blind readers too, neighbours in the stacked bar twice as far.
    #[test]
    fn colours_stay_apart_for_colour_blind_readers_and_neighbours_most() {
        let colors: Vec<[f64; 3]> =
            federal().unwrap().categories.iter().map(|category| linear(&category.color)).collect();
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

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |color: &str| {
            let [red, green, blue] = linear(color);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}
