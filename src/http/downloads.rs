//! Everybody's answers as files for other programs: JSON and CSV, readable from any site.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{HttpState, documents, error, negotiation};
use crate::{
    domain::{
        budget::{Category, PresentedBudget},
        snapshot::CategorySnapshot,
        statistics,
    },
    service::{
        answers::Answer,
        epoch::Readings,
        read::{AggregateRead, Source},
    },
};

const BINS: u16 = 20;
const LONGEST_TAG: usize = 35;

/// What the address of a file may ask.
#[derive(Deserialize, Default)]
pub struct Asked {
    language: Option<String>,
}

/// A budget's current numbers, with texts in the language that was asked for.
struct Download {
    budget: Arc<PresentedBudget>,
    reading: AggregateRead,
    language: Option<String>,
}

/// `/api/budgets/{slug}/aggregate.json`, made once for everybody who asks for it.
pub async fn json(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let budget = match budget(&state, slug).await {
        Ok(budget) => budget,
        Err(response) => return public(*response),
    };
    let language = asked.language();
    // With one zero, unlike every other key.
    let key = format!("aggregate.json {} {}\0", budget.slug, language.as_deref().unwrap_or_default());
    let made = state.services.answers.get_or_make(key.as_bytes(), async || {
        let readings = Readings::begin(&state.services);
        readings.note(&state.services, &budget);
        let download = Download::load(&state, budget, language).await?;
        Ok::<_, Box<Response>>(Arc::new(Answer::new(download.json().to_string(), readings.epoch())))
    });
    match made.await {
        Ok(answer) => {
            let kind = HeaderValue::from_static("application/json");
            let mut response = public(negotiation::answer(&headers, &answer, kind));
            set(&mut response, header::CACHE_CONTROL, "public, no-cache");
            set(&mut response, header::VARY, "accept-encoding");
            response
        }
        Err(response) => public(*response),
    }
}

/// `/api/budgets/{slug}/aggregate.csv`
pub async fn csv(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let download = match budget(&state, slug).await {
        Ok(budget) => Download::load(&state, budget, asked.language()).await,
        Err(response) => Err(response),
    };
    let download = match download {
        Ok(download) => download,
        Err(response) => return public(*response),
    };
    let mut response = download.csv().into_response();
    // A slug is plain; whatever else an owner made of it stays out of the header.
    let slug: String =
        download.budget.slug.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    set(&mut response, header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present");
    set(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{slug}-averages.csv\""));
    download.respond(&headers, response)
}

impl Asked {
    /// Anything else names no language, and would only make another copy.
    fn language(self) -> Option<String> {
        let is_tag = |tag: &String| {
            tag.len() <= LONGEST_TAG && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.language.filter(is_tag).map(|tag| tag.to_ascii_lowercase())
    }
}

async fn budget(
    state: &HttpState,
    slug: Result<Path<String>, PathRejection>,
) -> Result<Arc<PresentedBudget>, Box<Response>> {
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    let budget = documents::visible_budget(state, &slug).await.map_err(|error| Box::new(error::of_store(&error)))?;
    budget.ok_or_else(|| Box::new(error::unknown_budget()))
}

impl Download {
    async fn load(
        state: &HttpState,
        budget: Arc<PresentedBudget>,
        language: Option<String>,
    ) -> Result<Self, Box<Response>> {
        let reading = state.services.aggregates.current(&budget).await;
        let reading = reading.map_err(|error| Box::new(error::of_store(&error)))?;
        Ok(Self { budget, reading, language })
    }

    fn respond(&self, request: &HeaderMap, response: Response) -> Response {
        let mut response = public(response);
        set(&mut response, header::CACHE_CONTROL, "public, no-cache");
        negotiation::tagged(request, &self.tag(), response)
    }

    /// The revision, and what else the content depends on.
    fn tag(&self) -> String {
        let language = self.language.as_deref().unwrap_or_default();
        let stale = if self.reading.stale { ".stale" } else { "" };
        format!("W/\"{}.{language}{stale}\"", self.reading.snapshot.revision)
    }

