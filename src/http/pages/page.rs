//! Serves the page at each of its paths: with the right status, in the reader's language, and with the metadata that a
//! link preview needs.

use std::time::Duration;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    assets,
    head::{Head, Picture},
    language::Language,
    origin, preview,
};
use crate::{
    domain::{budget::PresentedBudget, visibility::ResultVisibility},
    http::{pictures::Pictures, state::HttpState},
    store::{StoreError, submissions::Submission},
};

/// The budget of a URL that names none.
const DEFAULT_BUDGET: &str = "federal";
/// How long a look-up may take. It only completes the document: without it the page itself says what is wrong.
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(1);
/// How many categories a description names.
const NAMED: usize = 3;

/// The query parameters of every page.
#[derive(Deserialize, Default)]
pub struct PageQuery {
    budget: Option<String>,
    lang: Option<String>,
}

/// Serves `/`.
pub async fn participation(state: State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    budget_page(state, uri, &headers, |_| None).await
}

/// Serves `/aggregate`.
pub async fn aggregate(state: State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    budget_page(state, uri, &headers, |language| Some(language.texts().everyone)).await
}

/// Serves `/history`. It differs by reader, so search engines must not list it, and a preview has nothing to show.
pub async fn history(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    let page = Page::new(&state, &uri, &headers);
    let history = page.language.texts().history;
    let head = Head { title: page.title(&[history]), is_listed: false, ..page.head(None) };
    page.respond(&head, StatusCode::OK)
}

/// Serves `/privacy`.
pub async fn privacy(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    let page = Page::new(&state, &uri, &headers);
    let head = Head { title: page.title(&[page.language.texts().privacy]), ..page.head(None) };
    page.respond(&head, StatusCode::OK)
}

/// Serves `/admin` and every path below it. The page's script shows what belongs to the path. The head names `/admin` alone:
/// a path can hold the token of an invitation.
pub async fn desk(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    let page = Page::new(&state, &uri, &headers);
    let head = Head { address: format!("{}/admin", page.origin), is_listed: false, ..page.head(None) };
    page.respond(&head, StatusCode::OK)
}

/// Serves `/results/{id}`.
pub async fn result(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    let page = Page::new(&state, &uri, &headers);
    // The id is not percent-decoded: no valid id needs it.
    let id = uri.path().trim_start_matches("/results/");
    match with_timeout(state.services.submission(id)).await {
        None => page.respond(&Head { is_listed: false, ..page.head(None) }, StatusCode::OK),
        Some(None) => page.not_found(),
        Some(Some((budget, submission))) => {
            let (texts, tag) = (page.language.texts(), Some(page.language.tag()));
            let picture = Picture {
                address: page.address(&format!("/results/{id}/picture.png")),
                description: texts.picture_of_one.replace("{}", budget.title_in(tag)),
            };
            let head = Head {
                title: page.title(&[texts.result, budget.title_in(tag)]),
                description: gives_most(&budget, &submission, page.language),
                picture: page.can_draw(&budget).then_some(picture),
                is_listed: false,
                ..page.head(None)
            };
            page.respond(&head, StatusCode::OK)
        }
    }
}

/// Redirects a path with a trailing slash to the path without it, so that each page has one address. Use it only for
/// routes whose first segment is a fixed name: in `//host/` the rest would be another host.
pub async fn without_slash(uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("{}{query}", uri.path().trim_end_matches('/'))).into_response()
}

/// Serves every other path: a built file, or the page with status 404, which then offers help.
pub async fn file(State(state): State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    assets::file(&uri, &headers).unwrap_or_else(|| Page::new(&state, &uri, &headers).not_found())
}

async fn budget_page(
    State(state): State<HttpState>,
    uri: Uri,
    headers: &HeaderMap,
    part: impl Fn(Language) -> Option<&'static str>,
) -> Response {
    let page = Page::new(&state, &uri, headers);
    let slug = page.query.budget.as_deref();
    let budget = state.services.catalogue.visible(slug.unwrap_or(DEFAULT_BUDGET));
    match with_timeout(budget).await {
        // An installation need not have the default budget. Without it the page says that there is no budget.
        Some(None) if slug.is_some() => page.not_found(),
        Some(None) | None => page.respond(&page.head(None), StatusCode::OK),
        Some(Some(budget)) => {
            let title = budget.title_in(Some(page.language.tag()));
            let parts: Vec<&str> = part(page.language).into_iter().chain([title]).collect();
            let head = Head { title: page.title(&parts), ..page.head(Some(&budget)) };
            page.respond(&head, StatusCode::OK)
        }
    }
}

