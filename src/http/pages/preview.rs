//! Pictures of results for previews of links.

use axum::{
    body::Bytes,
    extract::{Path, Query, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use preview_image::{Chart, Row, Words};
use serde::Deserialize;

use super::language::Language;
use crate::{
    domain::{
        budget::{Category, PresentedBudget},
        snapshot::Snapshot,
    },
    engine::response_cache::entity_tag,
    fault::{ErrorCode, Fault},
    http::{respond::negotiation, state::HttpState},
    store::submissions::Submission,
};

/// What the address of a picture may ask.
#[derive(Deserialize)]
pub struct PictureQuery {
    language: Option<String>,
}

/// `/results/{id}/picture.png`
pub async fn of_submission(
    State(state): State<HttpState>,
    id: Result<Path<String>, PathRejection>,
    Query(query): Query<PictureQuery>,
    headers: HeaderMap,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    match state.services.submission(&id).await {
        Ok(Some((budget, submission))) => picture(&state, &budget, Some(&submission), &query, &headers).await,
        Ok(None) => Fault::new(ErrorCode::NotFound, "There is no submission with this id.").into_response(),
        Err(error) => Fault::from(error).into_response(),
    }
}

/// `/api/budgets/{slug}/picture.png`
pub async fn of_budget(
    State(state): State<HttpState>,
    slug: Result<Path<String>, PathRejection>,
    Query(query): Query<PictureQuery>,
    headers: HeaderMap,
) -> Response {
    let slug = slug.map(|Path(slug)| slug).unwrap_or_default();
    match state.services.catalogue.visible(&slug).await {
        Ok(Some(budget)) => picture(&state, &budget, None, &query, &headers).await,
        Ok(None) => Fault::unknown_budget().into_response(),
        Err(error) => Fault::from(error).into_response(),
    }
}

async fn picture(
    state: &HttpState,
    budget: &PresentedBudget,
    submission: Option<&Submission>,
    query: &PictureQuery,
    headers: &HeaderMap,
) -> Response {
    // Programs that show previews are nobody's participant.
    match state.services.results_are_public(budget).await {
        Ok(true) => {}
        Ok(false) => return Fault::results_hidden(budget.visibility).into_response(),
        Err(error) => return Fault::from(error).into_response(),
    }
    let reading = match state.services.aggregates.current(budget).await {
        Ok(reading) => reading,
        Err(error) => return Fault::from(error).into_response(),
    };
    // Without Accept-Language: whoever shows a preview asks for all its readers.
    let language = Language::choose(query.language.as_deref(), &HeaderMap::new());
    let svg = chart(budget, submission, &reading.snapshot, language).svg();
    let tag = entity_tag(svg.as_bytes());
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
        words: words(language),
        title: budget.title_in(tag).to_owned(),
        participants: snapshot.shown_participants,
        rows: budget.categories.iter().enumerate().map(row).collect(),
        has_mine: submission.is_some(),
    }
}

fn words(language: Language) -> Words {
    let texts = language.texts();
    Words {
        is_rtl: language.is_rtl(),
        decimal_mark: texts.decimal_mark,
        percent_sign: texts.percent_sign,
        mine: texts.mine,
        everyone: texts.all,
        real: texts.real,
        participants: texts.participants,
        caution: texts.caution,
        program: texts.name,
        more: texts.more,
    }
}

/// The texts of a budget that a picture shows in this language.
pub fn texts(budget: &PresentedBudget, language: Language) -> impl Iterator<Item = &str> {
    let tag = Some(language.tag());
    let labels = budget.categories.iter().map(move |category| budget.label_in(category, tag));
    [budget.title_in(tag)].into_iter().chain(labels)
}

#[cfg(test)]
mod tests {
    use preview_image::Renderer;

    use super::{super::texts::TEXTS, *};
    use crate::domain::{budget::Budget, presentation::BudgetPresentation};

    #[test]
    fn every_language_is_drawn_with_the_fonts_that_are_here() {
        let renderer = Renderer::new();
        let tally = crate::domain::tally::Tally::default();
        for language in TEXTS.keys().filter_map(|tag| Language::of_tag(tag)) {
            assert!([words(language).mine, words(language).caution].iter().all(|text| renderer.can_draw(text)));
            let title = language.texts().description.to_owned();
            let budget = Budget { title, ..Budget::sample(&["a", "b"]) };
            let presentation = BudgetPresentation::default();
            let budget = PresentedBudget { budget: budget.into(), presentation, exclusions: Vec::new() };
            let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
            let held_back = crate::domain::held_back::HeldBack::default();
            let revision = crate::domain::snapshot::Revision::default();
            let snapshot = Snapshot::derive(&budget, &tally, &held_back, revision, now);
            let svg = chart(&budget, None, &snapshot, language).svg();
            let png = renderer.png(&svg).unwrap();
            assert!(png.starts_with(b"\x89PNG") && png.len() > 10_000, "{} bytes", png.len());
        }
    }
}