    fn categories(&self) -> impl Iterator<Item = (&Category, &CategorySnapshot)> {
        self.budget.categories.iter().zip(&self.reading.snapshot.categories)
    }

    fn json(&self) -> Value {
        let (language, snapshot) = (self.language.as_deref(), &self.reading.snapshot);
        let category = |(category, numbers): (&Category, &CategorySnapshot)| {
            let bin = |bin: statistics::Bin| json!({ "fromPercent": percent(bin.from), "toPercent": percent(bin.to), "count": bin.count });
            json!({
                "key": category.key,
                "label": self.budget.label_in(category, language),
                "averagePercent": percent(numbers.average),
                "medianPercent": percent(numbers.median),
                "lowerQuartilePercent": percent(numbers.lower_quartile),
                "upperQuartilePercent": percent(numbers.upper_quartile),
                "standardDeviation": percent(numbers.standard_deviation),
                "zeroCount": numbers.zero_count,
                "actualPercent": category.actual.map(|share| percent(share.basis_points())),
                "histogram": statistics::bins(&numbers.histogram, BINS).into_iter().map(bin).collect::<Vec<_>>(),
            })
        };
        let source = match self.reading.source {
            Source::Memory => "MEMORY",
            Source::Redis => "REDIS",
            Source::Table => "TABLE",
            Source::Recount => "RECOUNT",
        };
        json!({
            "slug": self.budget.slug,
            "title": self.budget.title_in(language),
            "revision": snapshot.revision.to_string(),
            "version": snapshot.revision.version,
            "asOf": snapshot.as_of.to_rfc3339(),
            "source": source,
            "stale": self.reading.stale,
            "participantCount": snapshot.participants,
            "submissionCount": snapshot.submissions,
            "categories": self.categories().map(category).collect::<Vec<_>>(),
        })
    }

    /// RFC 4180; one line a category.
    fn csv(&self) -> String {
        let mut csv = "key,label,average_percent,median_percent,lower_quartile_percent,upper_quartile_percent,\
            standard_deviation,zero_count,actual_percent\r\n"
            .to_owned();
        for (category, numbers) in self.categories() {
            let label = self.budget.label_in(category, self.language.as_deref());
            let actual = category.actual.map(|share| share.to_string()).unwrap_or_default();
            csv.push_str(&format!(
                "{},{},{},{},{},{},{},{},{actual}\r\n",
                field(&category.key),
                field(label),
                decimal(numbers.average),
                decimal(numbers.median),
                decimal(numbers.lower_quartile),
                decimal(numbers.upper_quartile),
                decimal(numbers.standard_deviation),
                numbers.zero_count,
            ));
        }
        csv
    }
}

/// A field of a CSV line. What a spreadsheet would take for a formula becomes text: also after blanks, which some leave out,
/// and in full width, as East Asian keyboards write it.
fn field(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guard = if is_formula || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

/// Basis points as per cent with two decimals.
fn decimal(basis_points: impl Into<u32>) -> String {
    let basis_points = basis_points.into();
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

fn percent(basis_points: impl Into<u32>) -> f64 {
    f64::from(basis_points.into()) / 100.0
}

/// Public numbers: a page of any site may read them.
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
    fn fields_are_quoted_and_no_formula_gets_through() {
        for (text, expected) in [
            ("Education", "Education"),
            ("Roads, bridges", "\"Roads, bridges\""),
            ("the \"rest\"", "\"the \"\"rest\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@A1", "'@A1"),
            (" =1+1", "' =1+1"),
            ("\u{a0}\t+1", "'\u{a0}\t+1"),
            ("\n=1+1", "\"'\n=1+1\""),
            ("\rx", "\"'\rx\""),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A1", "'＠A1"),
            ("1 = 1", "1 = 1"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            ("", ""),
        ] {
            assert_eq!(field(text), expected);
        }
    }

    #[test]
    fn figures_have_two_decimals() {
        assert_eq!(
            [decimal(0_u32), decimal(5_u32), decimal(3267_u32), decimal(10_000_u16)],
            ["0.00", "0.05", "32.67", "100.00"]
        );
    }
}
