//! Serves the page at each of its paths: with the right status, in the reader's language, and with the metadata that a
//! link preview needs.

use std::time::Duration;

use axum::{
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    assets::{self, Frames},
    head::{Head, Picture},
    language::Language,
    origin, preview,
};
use crate::{
    domain::{budget::PresentedBudget, visibility::ResultVisibility},
    http::{access::embed_origins::EmbedOrigins, pictures::Pictures, state::HttpState},
    service::form_views::FormViews,
    store::{StoreError, submissions::Submission},
};

/// How long a look-up may take. It only completes the document: without it the page itself says what is wrong.
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(1);
/// How many categories a description names.
const NAMED: usize = 3;

/// The query parameters of every page.
#[derive(Deserialize, Default)]
pub struct PageQuery {
    budget: Option<String>,
    lang: Option<String>,
    /// Shows the form without submitting anything. The desk shows this page in a frame.
    preview: Option<String>,
}

/// A page about one budget.
#[derive(Clone, Copy)]
enum BudgetPage {
    Form,
    Results,
    Projector,
    Embedded,
}

impl BudgetPage {
    /// Returns the path of this page for a budget that exists, so that no foreign text gets into a URL.
    fn path(self, budget: &PresentedBudget) -> String {
        let slug = &budget.slug;
        match self {
            Self::Form => format!("/b/{slug}"),
            // A frame shows the results, so their page is the one to find and to share.
            Self::Results | Self::Embedded => format!("/b/{slug}/results"),
            Self::Projector => format!("/b/{slug}/projector"),
        }
    }

    /// Returns what stands before the budget's title.
    fn title(self, language: Language) -> Option<&'static str> {
        matches!(self, Self::Results).then_some(language.texts().everyone)
    }
}

/// Serves `/`.
pub async fn participation(state: State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    unnamed(state, uri, &headers, BudgetPage::Form).await
}

/// Serves `/aggregate`.
pub async fn aggregate(state: State<HttpState>, uri: Uri, headers: HeaderMap) -> Response {
    unnamed(state, uri, &headers, BudgetPage::Results).await
}

/// Serves `/b/{slug}`.
pub async fn budget(state: State<HttpState>, slug: Slug, uri: Uri, headers: HeaderMap) -> Response {
    named(state, slug, uri, &headers, BudgetPage::Form).await
}

/// Serves `/b/{slug}/results`.
pub async fn budget_results(state: State<HttpState>, slug: Slug, uri: Uri, headers: HeaderMap) -> Response {
    named(state, slug, uri, &headers, BudgetPage::Results).await
}

/// Serves `/b/{slug}/projector`.
pub async fn projector(state: State<HttpState>, slug: Slug, uri: Uri, headers: HeaderMap) -> Response {
    named(state, slug, uri, &headers, BudgetPage::Projector).await
}

/// Serves `/embed/{slug}`.
pub async fn embedded(state: State<HttpState>, slug: Slug, uri: Uri, headers: HeaderMap) -> Response {
    named(state, slug, uri, &headers, BudgetPage::Embedded).await
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
    assets::desk(page.headers, &head)
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

/// A path that is not UTF-8 leads to no budget.
type Slug = Result<Path<String>, PathRejection>;

/// Serves the page of a budget that the path names.
async fn named(
    State(state): State<HttpState>,
    slug: Slug,
    uri: Uri,
    headers: &HeaderMap,
    kind: BudgetPage,
) -> Response {
    let embed_origins = matches!(kind, BudgetPage::Embedded).then_some(&state.embed_origins);
    let page = Page { embed_origins, ..Page::new(&state, &uri, headers) };
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    match with_timeout(state.services.catalogue.visible(&slug)).await {
        Some(None) => page.not_found(),
        None => page.respond(&page.head(None), StatusCode::OK),
        Some(Some(budget)) => page.of_budget(&budget, kind),
    }
}

/// Serves a page whose path names no budget. Older URLs name it as `?budget=`.
async fn unnamed(State(state): State<HttpState>, uri: Uri, headers: &HeaderMap, kind: BudgetPage) -> Response {
    let page = Page::new(&state, &uri, headers);
    let catalogue = &state.services.catalogue;
    let found = match page.query.budget.as_deref() {
        Some(slug) => with_timeout(catalogue.visible(slug)).await,
        None => with_timeout(catalogue.only_one()).await,
    };
    match found {
        Some(None) if page.query.budget.is_some() => page.not_found(),
        // The page lists the budgets, or says that there is none.
        Some(None) | None => page.respond(&page.head(None), StatusCode::OK),
        Some(Some(budget)) => page.of_budget(&budget, kind),
    }
}

/// A request for the page.
struct Page<'a> {
    pictures: &'a Pictures,
    form_views: &'a FormViews,
    headers: &'a HeaderMap,
    path: &'a str,
    query: PageQuery,
    language: Language,
    origin: String,
    /// Set for the page that is made for the frames of other sites.
    embed_origins: Option<&'a EmbedOrigins>,
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
        let (pictures, form_views) = (&state.pictures, state.services.form_views.as_ref());
        Self { pictures, form_views, headers, path: uri.path(), query, language, origin, embed_origins: None }
    }

    fn title(&self, parts: &[&str]) -> String {
        let name = [self.language.texts().name];
        parts.iter().chain(&name).copied().collect::<Vec<_>>().join(" · ")
    }

    /// Returns a URL of this server, in the page's language.
    fn address(&self, path: &str) -> String {
        format!("{}{path}?language={}", self.origin, self.language.tag())
    }

    /// Responds with a page about this budget. Only the form and the results are listed: a search engine has no hall and no
    /// frame.
    fn of_budget(&self, budget: &PresentedBudget, kind: BudgetPage) -> Response {
        if matches!(kind, BudgetPage::Form) {
            self.form_views.note(budget.id, self.language.tag());
        }
        let title = budget.title_in(Some(self.language.tag()));
        let parts: Vec<&str> = kind.title(self.language).into_iter().chain([title]).collect();
        let head = Head {
            title: self.title(&parts),
            address: format!("{}{}", self.origin, kind.path(budget)),
            is_listed: matches!(kind, BudgetPage::Form | BudgetPage::Results),
            ..self.head(Some(budget))
        };
        self.respond(&head, StatusCode::OK)
    }

    fn head(&self, budget: Option<&PresentedBudget>) -> Head {
        let texts = self.language.texts();
        let drawable = budget.filter(|budget| self.can_draw(budget));
        let picture = drawable.map(|budget| Picture {
            address: self.address(&format!("/api/budgets/{}/picture.png", budget.slug)),
            description: texts.picture.replace("{}", budget.title_in(Some(self.language.tag()))),
        });
        Head {
            language: self.language,
            title: texts.name.to_owned(),
            description: texts.description.to_owned(),
            address: format!("{}{}", self.origin, self.path),
            picture,
            numbers: budget
                .filter(|budget| budget.visibility == ResultVisibility::Always)
                .map(|budget| format!("/api/budgets/{}/aggregate.json", budget.slug)),
            is_listed: true,
        }
    }

    fn not_found(&self) -> Response {
        let title = self.title(&[self.language.texts().unknown]);
        self.respond(&Head { title, is_listed: false, ..self.head(None) }, StatusCode::NOT_FOUND)
    }

    fn respond(&self, head: &Head, status: StatusCode) -> Response {
        if let Some(origins) = self.embed_origins {
            return assets::embedded(self.headers, head, status, origins);
        }
        let frames = if self.query.preview.is_some() { Frames::OwnOrigin } else { Frames::None };
        assets::page(self.headers, head, status, frames)
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
