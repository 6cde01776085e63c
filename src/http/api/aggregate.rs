//! The current aggregate as files for other programs: JSON and CSV, which pages of any site may read.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    domain::{
        budget::{Category, PresentedBudget},
        cells::{Bin, Width},
        snapshot::{CategorySnapshot, Figure},
    },
    engine::response_cache::{CacheKey, CachedResponse},
    fault::Fault,
    graphql::percent,
    http::{
        respond::{negotiation, spreadsheet},
        state::HttpState,
    },
    service::{dependencies::DependencyTracker, read::AggregateRead},
};

const HISTOGRAM_WIDTH: Width = Width::Five;
const MAX_TAG_LENGTH: usize = 35;

/// The query parameters of a file's URL.
#[derive(Deserialize, Default)]
pub struct AggregateQuery {
    language: Option<String>,
}

/// A budget's current numbers, with texts in the requested language.
struct Download {
    budget: Arc<PresentedBudget>,
    aggregate: AggregateRead,
    language: Option<String>,
}

/// Serves `/api/budgets/{slug}/aggregate.json`, serialised once for all callers.
pub async fn json(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(query): Query<AggregateQuery>,
    headers: HeaderMap,
) -> Response {
    let budget = match budget(&state, slug).await {
        Ok(budget) => budget,
        Err(fault) => return public(fault.into_response()),
    };
    let language = query.language();
    let key = format!("aggregate.json {} {}", budget.slug, language.as_deref().unwrap_or_default());
    let cached = state.engine.responses.get_or_make(CacheKey::download(&key), async || {
        let dependencies = DependencyTracker::begin(&state.services);
        // Read anew: it may have begun to hide its results before the dependencies were noted.
        let budget = known_budget(&state, &budget.slug).await?;
        dependencies.note(&state.services, &budget);
        let download = Download::load(&state, budget, language).await?;
        Ok::<_, Fault>(Arc::new(CachedResponse::new(download.json().to_string(), dependencies.dependencies())))
    });
    match cached.await {
        Ok(cached) => {
            let kind = HeaderValue::from_static("application/json");
            let mut response = public(negotiation::cached(&headers, &cached, kind));
            set(&mut response, header::CACHE_CONTROL, "public, no-cache");
            set(&mut response, header::VARY, "accept-encoding");
            response
        }
        Err(fault) => public(fault.into_response()),
    }
}

/// Serves `/api/budgets/{slug}/aggregate.csv`.
pub async fn csv(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(query): Query<AggregateQuery>,
    headers: HeaderMap,
) -> Response {
    let download = match budget(&state, slug).await {
        Ok(budget) => Download::load(&state, budget, query.language()).await,
        Err(fault) => Err(fault),
    };
    let download = match download {
        Ok(download) => download,
        Err(fault) => return public(fault.into_response()),
    };
    let csv = download.csv().map_err(|error| {
        Fault::internal(|id| tracing::error!(%error, error_id = %id, "a CSV file could not be written"))
    });
    let mut response = match csv {
        Ok(csv) => csv.into_response(),
        Err(fault) => return public(fault.into_response()),
    };
    // A slug usually needs no escaping. Any other character that an owner used stays out of the header.
    let slug: String =
        download.budget.slug.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    set(&mut response, header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
    set(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{slug}-averages.csv\""));
    download.respond(&headers, response)
}

impl AggregateQuery {
    /// Returns the language, if it looks like a language tag. Any other text names no language and would only add
    /// another cached copy.
    fn language(self) -> Option<String> {
        let is_tag = |tag: &String| {
            tag.len() <= MAX_TAG_LENGTH && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.language.filter(is_tag).map(|tag| tag.to_ascii_lowercase())
    }
}

async fn budget(state: &HttpState, slug: Result<Path<String>, PathRejection>) -> Result<Arc<PresentedBudget>, Fault> {
    known_budget(state, &slug.map(|Path(slug)| slug).unwrap_or_default()).await
}

/// The budget with this slug. Fails while it hides its results from anybody: a file is for everybody.
async fn known_budget(state: &HttpState, slug: &str) -> Result<Arc<PresentedBudget>, Fault> {
    let budget = state.services.catalogue.visible(slug).await?.ok_or_else(Fault::unknown_budget)?;
    if state.services.results_are_public(&budget).await? {
        Ok(budget)
    } else {
        Err(Fault::results_hidden(budget.visibility))
    }
}

impl Download {
    async fn load(state: &HttpState, budget: Arc<PresentedBudget>, language: Option<String>) -> Result<Self, Fault> {
        let aggregate = state.services.aggregates.current(&budget).await?;
        Ok(Self { budget, aggregate, language })
    }

