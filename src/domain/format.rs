//! The JSON that is stored or sent to other nodes, with the number of its format.
//!
//! Nodes of two releases may run together, and each reads what the other writes. A release that adds a field keeps the
//! number: older releases ignore the field, and `#[serde(default)]` on it lets newer ones read values without it. A release
//! whose values an older one would misread raises the number: the older release then refuses them.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{delta::Delta, held_back::HeldBack, presentation::BudgetPresentation, snapshot::Snapshot, tally::Tally};

/// What is stored or sent as JSON.
pub trait Persisted: Serialize + DeserializeOwned {
    /// The highest number that is written and read. A value without any has the first.
    const FORMAT: u32;
    /// The lowest number that can be read.
    const OLDEST: u32 = FIRST;

    /// The number that this value is written with: a lower one than [`FORMAT`](Self::FORMAT) if older releases read it rightly.
    fn format(&self) -> u32 {
        Self::FORMAT
    }
}

/// Format 1 summed all changes. A node that writes it does not know what must be held back. Format 3 takes ballots out of the
/// count and puts them back; all other changes are still written in format 2, so that nodes of the release before fold them.
impl Persisted for Delta {
    const FORMAT: u32 = 3;

    fn format(&self) -> u32 {
        if self.has_exclusions() { Self::FORMAT } else { 2 }
    }
}

/// Format 1 showed every ballot at once, so it is not read: subtracting it from a later snapshot would show the ballots that
/// are held back.
impl Persisted for Snapshot {
    const FORMAT: u32 = 2;
    const OLDEST: u32 = 2;
}

impl Persisted for HeldBack {
    const FORMAT: u32 = FIRST;
}

/// What is retained of deleted submissions.
impl Persisted for Tally {
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
    /// An older release wrote it, and it must not be used any more.
    #[error("it has format {0}, which only an older release may read")]
    Older(u32),
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
    serde_json::to_string(&WithFormat { format: value.format(), value })
}

/// As [`to_json`], for a column of JSON.
pub fn to_value<T: Persisted>(value: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_value(WithFormat { format: value.format(), value })
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
    let format = value.as_object_mut().and_then(|fields| fields.remove("format"));
    check::<T>(format.map_or(Ok(FIRST), serde_json::from_value)?)?;
    Ok(serde_json::from_value(value)?)
}

fn check<T: Persisted>(format: u32) -> Result<(), FormatError> {
    match format {
        format if format > T::FORMAT => Err(FormatError::Newer(format)),
        format if format < T::OLDEST => Err(FormatError::Older(format)),
        _ => Ok(()),
    }
}

