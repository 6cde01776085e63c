//! The ids of the desk's objects: the kind and the number. No two objects have the same id, because clients keep all
//! objects in one map by `id` alone.

use async_graphql::ID;

use crate::{
    domain::{
        budget::BudgetId,
        desk::{AccountId, InvitationId, SessionId},
        exclusion::ExclusionId,
    },
    fault::{ErrorCode, Fault},
    store::jobs::JobId,
};

/// A number in the store that has an id at the desk.
pub trait Numbered: Sized {
    /// The name of the type in the schema.
    const KIND: &'static str;
    /// Creates it from the number.
    fn of_number(number: i64) -> Self;
    /// Returns the number.
    fn number(&self) -> i64;
}

macro_rules! numbered {
    ($($id:ident: $kind:literal),+) => {
        $(impl Numbered for $id {
            const KIND: &'static str = $kind;

            fn of_number(number: i64) -> Self {
                Self(number)
            }

            fn number(&self) -> i64 {
                self.0
            }
        })+
    };
}

// The public budget has an id of its own.
numbered!(BudgetId: "DeskBudget", AccountId: "Account", SessionId: "DeskSession", InvitationId: "Invitation", ExclusionId: "DeskExclusion", JobId: "Job");

/// Returns the id of an object.
pub fn encode<T: Numbered>(id: &T) -> ID {
    ID(format!("{}:{}", T::KIND, id.number()))
}

/// Returns the object of an id.
pub fn decode<T: Numbered>(id: &ID) -> Result<T, Fault> {
    let number = id.strip_prefix(T::KIND).and_then(|rest| rest.strip_prefix(':'));
    let number = number.and_then(|number| number.parse().ok());
    number.map(T::of_number).ok_or_else(|| {
        Fault::new(ErrorCode::NotFound, format!("This is not the id of an object of the type {}.", T::KIND))
    })
}
