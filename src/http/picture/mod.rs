//! Pictures of results, drawn here, for previews of links.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use preview_image::{Chart, Renderer, Row, Words};
use quick_cache::sync::Cache;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::{
    pages::{documents, language::Language},
    respond::negotiation,
    state::HttpState,
};
use crate::{
    domain::{
        budget::{Budget, Category},
        snapshot::Snapshot,
    },
    fault::{ErrorCode, Fault},
    store::submissions::Submission,
};

/// Drawing takes a whole core: one picture at a time, and a request waits no longer than this for its turn.
const DRAW_TIMEOUT: Duration = Duration::from_secs(5);
/// Requests that wait for their turn or draw. At some 10 ms a picture the last of them waits a third of a second.
const MAX_WAITING: usize = 32;
/// A picture is 50 to 70 KB.
const CACHED_PICTURES: usize = 64;

/// The renderer with what it drew last.
pub struct Pictures {
    waiting: Semaphore,
    drawing: Semaphore,
    /// By the entity tag of their SVG text.
    cache: Cache<String, Bytes>,
    renderer: OnceLock<Renderer>,
}

/// What the address of a picture may ask.
#[derive(Deserialize)]
pub struct PictureQuery {
    language: Option<String>,
}

/// `/results/{id}/picture.png`
pub async fn of_submission(
    State(state): State<HttpState>,
    id: Result<Path<String>, PathRejection>,
    Query(asked): Query<PictureQuery>,
    headers: HeaderMap,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    match documents::submission(&state, &id).await {
        Ok(Some((budget, submission))) => picture(&state, &budget, Some(&submission), &asked, &headers).await,
        Ok(None) => Fault::new(ErrorCode::NotFound, "There is no submission with this id.").into_response(),
        Err(error) => Fault::from(error).into_response(),
    }
}

/// `/api/budgets/{slug}/picture.png`
pub async fn of_budget(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(asked): Query<PictureQuery>,
    headers: HeaderMap,
) -> Response {
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    match state.services.catalogue.visible(&slug).await {
        Ok(Some(budget)) => picture(&state, &budget, None, &asked, &headers).await,
        Ok(None) => Fault::unknown_budget().into_response(),
        Err(error) => Fault::from(error).into_response(),
    }
}

async fn picture(
    state: &HttpState,
    budget: &Budget,
    submission: Option<&Submission>,
    asked: &PictureQuery,
    headers: &HeaderMap,
) -> Response {
    let reading = match state.services.aggregates.current(budget).await {
        Ok(reading) => reading,
        Err(error) => return Fault::from(error).into_response(),
    };
    // Without Accept-Language: whoever shows a preview asks for all its readers.
    let language = Language::choose(asked.language.as_deref(), &HeaderMap::new());
    let svg = chart(budget, submission, &reading.snapshot, language).svg();
    let tag = negotiation::entity_tag(svg.as_bytes());
    let bytes = if negotiation::has(headers, &tag) { Some(Bytes::new()) } else { state.pictures.draw(&tag, svg).await };
    let Some(bytes) = bytes else {
        let message = "Too many pictures are being drawn. Try again in a moment.";
        return Fault::overloaded(message).into_response();
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

fn chart(budget: &Budget, submission: Option<&Submission>, snapshot: &Snapshot, language: Language) -> Chart {
    let tag = Some(language.tag());
    let shares = submission.map(|submission| submission.allocation.shares());
    let row = |(index, category): (usize, &Category)| Row {
        label: budget.label_in(category, tag).to_owned(),
        everyone: snapshot.categories.get(index).map_or(0, |numbers| numbers.average),
        mine: shares.and_then(|shares| shares.get(index)).map(|share| u32::from(share.basis_points())),
        real: category.actual.map(|share| u32::from(share.basis_points())),
    };
    Chart {
        words: words(language),
        title: budget.title_in(tag).to_owned(),
        participants: snapshot.participants,
        rows: budget.categories.iter().enumerate().map(row).collect(),
        has_mine: submission.is_some(),
    }
}

fn words(language: Language) -> Words {
    let texts = language.texts();
    Words {
        is_rtl: language.is_rtl(),
        decimal_mark: language.decimal_mark(),
        percent_sign: language.percent_sign(),
        mine: texts.mine,
        everyone: texts.all,
        real: texts.real,
        participants: texts.participants,
        caution: texts.caution,
        program: texts.name,
        more: texts.more,
    }
}

impl Pictures {
    /// Fonts are read with the first picture.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            waiting: Semaphore::new(MAX_WAITING),
            drawing: Semaphore::new(1),
            cache: Cache::new(CACHED_PICTURES),
            renderer: OnceLock::new(),
        })
    }

    /// Whether the fonts that are here have every letter of the budget's texts in this language.
    pub fn can_draw(&self, budget: &Budget, language: Language) -> bool {
        let tag = Some(language.tag());
        let mut labels = budget.categories.iter().map(|category| budget.label_in(category, tag));
        let renderer = self.renderer();
        renderer.can_draw(budget.title_in(tag)) && labels.all(|label| renderer.can_draw(label))
    }

    fn renderer(&self) -> &Renderer {
        self.renderer.get_or_init(Renderer::new)
    }

    /// The picture as PNG; `None` where too many wait.
    async fn draw(self: &Arc<Self>, tag: &str, svg: String) -> Option<Bytes> {
        if let Some(bytes) = self.cache.get(tag) {
            return Some(bytes);
        }
        let _place = self.waiting.try_acquire().ok()?;
        let _turn = tokio::time::timeout(DRAW_TIMEOUT, self.drawing.acquire()).await.ok()?.ok()?;
        // Whoever had the turn before may have drawn the same.
        if let Some(bytes) = self.cache.get(tag) {
            return Some(bytes);
        }
        let this = Arc::clone(self);
        let drawn = tokio::task::spawn_blocking(move || this.renderer().png(&svg)).await;
        let bytes = match drawn {
            Ok(Ok(bytes)) => Bytes::from(bytes),
            Ok(Err(error)) => {
                tracing::error!(%error, "a picture was not drawn");
                return None;
            }
            Err(error) => {
                tracing::error!(%error, "drawing a picture failed");
                return None;
            }
        };
        self.cache.insert(tag.to_owned(), bytes.clone());
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn every_language_is_drawn_with_the_fonts_that_are_here() {
        let renderer = Renderer::new();
        let (mut budget, tally) = (Budget::sample(&["a", "b"]), crate::domain::tally::Tally::default());
        for language in [Language::English, Language::Spanish, Language::French, Language::German, Language::Arabic] {
            assert!([words(language).mine, words(language).caution].iter().all(|text| renderer.can_draw(text)));
            budget.title = language.texts().description.to_owned();
            let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
            let snapshot = Snapshot::derive(&budget, &tally, crate::domain::snapshot::Revision::default(), now);
            let svg = chart(&budget, None, &snapshot, language).svg();
            let png = renderer.png(&svg).unwrap();
            assert!(png.starts_with(b"\x89PNG") && png.len() > 10_000, "{} bytes", png.len());
        }
    }
}
