//! Global ids, which are the values of the field `id`. No two objects of the schema have the same id, even if their
//! types differ, because clients such as Relay keep all objects in one map by `id` alone.

use async_graphql::ID;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::domain::budget::BudgetId;

/// The object that an `id` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlobalId {
    /// A budget, by its number in the store.
    Budget(BudgetId),
    /// A category, by its number in the store.
    Category(i64),
    /// A submission, by its UUID.
    Submission(Uuid),
}

impl GlobalId {
    /// Returns the id as clients see it.
    pub fn encode(self) -> ID {
        let numbered = |kind: &str, number: i64| ID(BASE64_URL_SAFE_NO_PAD.encode(format!("{kind}:{number}")));
        match self {
            Self::Budget(BudgetId(number)) => numbered("Budget", number),
            Self::Category(number) => numbered("Category", number),
            // A UUID is unique already, and people have shared addresses of results that contain it.
            Self::Submission(id) => ID(id.to_string()),
        }
    }

    /// Returns the object of an id from [`encode`](Self::encode). An id in any other spelling names nothing, because a
    /// client would keep the same object under two ids.
    pub fn decode(id: &str) -> Option<Self> {
        let numbered = || {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
            let (kind, number) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
            let number = number.parse().ok()?;
            match kind {
                "Budget" => Some(Self::Budget(BudgetId(number))),
                "Category" => Some(Self::Category(number)),
                _ => None,
            }
        };
        let object = numbered().or_else(|| Uuid::parse_str(id).ok().map(Self::Submission))?;
        (object.encode().as_str() == id).then_some(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_an_id_of_its_own_that_names_it_again() {
        let uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        let objects = [1, 2, i64::MAX].into_iter().flat_map(|number| {
            [GlobalId::Budget(BudgetId(number)), GlobalId::Category(number), GlobalId::Submission(uuid)]
        });
        for object in objects.clone() {
            let id = object.encode();
            assert_eq!(GlobalId::decode(&id), Some(object), "{id:?}");
            let same = objects.clone().filter(|other| *other != object && other.encode() == id);
            assert_eq!(same.count(), 0, "{object:?}");
        }
    }

    #[test]
    fn what_is_no_id_in_exactly_its_spelling_names_nothing() {
        let encoded = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        for id in [
            String::new(),
            "1".to_owned(),
            "Budget:1".to_owned(),
            encoded("Budget"),
            encoded("Budget:"),
            encoded("Budget:01"),
            encoded("Budget:+1"),
            encoded("Budget:1 "),
            encoded("Budget:9223372036854775808"),
            encoded("budget:1"),
            encoded("Viewer:1"),
            encoded("Budget:1") + "=",
            BASE64_URL_SAFE_NO_PAD.encode([0xFF; 8]),
            "01900000000070008000000000000001".to_owned(),
            "{01900000-0000-7000-8000-000000000001}".to_owned(),
            "0190000A-0000-7000-8000-000000000001".to_owned(),
        ] {
            assert_eq!(GlobalId::decode(&id), None, "{id}");
        }
    }
}
