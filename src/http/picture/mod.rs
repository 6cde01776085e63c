//! Pictures of results, drawn here, for previews of links.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Node, Options, Tree, fontdb},
};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    HttpState,
    documents::{self, language::Language},
    error, negotiation,
};
use crate::{
    domain::{
        budget::{Category, PresentedBudget},
        snapshot::Snapshot,
    },
    store::submissions::Submission,
};
use chart::{Chart, Row};

mod chart;

/// Drawing takes a whole core: one picture at a time, and a request waits no longer than this for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// Requests that wait for their turn or draw. At some 10 ms a picture the last of them waits a third of a second.
const MAX_WAITING: usize = 32;
/// A picture is 50 to 70 KB.
const KEPT: usize = 64;

/// The renderer with what it drew last.
pub struct Pictures {
    waiting: Semaphore,
    drawing: Semaphore,
    kept: Mutex<VecDeque<(String, Bytes)>>,
    options: OnceLock<Options<'static>>,
    /// Letters that were asked for, and whether a font has them.
    drawable: Mutex<HashMap<char, bool>>,
}

/// What the address of a picture may ask.
#[derive(Deserialize)]
pub struct Asked {
    language: Option<String>,
}

/// `/results/{id}/picture.png`
pub async fn of_submission(
    State(state): State<HttpState>,
    id: Result<Path<String>, PathRejection>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    match documents::submission(&state, &id).await {
        Ok(Some((budget, submission))) => picture(&state, &budget, Some(&submission), &asked, &headers).await,
        Ok(None) => error::not_found("There is no submission with this id."),
        Err(error) => error::of_store(&error),
    }
}

/// `/api/budgets/{slug}/picture.png`
pub async fn of_budget(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    match documents::visible_budget(&state, &slug).await {
        Ok(Some(budget)) => picture(&state, &budget, None, &asked, &headers).await,
        Ok(None) => error::unknown_budget(),
        Err(error) => error::of_store(&error),
    }
}

async fn picture(
    state: &HttpState,
    budget: &PresentedBudget,
    submission: Option<&Submission>,
    asked: &Asked,
    headers: &HeaderMap,
) -> Response {
    let reading = match state.services.aggregates.current(budget).await {
        Ok(reading) => reading,
        Err(error) => return error::of_store(&error),
    };
    // Without Accept-Language: whoever shows a preview asks for all its readers.
    let language = Language::choose(asked.language.as_deref(), &HeaderMap::new());
    let svg = chart(budget, submission, &reading.snapshot, language).svg();
    let tag = negotiation::entity_tag(svg.as_bytes());
    let bytes = if negotiation::has(headers, &tag) { Some(Bytes::new()) } else { state.pictures.draw(&tag, svg).await };
    let Some(bytes) = bytes else {
        let message = "Too many pictures are being drawn. Try again in a moment.";
        let mut response = error::graphql_error(StatusCode::SERVICE_UNAVAILABLE, "OVERLOADED", message);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        return response;
    };
    let mut response = bytes.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=60"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    negotiation::tagged(headers, &tag, response)
}

fn chart(budget: &PresentedBudget, submission: Option<&Submission>, snapshot: &Snapshot, language: Language) -> Chart {
    let tag = Some(language.tag());
    let shares = submission.map(|submission| submission.allocation.shares());
    let row = |(index, category): (usize, &Category)| Row {
        label: budget.label_in(category, tag).to_owned(),
        everyone: snapshot.categories.get(index).map_or(0, |numbers| numbers.average),
        mine: shares.and_then(|shares| shares.get(index)).map(|share| u32::from(share.basis_points())),
        real: category.actual.map(|share| u32::from(share.basis_points())),
    };
    Chart {
        language,
        title: budget.title_in(tag).to_owned(),
        participants: snapshot.participants,
        rows: budget.categories.iter().enumerate().map(row).collect(),
        has_mine: submission.is_some(),
    }
}

