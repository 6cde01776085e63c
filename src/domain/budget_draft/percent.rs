//! A share as a number of per cent.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

use crate::domain::share::Share;

/// A share that files write as a number from 0 to 100 with at most 2 decimals. It is read from digits and never rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentNumber(pub Share);

impl Serialize for PercentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_string();
        match text.strip_suffix(".00").map(str::parse::<u64>) {
            Some(Ok(whole)) => serializer.serialize_u64(whole),
            // The shortest digits of the nearest float are the same digits.
            _ => serializer.serialize_f64(text.parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

impl<'de> Deserialize<'de> for PercentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PercentVisitor)
    }
}

struct PercentVisitor;

impl Visitor<'_> for PercentVisitor {
    type Value = PercentNumber;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number from 0 to 100 with at most 2 decimals")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<PercentNumber, E> {
        of_digits(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<PercentNumber, E> {
        of_digits(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<PercentNumber, E> {
        of_digits(&number.to_string())
    }
}

fn of_digits<E: Error>(digits: &str) -> Result<PercentNumber, E> {
    Share::parse_percent(digits).map(PercentNumber).map_err(|error| E::custom(format!("{digits} {error}")))
}

impl JsonSchema for PercentNumber {
    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 100, "multipleOf": 0.01 })
    }
}
