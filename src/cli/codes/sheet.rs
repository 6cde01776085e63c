//! The sheet to print: one HTML file without any other file, ten cards on a page of A4, each with a QR code.

use anyhow::Context;
use qrcode::{Color, EcLevel, QrCode};

use super::{link, page};
use crate::{
    domain::{budget::PresentedBudget, code::ParticipationCode},
    http::Language,
};

const STYLE: &str = include_str!("sheet.css");
/// Cards on a page: two columns, five rows.
const ON_PAGE: usize = 10;
/// The white border that a QR code needs, in modules.
const QUIET_ZONE: usize = 4;

/// Returns the sheet with one card for each code.
pub fn html(budget: &PresentedBudget, url: &str, codes: &[ParticipationCode]) -> anyhow::Result<String> {
    let title = escaped(&budget.title);
    let language = escaped(&budget.presentation.language);
    let explanations = explanations(budget);
    let page = page(budget, url);
    let address = escaped(page.split_once("://").map_or(page.as_str(), |(_, address)| address));
    let mut pages = String::new();
    for codes in codes.chunks(ON_PAGE) {
        pages.push_str("<section>\n");
        for code in codes {
            let picture = picture(&link(budget, url, code))?;
            pages.push_str(&format!(
                "<article><h2 dir=\"auto\">{title}</h2><b>{address}</b>{picture}<div>{explanations}</div><p class=\"code\">{code}</p></article>\n"
            ));
        }
        pages.push_str("</section>\n");
    }
    Ok(format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" \
         content=\"noindex\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{pages}</body>\n</html>\n"
    ))
}

/// What to do with the card, in each language of the budget.
fn explanations(budget: &PresentedBudget) -> String {
    let mut languages: Vec<Language> = budget.presentation.languages().filter_map(Language::of_tag).collect();
    if languages.is_empty() {
        languages.push(Language::english());
    }
    let explanation = |language: Language| {
        let direction = if language.is_rtl() { "rtl" } else { "ltr" };
        format!("<p lang=\"{}\" dir=\"{direction}\">{}</p>", language.tag(), escaped(language.texts().code_card))
    };
    languages.into_iter().map(explanation).collect()
}

/// A QR code as SVG: one path, in which each run of dark modules in a row is a rectangle.
fn picture(text: &str) -> anyhow::Result<String> {
    let qr = QrCode::with_error_correction_level(text, EcLevel::M).context("the link is too long for a QR code")?;
    let width = qr.width();
    let mut path = String::new();
    for (y, row) in qr.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                path.push_str(&format!("M{} {}h{len}v1h-{len}z", x + QUIET_ZONE, y + QUIET_ZONE, len = run.len()));
            }
            x += run.len();
        }
    }
    let size = width + 2 * QUIET_ZONE;
    Ok(format!(
        "<svg viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
