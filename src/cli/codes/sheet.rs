//! The sheet to print: one HTML file without any other file, ten cards on a page of A4, each with a QR code.

use super::{link, page};
use crate::{
    domain::{budget::PresentedBudget, code::ParticipationCode},
    http::Language,
    qr,
};

const STYLE: &str = include_str!("sheet.css");
/// Cards on a page: two columns, five rows.
const ON_PAGE: usize = 10;

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
            let picture = qr::svg(&link(budget, url, code))?;
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