/// A request for the page.
struct Page<'a> {
    pictures: &'a Pictures,
    headers: &'a HeaderMap,
    path: &'a str,
    query: PageQuery,
    language: Language,
    origin: String,
}

impl<'a> Page<'a> {
    /// Whether there is a picture of this budget in the reader's language: its letters can be drawn, and it shows its results to
    /// everybody.
    fn can_draw(&self, budget: &PresentedBudget) -> bool {
        budget.visibility == ResultVisibility::Always && self.pictures.can_draw(preview::texts(budget, self.language))
    }

    fn new(state: &'a HttpState, uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        // A query string that cannot be parsed counts as empty.
        let query = Query::<PageQuery>::try_from_uri(uri).map(|Query(query)| query).unwrap_or_default();
        let language = Language::choose(query.lang.as_deref(), headers);
        let origin = origin::origin(state.public_url.as_deref(), headers);
        Self { pictures: &state.pictures, headers, path: uri.path(), query, language, origin }
    }

    fn title(&self, parts: &[&str]) -> String {
        let name = [self.language.texts().name];
        parts.iter().chain(&name).copied().collect::<Vec<_>>().join(" · ")
    }

    /// Returns a URL of this server, in the page's language.
    fn address(&self, path: &str) -> String {
        format!("{}{path}?language={}", self.origin, self.language.tag())
    }

    fn head(&self, budget: Option<&PresentedBudget>) -> Head {
        let texts = self.language.texts();
        let drawable = budget.filter(|budget| self.can_draw(budget));
        let picture = drawable.map(|budget| Picture {
            address: self.address(&format!("/api/budgets/{}/picture.png", budget.slug)),
            description: texts.picture.replace("{}", budget.title_in(Some(self.language.tag()))),
        });
        // Only the slug of a budget that exists is used, so that no foreign text gets into a URL.
        let named = budget.filter(|budget| budget.slug != DEFAULT_BUDGET);
        let query_string = named.map(|budget| format!("?budget={}", budget.slug)).unwrap_or_default();
        Head {
            language: self.language,
            title: texts.name.to_owned(),
            description: texts.description.to_owned(),
            address: format!("{}{}{query_string}", self.origin, self.path),
            picture,
            is_listed: true,
        }
    }

    fn not_found(&self) -> Response {
        let title = self.title(&[self.language.texts().unknown]);
        self.respond(&Head { title, is_listed: false, ..self.head(None) }, StatusCode::NOT_FOUND)
    }

    fn respond(&self, head: &Head, status: StatusCode) -> Response {
        assets::page(self.headers, head, status)
    }
}

/// Waits for a look-up, but not long; none if the store fails or is too slow.
async fn with_timeout<T>(look_up: impl Future<Output = Result<Option<T>, StoreError>>) -> Option<Option<T>> {
    match tokio::time::timeout(LOOK_UP_TIMEOUT, look_up).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a page is sent without its budget's title and preview");
            None
        }
        Err(_) => {
            tracing::warn!("the database is slow: a page is sent without its budget's title and preview");
            None
        }
    }
}

/// Describes the submission's largest shares in words.
fn gives_most(budget: &PresentedBudget, submission: &Submission, language: Language) -> String {
    let mut shares: Vec<_> = budget.categories.iter().zip(submission.allocation.shares()).collect();
    // The sort is stable: of equal shares the first category comes first.
    shares.sort_by_key(|(_, share)| std::cmp::Reverse(**share));
    let named = shares.iter().take(NAMED).filter(|(_, share)| share.basis_points() > 0).map(|(category, share)| {
        let label = budget.label_in(category, Some(language.tag()));
        format!("{label} {}", language.percent(u32::from(share.basis_points())))
    });
    let list = named.collect::<Vec<_>>().join(language.texts().comma);
    language.texts().gives_most.replace("{}", &list)
}
