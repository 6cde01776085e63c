//! The JSON that is stored or sent to other nodes, with the number of its format.
//!
//! Nodes of two releases may run together, and each reads what the other writes. A release that adds a field keeps the
//! number: older releases ignore the field, and `#[serde(default)]` on it lets newer ones read values without it. A release
//! whose values an older one would misread raises the number: the older release then refuses them.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{presentation::BudgetPresentation, snapshot::Snapshot, tally::Delta};

/// What is stored or sent as JSON.
pub trait Persisted: Serialize + DeserializeOwned {
    /// The number that is written. Values with a lower one can be read, and a value without any has the first.
    const FORMAT: u32;
}

impl Persisted for Delta {
    const FORMAT: u32 = FIRST;
}

impl Persisted for Snapshot {
    const FORMAT: u32 = FIRST;
}

impl Persisted for BudgetPresentation {
    const FORMAT: u32 = FIRST;
}

const FIRST: u32 = 1;

/// Why a value cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A newer release wrote it.
    #[error("it has format {0}, which only a newer release can read")]
    Newer(u32),
    /// No release wrote it.
    #[error(transparent)]
    Malformed(#[from] serde_json::Error),
}

#[derive(Serialize)]
struct WithFormat<'a, T> {
    format: u32,
    #[serde(flatten)]
    value: &'a T,
}

/// The text of a value.
pub fn to_json<T: Persisted>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(&WithFormat { format: T::FORMAT, value })
}

/// As [`to_json`], for a column of JSON.
pub fn to_value<T: Persisted>(value: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_value(WithFormat { format: T::FORMAT, value })
}

/// Reads what [`to_json`] of this or an older release wrote.
pub fn from_json<T: Persisted>(json: &str) -> Result<T, FormatError> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default = "first")]
        format: u32,
    }
    // A pass of its own: a flattened field would have serde keep the whole value in memory twice.
    check::<T>(serde_json::from_str::<Head>(json)?.format)?;
    Ok(serde_json::from_str(json)?)
}

/// As [`from_json`]. The type may refuse unknown fields: the format is not one of them.
pub fn from_value<T: Persisted>(mut value: Value) -> Result<T, FormatError> {
    if let Some(format) = value.as_object_mut().and_then(|fields| fields.remove("format")) {
        check::<T>(serde_json::from_value(format)?)?;
    }
    Ok(serde_json::from_value(value)?)
}

fn check<T: Persisted>(format: u32) -> Result<(), FormatError> {
    if format > T::FORMAT { Err(FormatError::Newer(format)) } else { Ok(()) }
}

fn first() -> u32 {
    FIRST
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Debug};

    use chrono::DateTime;

    use super::*;
    use crate::domain::{
        allocation::Allocation,
        budget::Budget,
        presentation::{CategoryTranslation, IllustratedTax, StartPosition, TaxBracket, TaxIllustration, Translation},
        share::Share,
        snapshot::Revision,
        tally::Tally,
    };

    fn tally() -> Tally {
        let mut tally = Tally::default();
        for shares in [[0, 10_000], [2_500, 7_500], [5_000, 5_000]] {
            let shares = shares.map(|share| Share::from_basis_points(share).unwrap());
            tally.count(&Allocation::from_shares(shares.to_vec()).unwrap());
            tally.record_submission();
        }
        tally
    }

    fn delta() -> Delta {
        let mut delta = tally();
        let before = [Share::from_basis_points(3_333).unwrap(), Share::from_basis_points(6_667).unwrap()];
        delta.discount(&Allocation::from_shares(before.to_vec()).unwrap());
        delta
    }

    fn snapshot() -> Snapshot {
        let as_of = DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap();
        let revision = Revision { epoch: 1_763_999_000_000, version: 42 };
        Snapshot::derive(&Budget::sample(&["a", "b"]), &tally(), revision, as_of)
    }

    fn presentation() -> BudgetPresentation {
        let texts = |text: &str| BTreeMap::from([("de".to_owned(), text.to_owned())]);
        let category = CategoryTranslation { label: "Erste".to_owned(), description: "Die erste".to_owned() };
        let translation = Translation {
            title: Some("Titel".to_owned()),
            description: None,
            categories: BTreeMap::from([("a".to_owned(), category)]),
        };
        let bracket = TaxBracket { above: 10_000, rate_basis_points: 1_250 };
        BudgetPresentation {
            start_position: StartPosition::Actual,
            language: "en".to_owned(),
            translations: BTreeMap::from([("de".to_owned(), translation)]),
            tax_illustration: Some(TaxIllustration {
                note: texts("Hinweis"),
                incomes: vec![30_000],
                taxes: vec![IllustratedTax { label: texts("Steuer"), brackets: vec![bracket] }],
            }),
        }
    }

    /// What this release writes is in `golden/now`, and what the first release wrote in `golden/first`. A file in `first` is
    /// never changed: databases and other nodes hold such values.
    fn check_golden<T: Persisted + PartialEq + Debug>((value, now): (&T, &str), (first_value, first): (&T, &str)) {
        let (now, first) = (now.trim_end(), first.trim_end());
        assert_eq!(to_json(value).unwrap(), now);
        for (json, value) in [(now, value), (first, first_value)] {
            assert_eq!(&from_value::<T>(serde_json::from_str(json).unwrap()).unwrap(), value);
        }
        assert_eq!(to_value(value).unwrap(), serde_json::from_str::<Value>(now).unwrap());
        let newer = now.replacen("{\"format\":1,", &format!("{{\"format\":{},", T::FORMAT + 1), 1);
        assert!(matches!(from_json::<T>(&newer), Err(FormatError::Newer(_))), "{newer}");
        assert!(matches!(from_value::<T>(serde_json::from_str(&newer).unwrap()), Err(FormatError::Newer(_))));
    }

    #[test]
    fn what_is_written_stays_as_it_is_and_what_was_ever_written_is_read() {
        // A field that is newer than the first release has another value there.
        let (delta, snapshot, presentation) = (delta(), snapshot(), presentation());
        check_golden(
            (&delta, include_str!("golden/now/delta.json")),
            (&delta, include_str!("golden/first/delta.json")),
        );
        check_golden(
            (&snapshot, include_str!("golden/now/snapshot.json")),
            (&snapshot, include_str!("golden/first/snapshot.json")),
        );
        check_golden(
            (&presentation, include_str!("golden/now/presentation.json")),
            (&presentation, include_str!("golden/first/presentation.json")),
        );
    }

    #[test]
    fn a_delta_and_a_snapshot_of_an_older_or_a_newer_release_are_read() {
        for json in [include_str!("golden/now/delta.json"), include_str!("golden/first/delta.json")] {
            assert_eq!(from_json::<Delta>(json).unwrap(), delta());
            assert_eq!(from_json::<Delta>(&with_news(json)).unwrap(), delta());
        }
        for json in [include_str!("golden/now/snapshot.json"), include_str!("golden/first/snapshot.json")] {
            assert_eq!(from_json::<Snapshot>(json).unwrap(), snapshot());
            assert_eq!(from_json::<Snapshot>(&with_news(json)).unwrap(), snapshot());
        }
    }

    /// The same with a field that only a newer release knows, in the value and in each category.
    fn with_news(json: &str) -> String {
        let mut value: Value = serde_json::from_str(json).unwrap();
        value["news"] = Value::from(7);
        for category in value["categories"].as_array_mut().unwrap() {
            category["news"] = Value::from(5_000);
        }
        value.to_string()
    }
}
