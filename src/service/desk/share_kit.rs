//! What brings people to a budget: its address, a frame for other pages, and a post.

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::domain::budget::PresentedBudget;

/// The words that the server says, one file a language.
#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

/// In pixels.
const FORM_LINK_HEIGHT: usize = 280;

#[derive(Deserialize)]
struct Words {
    post: String,
}

/// The address of a budget on a server with this origin.
pub fn url(origin: &str, budget: &PresentedBudget) -> String {
    format!("{origin}/b/{}", budget.slug)
}

/// What a frame on a page of another site shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameView {
    /// The results, live, with a link to the form.
    Results,
    /// The question with a link to the form.
    FormLink,
}

/// HTML that shows a budget of a server with this origin on a page of another site. Without a language, the frame is in the
/// reader's own.
pub fn iframe(origin: &str, budget: &PresentedBudget, language: Option<&str>, view: FrameView) -> String {
    let (view, height) = match view {
        FrameView::Results => (None, results_height(budget.categories.len())),
        FrameView::FormLink => (Some("view=form-link".to_owned()), FORM_LINK_HEIGHT),
    };
    let parameters: Vec<String> =
        language.map(|tag| format!("lang={}", in_address(tag))).into_iter().chain(view).collect();
    let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&amp;")) };
    let title = budget.title_in(language).replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{origin}/embed/{}{query}\" title=\"{title}\" width=\"100%\" height=\"{height}\" \
         style=\"border:0\" loading=\"lazy\"></iframe>",
        budget.slug
    )
}

/// In pixels: all lines below each other, as on a phone.
fn results_height(lines: usize) -> usize {
    280 + 40 * lines
}

/// The characters that a language tag can have. No other gets into the address.
fn in_address(tag: &str) -> String {
    tag.chars().filter(|character| character.is_ascii_alphanumeric() || *character == '-').collect()
}

/// A post that invites to the budget. English if the server has no words in this language.
pub fn post(url: &str, budget: &PresentedBudget, language: &str) -> String {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let words = words(&primary).or_else(|| words("en")).unwrap_or_else(|| "{title}: {url}".to_owned());
    words.replace("{url}", url).replace("{title}", budget.title_in(Some(language)))
}

fn words(language: &str) -> Option<String> {
    let file = Locales::get(&format!("{language}.json"))?;
    serde_json::from_slice::<Words>(&file.data).ok().map(|words| words.post)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{budget::Budget, presentation::BudgetPresentation};

    #[test]
    fn a_post_has_the_title_and_the_address_in_every_language_of_the_server() {
        let budget = Budget { title: "A \"town\" & its <money>".to_owned(), ..Budget::sample(&["a", "b"]) };
        let budget = PresentedBudget {
            budget: budget.into(),
            presentation: BudgetPresentation::default(),
            exclusions: Vec::new(),
        };
        let languages: Vec<String> = Locales::iter().map(|file| file.trim_end_matches(".json").to_owned()).collect();
        assert!(languages.len() >= 5, "{languages:?}");
        let url = url("https://town.example", &budget);
        for language in languages.iter().map(String::as_str).chain(["de-AT", "tlh"]) {
            let post = post(&url, &budget, language);
            assert!(
                post.contains(&budget.title) && post.ends_with("https://town.example/b/sample"),
                "{language}: {post}"
            );
        }
    }

    #[test]
    fn a_frame_is_as_high_as_its_lines_need_and_nothing_in_it_can_become_markup() {
        let budget = Budget { title: "A \"town\" & its <money>".to_owned(), ..Budget::sample(&["a", "b"]) };
        let budget = PresentedBudget {
            budget: budget.into(),
            presentation: BudgetPresentation::default(),
            exclusions: Vec::new(),
        };
        let frame = |language, view| iframe("https://town.example", &budget, language, view);
        assert_eq!(
            frame(Some("de\" onload=\"x"), FrameView::FormLink),
            "<iframe src=\"https://town.example/embed/sample?lang=deonloadx&amp;view=form-link\" \
             title=\"A &quot;town&quot; &amp; its &lt;money>\" width=\"100%\" height=\"280\" style=\"border:0\" \
             loading=\"lazy\"></iframe>"
        );
        let results = frame(None, FrameView::Results);
        assert!(results.contains("src=\"https://town.example/embed/sample\""), "{results}");
        assert!(results.contains("height=\"360\""), "{results}");
    }
}
