//! Every answer to a budget as a file: CSV for spreadsheet programs, JSON Lines for other programs, and what the columns mean.
//!
//! No file says whose an answer is. The rows of an hour are in an order that says nothing of the order of arrival.

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::SecondsFormat;
use csv::{Terminator, WriterBuilder};
use futures_util::{Stream, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, json};

use super::caller::DeskRequest;
use crate::{
    domain::{answer::Answer, budget::PresentedBudget, desk::Role, exclusion::ExclusionId},
    fault::Fault,
    graphql::percent,
    http::{pages::language::Language, respond::spreadsheet, state::HttpState},
    service::{
        Services,
        desk::answers::{Export, ExportError, ExportLimits},
    },
};

/// The number of answers in a file when it was begun, each of which is a line. Those that arrived within the last moment may
/// not be among them: it is for showing the progress.
const ANSWER_COUNT: HeaderName = HeaderName::from_static("x-answer-count");
/// Bytes of one piece of a response.
const PIECE: usize = 16 * 1024;
/// Spreadsheet programs take a file without it for one in an old encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// For spreadsheet programs in the reader's language.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// Writes the lines of one file.
struct Lines {
    budget: Arc<PresentedBudget>,
    language: Language,
    format: Format,
    reasons: HashMap<ExclusionId, String>,
}

/// The query parameters of a file's URL.
#[derive(Deserialize)]
pub struct FileQuery {
    language: Option<String>,
}

/// What the handlers of files take from a request.
type FileRequest = (ConnectInfo<SocketAddr>, Path<String>, Query<FileQuery>, HeaderMap);

/// Serves `/admin/budgets/{slug}/answers.csv`.
pub async fn csv(State(state): State<HttpState>, request: FileRequest) -> Response {
    let file = async |budget, language| answers(&state.services, budget, Format::Csv, language).await;
    respond(&state, request, file).await
}

/// Serves `/admin/budgets/{slug}/answers.jsonl`, which is the same in every language.
pub async fn json_lines(State(state): State<HttpState>, request: FileRequest) -> Response {
    let file = async |budget, language| answers(&state.services, budget, Format::JsonLines, language).await;
    respond(&state, request, file).await
}

/// Serves `/admin/budgets/{slug}/answers.dictionary.csv`: what the columns of the CSV file mean, in the reader's language.
pub async fn dictionary(State(state): State<HttpState>, request: FileRequest) -> Response {
    let file = async |budget: Arc<PresentedBudget>, language| explanation(&budget, language);
    respond(&state, request, file).await
}

/// Sends a file about the budget, if the sender has a role in it.
async fn respond(
    state: &HttpState,
    (ConnectInfo(peer), Path(slug), Query(query), headers): FileRequest,
    file: impl AsyncFnOnce(Arc<PresentedBudget>, Language) -> Result<Response, Fault>,
) -> Response {
    match budget_of(state, peer, &slug, &headers).await {
        Ok(budget) => file(budget, query.language()).await,
        Err(fault) => Err(fault),
    }
    .unwrap_or_else(IntoResponse::into_response)
}

impl FileQuery {
    fn language(&self) -> Language {
        self.language.as_deref().and_then(Language::of_tag).unwrap_or_else(Language::english)
    }
}

/// Sends every answer, while the database reads them.
async fn answers(
    services: &Services,
    budget: Arc<PresentedBudget>,
    format: Format,
    language: Language,
) -> Result<Response, Fault> {
    let exclusions = services.store.exclusions(budget.id).await?;
    let aggregate = services.store.aggregate(&budget).await?;
    let counted = aggregate.map_or(0, |aggregate| aggregate.snapshot(&budget).participants);
    let excluded: i64 = exclusions.iter().filter(|it| it.undone_at.is_none()).map(|it| it.count).sum();
    let reasons = exclusions.into_iter().map(|exclusion| (exclusion.id, exclusion.reason)).collect();
    let answers = services
        .answers
        .export(&budget, ExportLimits::default())
        .map_err(|_| Fault::overloaded("Other exports are running. Try again when one of them is done."))?;
    let lines = Lines { language, format, reasons, budget: Arc::clone(&budget) };
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "answers.csv"),
        Format::JsonLines => ("application/jsonl; charset=utf-8", "answers.jsonl"),
    };
    let mut response = file(Body::from_stream(pieces(lines, answers)), kind, &budget.slug, ending);
    response.headers_mut().insert(ANSWER_COUNT, HeaderValue::from(counted + excluded));
    Ok(response)
}

