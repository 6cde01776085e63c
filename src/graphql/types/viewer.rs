//! Who asks, and what they handed in.

use async_graphql::{
    Context, ID, Object,
    connection::{Connection, CursorType, Edge, EmptyFields},
};
use chrono::DateTime;
use uuid::Uuid;

use super::{
    super::{caller::Caller, error::ApiError},
    submission::SubmissionNode,
};
use crate::{domain::violation::Violation, service::Services, store::submissions::HistoryCursor};

const DEFAULT_PAGE: i32 = 20;
const MAX_PAGE: i32 = 100;

/// Who this cookie or token is.
pub struct Viewer;

/// A [`HistoryCursor`] as text: microseconds and id.
struct Cursor(HistoryCursor);

impl CursorType for Cursor {
    type Error = String;

    fn decode_cursor(text: &str) -> Result<Self, String> {
        let parse = || {
            let (micros, id) = text.split_once('_')?;
            let submitted_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            Some(Self(HistoryCursor { submitted_at, id: Uuid::parse_str(id).ok()? }))
        };
        parse().ok_or_else(|| "This is not a cursor of this list. Use an `endCursor` that it returned.".to_owned())
    }

    fn encode_cursor(&self) -> String {
        format!("{}_{}", self.0.submitted_at.timestamp_micros(), self.0.id.simple())
    }
}

/// Who this cookie or token is.
#[Object]
impl Viewer {
    /// The anonymous participant; null for who was never remembered.
    async fn participant(&self, context: &Context<'_>) -> Option<ID> {
        context.data_unchecked::<Caller>().participant.map(|participant| ID(participant.to_string()))
    }

    /// What this participant handed in, newest first; empty for who was never remembered.
    #[graphql(complexity = "usize::try_from(first.unwrap_or(20)).unwrap_or(1) * child_complexity")]
    async fn submissions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only those older than this cursor.")] after: Option<String>,
    ) -> Result<Connection<String, SubmissionNode, EmptyFields, EmptyFields>, ApiError> {
        let invalid = |path, rule, message| ApiError::bad_user_input(&[Violation::new(path, rule, message)]);
        let first = first.unwrap_or(DEFAULT_PAGE);
        let limit = u64::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first)).ok_or_else(|| {
            invalid("first", "RANGE", format!("{first} submissions are not possible. Ask for 1 to {MAX_PAGE}."))
        })?;
        let after = after.map(|after| Cursor::decode_cursor(&after)).transpose();
        let after = after.map_err(|message| invalid("after", "CURSOR", message))?;
        let mut connection = Connection::new(after.is_some(), false);
        let Some(participant) = context.data_unchecked::<Caller>().participant else { return Ok(connection) };
        let store = &context.data_unchecked::<Services>().store;
        // One more than asked for tells whether there are more.
        let mut rows = store.history(participant, after.map(|cursor| cursor.0), limit + 1).await?;
        connection.has_next_page = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        connection.edges = rows
            .into_iter()
            .map(|row| {
                let cursor = Cursor(HistoryCursor { submitted_at: row.submitted_at, id: row.id });
                Edge::new(cursor.encode_cursor(), SubmissionNode(row))
            })
            .collect();
        Ok(connection)
    }
}