fn first() -> u32 {
    FIRST
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Debug};

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        allocation::Allocation,
        budget::Budget,
        delta::{RemovedBallot, RevisedBallot, Voice, VoiceBallot},
        participant::ParticipantId,
        presentation::{CategoryTranslation, IllustratedTax, StartPosition, TaxBracket, TaxIllustration, Translation},
        publish_every::PublishEvery,
        share::Share,
        snapshot::Revision,
        tally::Tally,
    };

    fn allocation(first: u16) -> Allocation {
        let shares = [first, 10_000 - first].map(|share| Share::from_basis_points(share).unwrap());
        Allocation::from_shares(shares.to_vec()).unwrap()
    }

    fn participant(number: u128) -> ParticipantId {
        ParticipantId(Uuid::from_u128(number))
    }

    fn tally() -> Tally {
        let mut tally = Tally::default();
        for first in [0, 2_500, 5_000] {
            tally.count(&allocation(first));
            tally.record_submission();
        }
        tally
    }

    fn delta() -> Delta {
        Delta {
            submissions: 4,
            added: Tally { submissions: 0, ..tally() },
            added_by: vec![participant(1), participant(2)],
            revised: vec![RevisedBallot {
                participant: participant(3),
                before: allocation(3_333),
                after: allocation(4_000),
            }],
            removed: vec![RemovedBallot { participant: Some(participant(4)), before: allocation(1) }],
            ..Delta::default()
        }
    }

    /// What only an organiser does.
    fn delta_of_exclusions() -> Delta {
        let voice = |voice, first| VoiceBallot { voice, ballot: allocation(first) };
        Delta {
            submissions: -1,
            excluded: vec![voice(Voice::Participant(participant(5)), 5), voice(Voice::Submission(participant(6).0), 6)],
            restored: vec![voice(Voice::Participant(participant(7)), 7)],
            forgotten: vec![participant(8)],
            ..Delta::default()
        }
    }

    /// What the first release stored: a sum, in which one ballot replaced another.
    fn first_delta() -> Delta {
        let mut untraced = Tally { submissions: 0, ..tally() };
        untraced.discount(&allocation(3_333));
        Delta { submissions: 3, untraced, ..Delta::default() }
    }

    fn held_back() -> HeldBack {
        let mut held_back = HeldBack::without_record(&Tally::default(), PublishEvery::default());
        held_back.hold(&delta());
        held_back.hold(&delta_of_exclusions());
        held_back
    }

    fn snapshot() -> Snapshot {
        let as_of = DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap();
        let revision = Revision { epoch: 1_763_999_000_000, version: 42 };
        let mut total = tally();
        let mut held_back = HeldBack::without_record(&total, PublishEvery::try_from(1).unwrap());
        let mut new = Delta::default();
        new.added.count(&allocation(7_000));
        held_back.hold(&new);
        total.add(&new.added);
        Snapshot::derive(&Budget::sample(&["a", "b"]), &total, &held_back, revision, as_of)
    }

    fn presentation() -> BudgetPresentation {
        let texts = |text: &str| BTreeMap::from([("de".to_owned(), text.to_owned())]);
        let category = CategoryTranslation { label: "Erste".to_owned(), description: "Die erste".to_owned() };
        let translation = Translation {
            title: Some("Titel".to_owned()),
            description: None,
            categories: BTreeMap::from([("a".to_owned(), category)]),
        };
        let bracket = TaxBracket { above: 10_000, rate_basis_points: Share::from_basis_points(1_250).unwrap() };
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

    /// What this release writes is in `golden/now`. It reads that, and refuses what a newer release writes.
    fn check_now<T: Persisted + PartialEq + Debug>(value: &T, now: &str) {
        let now = now.trim_end();
        assert_eq!(to_json(value).unwrap(), now);
        assert_eq!(&from_value::<T>(serde_json::from_str(now).unwrap()).unwrap(), value);
        assert_eq!(to_value(value).unwrap(), serde_json::from_str::<Value>(now).unwrap());
        let format = |number: u32| format!("{{\"format\":{number},");
        let newer = now.replacen(&format(value.format()), &format(T::FORMAT + 1), 1);
        assert!(matches!(from_json::<T>(&newer), Err(FormatError::Newer(_))), "{newer}");
        assert!(matches!(from_value::<T>(serde_json::from_str(&newer).unwrap()), Err(FormatError::Newer(_))));
    }

    #[test]
    fn what_is_written_stays_as_it_is() {
        check_now(&delta(), include_str!("golden/now/delta.json"));
        check_now(&delta_of_exclusions(), include_str!("golden/now/delta_of_exclusions.json"));
        check_now(&held_back(), include_str!("golden/now/held_back.json"));
        check_now(&tally(), include_str!("golden/now/retained_tally.json"));
        check_now(&snapshot(), include_str!("golden/now/snapshot.json"));
        check_now(&presentation(), include_str!("golden/now/presentation.json"));
    }

    /// What the first release wrote is in `golden/first`. A file there is never changed: databases hold such values.
    #[test]
    fn what_the_first_release_stored_is_read_and_the_snapshots_that_it_showed_are_refused() {
        let read = from_json::<Delta>(include_str!("golden/first/delta.json")).unwrap();
        assert_eq!(read, first_delta());
        assert_eq!(read.total(), Tally { submissions: 3, ..read.untraced.clone() });
        let read = from_value::<BudgetPresentation>(
            serde_json::from_str(include_str!("golden/first/presentation.json")).unwrap(),
        );
        assert_eq!(read.unwrap(), presentation());
        let first = include_str!("golden/first/snapshot.json");
        assert!(matches!(from_json::<Snapshot>(first), Err(FormatError::Older(1))));
        let without_format = first.replacen("\"format\":1,", "", 1);
        assert!(matches!(from_json::<Snapshot>(&without_format), Err(FormatError::Older(1))));
    }

    #[test]
    fn a_field_of_a_newer_release_is_passed_over() {
        let now = include_str!("golden/now/delta.json");
        assert_eq!(from_json::<Delta>(&with_news(now, &["added", "categories"])).unwrap(), delta());
        let now = include_str!("golden/now/snapshot.json");
        assert_eq!(from_json::<Snapshot>(&with_news(now, &["categories"])).unwrap(), snapshot());
    }

    /// The same with a field that only a newer release knows, in the value and in each category.
    fn with_news(json: &str, categories: &[&str]) -> String {
        let mut value: Value = serde_json::from_str(json).unwrap();
        value["news"] = Value::from(7);
        let mut inside = &mut value;
        for name in categories {
            inside = &mut inside[*name];
        }
        for category in inside.as_array_mut().unwrap() {
            category["news"] = Value::from(5_000);
        }
        value.to_string()
    }

    #[test]
    fn a_snapshot_takes_at_most_16_kilobytes_whatever_the_number_of_answers() {
        let mut total = Tally { participants: 1_000_000_000, submissions: 3_000_000_000, ..Tally::default() };
        let spread: Vec<(u16, i64)> = (0..=10_000).map(|share| (share, 99_990)).collect();
        for _ in 0..10 {
            total.categories.push(crate::domain::tally::CategoryTally {
                sum: 5_000_000_000_000,
                sum_of_squares: 33_000_000_000_000_000,
                histogram: spread.clone().try_into().unwrap(),
            });
        }
        let keys: Vec<String> = (0..10).map(|number| format!("a-category-with-a-long-key-{number}")).collect();
        let budget = Budget::sample(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        let revision = Revision { epoch: 1_763_999_000_000, version: 1_000_000 };
        let as_of = DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap();
        let json = to_json(&Snapshot::derive(&budget, &total, &HeldBack::default(), revision, as_of)).unwrap();
        assert!(json.len() <= 16 * 1024, "{} bytes", json.len());
    }
}
