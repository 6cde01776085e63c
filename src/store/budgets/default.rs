//! The budget that a new database begins with.

use crate::domain::{
    budget::{Budget, BudgetId, BudgetStatus, Category},
    presentation::Presentation,
    share::Share,
};

/// US federal outlays of fiscal year 2025: Final Monthly Treasury Statement, September 2025, table 9.
/// Key, label, description, colour, real share in basis points.
///
/// The colours were searched for: 3:1 against the light and the dark page leaves one narrow band of lightness, and within it
/// they are as far apart as may be for colour-blind readers too, neighbours in the stacked bar twice as far.
const FEDERAL: [(&str, &str, &str, &str, u16); 10] = [
    ("healthcare", "Healthcare", "Public health services, Medicare, Medicaid", "#7d955d", 2818),
    ("education", "Education", "Public schools, universities, student aid", "#0e7866", 99),
    ("defense", "Defense & Military", "Armed forces, veterans affairs, national security", "#9d75bf", 1846),
    ("infrastructure", "Infrastructure", "Roads, bridges, public transit, utilities", "#b5495b", 208),
    ("social-security", "Social Security", "Retirement benefits, disability insurance", "#845cb2", 2255),
    ("environment", "Environment", "Climate action, conservation, renewable energy", "#c57b04", 156),
    ("science", "Science & Research", "Scientific research, space exploration, innovation", "#4f8ee4", 60),
    ("public-safety", "Public Safety", "Police, fire departments, emergency services", "#a16085", 121),
    ("housing", "Housing & Community", "Affordable housing, urban development", "#537b03", 232),
    ("other", "Other", "Interest on the debt, income support, and all other government services", "#b67b9d", 2205),
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