    fn respond(&self, request: &HeaderMap, response: Response) -> Response {
        let mut response = public(response);
        set(&mut response, header::CACHE_CONTROL, "public, no-cache");
        negotiation::tagged(request, &self.tag(), response)
    }

    /// Returns the entity tag: the revision, and what else the content depends on.
    fn tag(&self) -> String {
        let language = self.language.as_deref().unwrap_or_default();
        let stale = if self.aggregate.stale { ".stale" } else { "" };
        format!("W/\"{}.{language}{stale}\"", self.aggregate.snapshot.revision)
    }

    fn categories(&self) -> impl Iterator<Item = (&Category, &CategorySnapshot)> {
        self.budget.categories.iter().zip(&self.aggregate.snapshot.categories)
    }

    fn json(&self) -> Value {
        let (language, snapshot) = (self.language.as_deref(), &self.aggregate.snapshot);
        let category = |(category, numbers): (&Category, &CategorySnapshot)| {
            let mut row = Map::new();
            row.insert("key".to_owned(), json!(category.key));
            row.insert("label".to_owned(), json!(self.budget.label_in(category, language)));
            for (name, figure) in numbers.figures() {
                let value = match figure {
                    Figure::Percent(figure) => json!(percent(figure.0)),
                    Figure::Count(count) => json!(count),
                };
                row.insert(camel_case(name), value);
            }
            let actual = category.actual.map(|share| percent(share.basis_points()));
            row.insert("actualPercent".to_owned(), json!(actual));
            let bin = |bin: Bin| json!({ "fromPercent": percent(bin.from), "toPercent": percent(bin.to), "count": bin.count });
            let bins: Vec<Value> = numbers.cells.bins(HISTOGRAM_WIDTH).into_iter().map(bin).collect();
            row.insert("histogram".to_owned(), json!(bins));
            Value::Object(row)
        };
        json!({
            "slug": self.budget.slug,
            "title": self.budget.title_in(language),
            "revision": snapshot.revision.to_string(),
            "version": snapshot.revision.version,
            "asOf": snapshot.as_of.to_rfc3339(),
            "source": self.aggregate.source,
            "stale": self.aggregate.stale,
            "participantCount": snapshot.participants,
            "submissionCount": snapshot.submissions,
            "shownParticipantCount": snapshot.shown_participants,
            "publishEvery": self.budget.publish_every.ballots(),
            "categories": self.categories().map(category).collect::<Vec<_>>(),
        })
    }

    /// Writes CSV of RFC 4180, one line a category.
    fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        for (index, (category, numbers)) in self.categories().enumerate() {
            let figures = numbers.figures();
            if index == 0 {
                let names = figures.iter().map(|(name, _)| *name);
                writer.write_record(["key", "label"].into_iter().chain(names).chain(["actual_percent"]))?;
            }
            let label = self.budget.label_in(category, self.language.as_deref());
            let figures = figures.iter().map(|(_, figure)| match figure {
                Figure::Percent(percent) => percent.to_string(),
                Figure::Count(count) => count.map(|count| count.to_string()).unwrap_or_default(),
            });
            let texts = [spreadsheet::text(&category.key), spreadsheet::text(label)];
            let actual = category.actual.map(|share| share.to_string()).unwrap_or_default();
            writer.write_record(texts.into_iter().chain(figures).chain([actual]))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Turns `average_percent` into `averagePercent`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        result.push_str(&first.to_ascii_uppercase());
        result.push_str(rest);
    }
    result
}

/// Allows pages of any site to read the response: the numbers are public.
fn public(mut response: Response) -> Response {
    set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(&mut response, header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag");
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_and_a_member_have_the_same_name_in_two_spellings() {
        assert_eq!(camel_case("lower_quartile_percent"), "lowerQuartilePercent");
        assert_eq!(camel_case("key"), "key");
    }
}