impl Pictures {
    /// Fonts are read with the first picture.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            waiting: Semaphore::new(MAX_WAITING),
            drawing: Semaphore::new(1),
            kept: Mutex::default(),
            options: OnceLock::new(),
            drawable: Mutex::default(),
        })
    }

    /// Whether the fonts that are here have every letter of the budget's texts in this language.
    pub fn can_draw(&self, budget: &PresentedBudget, language: Language) -> bool {
        let tag = Some(language.tag());
        let labels = budget.categories.iter().map(|category| budget.label_in(category, tag));
        let mut letters = labels.chain([budget.title_in(tag)]).flat_map(str::chars).filter(|it| it.is_alphabetic());
        letters.all(|letter| letter.is_ascii() || self.can_draw_letter(letter))
    }

    fn can_draw_letter(&self, letter: char) -> bool {
        let mut drawable = self.drawable.lock().unwrap_or_else(PoisonError::into_inner);
        *drawable.entry(letter).or_insert_with(|| has_glyph(letter, self.options.get_or_init(options)))
    }

    /// The picture as PNG; `None` where too many wait.
    async fn draw(self: &Arc<Self>, tag: &str, svg: String) -> Option<Bytes> {
        if let Some(bytes) = self.kept(tag) {
            return Some(bytes);
        }
        let _place = self.waiting.try_acquire().ok()?;
        let _turn = tokio::time::timeout(PATIENCE, self.drawing.acquire()).await.ok()?.ok()?;
        // Whoever had the turn before may have drawn the same.
        if let Some(bytes) = self.kept(tag) {
            return Some(bytes);
        }
        let this = Arc::clone(self);
        let drawn = tokio::task::spawn_blocking(move || render(&svg, this.options.get_or_init(options))).await;
        let bytes = match drawn {
            Ok(Ok(bytes)) => Bytes::from(bytes),
            Ok(Err(error)) => {
                tracing::error!(error, "a picture was not drawn");
                return None;
            }
            Err(error) => {
                tracing::error!(%error, "drawing a picture failed");
                return None;
            }
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((tag.to_owned(), bytes.clone()));
        Some(bytes)
    }

    fn kept(&self, tag: &str) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| of == tag).map(|(_, bytes)| bytes.clone())
    }
}

fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    for font in [
        &include_bytes!("fonts/ledger-serif-400.ttf")[..],
        &include_bytes!("fonts/ledger-serif-600.ttf")[..],
        &include_bytes!("fonts/noto-naskh-arabic.ttf")[..],
    ] {
        fonts.load_font_data(font.to_vec());
    }
    Options { fontdb: Arc::new(fonts), font_family: "Ledger Serif".to_owned(), ..Options::default() }
}

fn has_glyph(letter: char, options: &Options) -> bool {
    let svg = chart::letter(letter);
    let Ok(tree) = Tree::from_str(&svg, options) else { return false };
    let mut glyphs = tree.root().children().iter().flat_map(|node| match node {
        Node::Text(text) => text.layouted().iter().flat_map(|span| &span.positioned_glyphs).collect(),
        _ => Vec::new(),
    });
    // Glyph 0 is the box that stands for a missing one.
    glyphs.next().is_some_and(|glyph| glyph.id.0 != 0) && glyphs.all(|glyph| glyph.id.0 != 0)
}

fn render(svg: &str, options: &Options) -> Result<Vec<u8>, String> {
    let tree = Tree::from_str(svg, options).map_err(|error| error.to_string())?;
    let mut pixels = Pixmap::new(chart::WIDTH, chart::HEIGHT).ok_or("no room for the picture")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{budget::Budget, presentation::BudgetPresentation};

    #[tokio::test]
    async fn beyond_so_many_that_wait_for_a_picture_nobody_waits() {
        let pictures = Pictures::new();
        let turn = pictures.drawing.acquire().await.unwrap();
        let svg = || "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>".to_owned();
        let mut waiting: Vec<_> = (0..MAX_WAITING).map(|n| Box::pin(draw_numbered(&pictures, n, svg()))).collect();
        for draw in &mut waiting {
            assert!(futures_util::poll!(draw).is_pending());
        }
        let refused = futures_util::poll!(Box::pin(draw_numbered(&pictures, MAX_WAITING, svg())));
        assert_eq!(refused, std::task::Poll::Ready(None), "at once");
        drop(turn);
        for draw in waiting {
            assert!(draw.await.is_some(), "who was let in is served");
        }
        assert!(draw_numbered(&pictures, MAX_WAITING, svg()).await.is_some(), "the place is free again");
    }

    async fn draw_numbered(pictures: &Arc<Pictures>, number: usize, svg: String) -> Option<Bytes> {
        pictures.draw(&number.to_string(), svg).await
    }

    #[test]
    fn letters_that_no_font_has_are_told_from_those_that_one_has() {
        let options = options();
        for letter in ['é', 'ß', 'ا', 'ع'] {
            assert!(has_glyph(letter, &options), "{letter}");
        }
        for letter in ['预', '算', 'ᚠ'] {
            assert!(!has_glyph(letter, &options), "{letter}");
        }
    }

    #[test]
    fn every_language_is_drawn_with_the_fonts_that_are_here() {
        let options = options();
        let tally = crate::domain::tally::Tally::default();
        for language in [Language::English, Language::Spanish, Language::French, Language::German, Language::Arabic] {
            let title = language.texts().description.to_owned();
            let budget = Budget { title, ..Budget::sample(&["a", "b"]) };
            let budget = PresentedBudget { budget: budget.into(), presentation: BudgetPresentation::default() };
            let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
            let snapshot = Snapshot::derive(&budget, &tally, crate::domain::snapshot::Revision::default(), now);
            let svg = chart(&budget, None, &snapshot, language).svg();
            let png = render(&svg, &options).unwrap();
            assert!(png.starts_with(b"\x89PNG") && png.len() > 10_000, "{} bytes", png.len());
        }
    }
}
