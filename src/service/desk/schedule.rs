//! When a budget opens and closes, by the clock of a place.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::domain::{
    budget::PresentedBudget,
    local_time::{self, LocalTime},
    violation::Violation,
};

/// Times to set. `None` leaves one as it is, and `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// The local time of opening, for example `2026-11-26T08:00`.
    pub opens_at: Option<Option<String>>,
    /// The local time of closing.
    pub closes_at: Option<Option<String>>,
    /// The name of the time zone in the IANA database. `None`: that of the budget.
    pub time_zone: Option<String>,
}

impl Times {
    /// The patch of the draft that sets these times. Fails if a time does not exist in its place.
    pub fn patch(&self, budget: &PresentedBudget) -> Result<Value, Vec<Violation>> {
        let name = self.time_zone.as_deref().unwrap_or(&budget.time_zone);
        let Some(zone) = local_time::time_zone(name) else {
            let message = format!("\"{name}\" is not a time zone such as Europe/Berlin or UTC.");
            return Err(vec![Violation::new("timeZone", "TIME_ZONE", message)]);
        };
        let mut patch = Map::from_iter([("timeZone".to_owned(), json!(name))]);
        let mut violations = Vec::new();
        for (path, time) in [("opensAt", &self.opens_at), ("closesAt", &self.closes_at)] {
            let Some(time) = time else { continue };
            let moment = time.as_deref().map(|text| local_time::resolve(text, zone)).transpose();
            match moment {
                Ok(moment) => drop(patch.insert(path.to_owned(), json!(moment.map(rfc_3339)))),
                Err(error) => violations.push(Violation::new(path, "LOCAL_TIME", format!("{error}."))),
            }
        }
        if violations.is_empty() { Ok(Value::Object(patch)) } else { Err(violations) }
    }
}

/// A moment by the clock of the budget's place. UTC if the time zone was written by hand and is unknown.
pub fn local(budget: &PresentedBudget, moment: DateTime<Utc>) -> LocalTime {
    local_time::describe(moment, local_time::time_zone(&budget.time_zone).unwrap_or(local_time::UTC))
}

fn rfc_3339(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
