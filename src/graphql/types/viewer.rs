//! The caller and their submissions.

use async_graphql::{
    ComplexObject, Context, ID, Object, SimpleObject,
    connection::{CursorType, PageInfo},
};
use chrono::DateTime;
use uuid::Uuid;

use super::{
    super::{
        caller::Caller,
        cost_directives::{cost, list_size},
    },
    submission::SubmissionNode,
};
use crate::{
    domain::violation::Violation,
    fault::Fault,
    service::Services,
    store::submissions::{HistoryCursor, Submission},
};

const DEFAULT_PAGE: i32 = 20;
const MAX_PAGE: i32 = 100;

/// The caller, as a cookie or bearer token identifies them.
pub struct Viewer;

/// A page of submissions, newest first.
#[derive(SimpleObject)]
#[graphql(complex)]
struct SubmissionConnection {
    /// The submissions, each with its cursor.
    edges: Vec<SubmissionEdge>,
    /// Whether there are more submissions, and the cursors to continue with.
    page_info: PageInfo,
}

/// One submission of a page, with its cursor.
#[derive(SimpleObject)]
struct SubmissionEdge {
    /// The position of the submission in the list.
    cursor: String,
    /// The submission.
    node: SubmissionNode,
}

#[ComplexObject]
impl SubmissionConnection {
    /// The submissions without their cursors.
    async fn nodes(&self) -> Vec<&SubmissionNode> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }
}

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

/// The caller, as a cookie or bearer token identifies them.
#[Object]
impl Viewer {
    /// The id of the anonymous participant. Null if no cookie or token names one.
    async fn participant(&self, context: &Context<'_>) -> Option<ID> {
        context.data_unchecked::<Caller>().participant.map(|participant| ID(participant.to_string()))
    }

    /// The submissions of this participant, newest first. Empty if no cookie or token names a participant.
    #[graphql(directive = list_size::apply(Some(DEFAULT_PAGE), Some(vec!["first".to_owned()])), directive = cost::apply("50".to_owned()))]
    async fn submissions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The maximum number of submissions, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Only submissions older than this cursor are returned.")] after: Option<String>,
    ) -> Result<SubmissionConnection, Fault> {
        let invalid = |path, rule, message| Fault::invalid(vec![Violation::new(path, rule, message)]);
        let first = first.unwrap_or(DEFAULT_PAGE);
        let limit = u64::try_from(first).ok().filter(|_| (1..=MAX_PAGE).contains(&first)).ok_or_else(|| {
            invalid("first", "RANGE", format!("{first} submissions are not possible. Ask for 1 to {MAX_PAGE}."))
        })?;
        let after = after.map(|after| Cursor::decode_cursor(&after)).transpose();
        let after = after.map_err(|message| invalid("after", "CURSOR", message))?;
        let has_previous_page = after.is_some();
        let store = &context.data_unchecked::<Services>().store;
        let mut rows = match context.data_unchecked::<Caller>().participant {
            // One more row than requested shows whether there is another page.
            Some(participant) => store.history(participant, after.map(|cursor| cursor.0), limit + 1).await?,
            None => Vec::new(),
        };
        let has_next_page = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let edges: Vec<SubmissionEdge> = rows.into_iter().map(SubmissionEdge::new).collect();
        let cursor = |edge: Option<&SubmissionEdge>| edge.map(|edge| edge.cursor.clone());
        let (start_cursor, end_cursor) = (cursor(edges.first()), cursor(edges.last()));
        Ok(SubmissionConnection {
            edges,
            page_info: PageInfo { has_previous_page, has_next_page, start_cursor, end_cursor },
        })
    }
}

impl SubmissionEdge {
    fn new(row: Submission) -> Self {
        let cursor = Cursor(HistoryCursor { submitted_at: row.submitted_at, id: row.id });
        Self { cursor: cursor.encode_cursor(), node: SubmissionNode(row) }
    }
}