fn explanation(budget: &PresentedBudget, language: Language) -> Result<Response, Fault> {
    let texts = &language.texts().dictionary;
    let mut rows = vec![
        [texts.column, texts.heading, texts.kind, texts.meaning].map(str::to_owned),
        ["answer", "", texts.text, texts.answer].map(str::to_owned),
        ["hour", "", texts.time, texts.hour].map(str::to_owned),
        ["counted", "", texts.flag, texts.counted].map(str::to_owned),
        ["excluded_because", "", texts.text, texts.excluded_because].map(str::to_owned),
    ];
    for category in &budget.categories {
        let label = budget.label_in(category, Some(language.tag()));
        rows.push([category.key.as_str(), label, texts.percent, texts.share].map(spreadsheet::text));
    }
    let written = csv_rows(language, &rows).map_err(unwritable)?;
    let body = [BYTE_ORDER_MARK.as_bytes(), &written].concat();
    Ok(file(body.into(), "text/csv; charset=utf-8; header=present", &budget.slug, "answers.dictionary.csv"))
}

/// Finds the budget, if the sender has a role in it.
async fn budget_of(
    state: &HttpState,
    peer: SocketAddr,
    slug: &str,
    headers: &HeaderMap,
) -> Result<Arc<PresentedBudget>, Fault> {
    let request = DeskRequest::read(state, headers, peer)?;
    let caller = request.caller(request.visitor(state).await?, None);
    caller.signed_in()?;
    let budget = state.services.catalogue.by_slug(slug).await?.ok_or_else(Fault::unknown_budget)?;
    caller.in_budget(budget.id, Role::Viewer)?;
    Ok(budget)
}

/// The lines in pieces of some kilobytes. A failure of the database, or a reader who is too slow, breaks the response off, so that nobody takes a part of the
/// answers for all of them.
fn pieces(lines: Lines, answers: Export) -> impl Stream<Item = Result<Bytes, io::Error>> + use<> {
    let start = (lines, answers, true);
    let next = async |(lines, mut answers, is_first): (Lines, Export, bool)| {
        let mut piece = if is_first { lines.head()? } else { Vec::new() };
        while piece.len() < PIECE {
            let Some(answer) = answers.next().await else { break };
            lines.write(&answer.map_err(broken_off)?, &mut piece)?;
        }
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (lines, answers, false))))
    };
    // The error only ends the response. Its cause is in the log.
    stream::try_unfold(start, next).map_err(|fault: Fault| io::Error::other(fault.message))
}

impl Lines {
    fn head(&self) -> Result<Vec<u8>, Fault> {
        if self.format == Format::JsonLines {
            return Ok(Vec::new());
        }
        let keys = self.budget.keys().map(spreadsheet::text);
        let names = ["answer", "hour", "counted", "excluded_because"].into_iter().map(str::to_owned).chain(keys);
        let head = csv_rows(self.language, &[names.collect::<Vec<_>>()]).map_err(unwritable)?;
        Ok([BYTE_ORDER_MARK.as_bytes(), &head].concat())
    }

    fn write(&self, answer: &Answer<String>, piece: &mut Vec<u8>) -> Result<(), Fault> {
        let reason = answer.exclusion.and_then(|exclusion| self.reasons.get(&exclusion)).map(String::as_str);
        let shares = answer.allocation.shares();
        if self.format == Format::JsonLines {
            let shares = self
                .budget
                .keys()
                .zip(shares)
                .map(|(key, share)| (key.to_owned(), json!(percent(share.basis_points()))));
            let line = json!({
                "answer": answer.id,
                "hour": answer.hour.to_rfc3339_opts(SecondsFormat::Secs, true),
                "counted": answer.exclusion.is_none(),
                "excludedBecause": reason,
                "shares": shares.collect::<Map<_, _>>(),
            });
            piece.extend_from_slice(line.to_string().as_bytes());
            piece.push(b'\n');
            return Ok(());
        }
        let mark = self.language.texts().decimal_mark.to_string();
        let mut row = vec![
            answer.id.clone(),
            answer.hour.format("%Y-%m-%d %H:%M").to_string(),
            u8::from(answer.exclusion.is_none()).to_string(),
            spreadsheet::text(reason.unwrap_or_default()),
        ];
        row.extend(shares.iter().map(|share| share.to_string().replace('.', &mark)));
        piece.extend(csv_rows(self.language, &[row]).map_err(unwritable)?);
        Ok(())
    }
}

/// Writes rows as the spreadsheet programs of a language read them: where a comma is in the numbers, semicolons are between
/// them.
fn csv_rows<R: IntoIterator<Item = impl AsRef<[u8]>> + Clone>(
    language: Language,
    rows: &[R],
) -> Result<Vec<u8>, csv::Error> {
    let delimiter = if language.texts().decimal_mark == ',' { b';' } else { b',' };
    let mut writer = WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.clone())?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn broken_off(error: ExportError) -> Fault {
    match error {
        ExportError::Store(error) => error.into(),
        error => Fault::internal(|id| tracing::warn!(%error, error_id = %id, "an export was broken off")),
    }
}

// For `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn unwritable(error: csv::Error) -> Fault {
    Fault::internal(|id| tracing::error!(%error, error_id = %id, "a CSV file could not be written"))
}

fn file(body: Body, kind: &'static str, slug: &str, ending: &str) -> Response {
    // A slug usually needs no escaping. Any other character that an owner used stays out of the header.
    let slug: String = slug.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{slug}-{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
