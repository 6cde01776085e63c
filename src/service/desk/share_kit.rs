//! What brings people to a budget: its address, a frame for other pages, and a post.

use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::domain::budget::PresentedBudget;

/// The words that the server says, one file a language.
#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

#[derive(Deserialize)]
struct Words {
    post: String,
}

/// The address of a budget on a server with this origin.
pub fn url(origin: &str, budget: &PresentedBudget) -> String {
    format!("{origin}/b/{}", budget.slug)
}

/// HTML that shows the budget on a page of another site.
pub fn iframe(url: &str, budget: &PresentedBudget) -> String {
    let title = budget.title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"900\" style=\"border:0\" loading=\"lazy\"></iframe>"
    )
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
        assert!(iframe(&url, &budget).contains("title=\"A &quot;town&quot; &amp; its &lt;money>\""));
    }
}
