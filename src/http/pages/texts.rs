//! The few words that the server itself says, read from `locales/`.

use std::{collections::BTreeMap, sync::LazyLock};

use rust_embed::RustEmbed;
use serde::Deserialize;

/// One JSON file for each language; the file's name is the language's tag. The page reads the same files.
#[derive(RustEmbed)]
#[folder = "locales"]
struct Files;

/// The texts of one language. `{}` stands for what is filled in.
///
/// The fields borrow from the file, so the JSON must not contain escapes such as `\u00a0`: a unit test reads every file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Texts {
    /// For Open Graph: `de_DE`.
    pub locale: &'static str,
    pub direction: Direction,
    pub decimal_mark: char,
    /// With the space that stands between a number and it.
    pub percent_sign: &'static str,
    /// The program.
    pub name: &'static str,
    /// One sentence about it.
    pub description: &'static str,
    /// Titles of the pages.
    pub everyone: &'static str,
    pub history: &'static str,
    pub privacy: &'static str,
    pub result: &'static str,
    pub unknown: &'static str,
    /// Three categories with their shares.
    pub gives_most: &'static str,
    /// What the picture shows, of a budget and of one submission.
    pub picture: &'static str,
    pub picture_of_one: &'static str,
    /// Marks in the picture.
    pub mine: &'static str,
    pub all: &'static str,
    pub real: &'static str,
    pub participants: &'static str,
    pub caution: &'static str,
    pub more: &'static str,
    /// Between the members of a list.
    pub comma: &'static str,
    /// On a card with a participation code, below the address: what to do with it.
    pub code_card: &'static str,
    /// A post that invites to a budget, which the desk offers; `{title}` and `{url}` are filled in.
    pub post: &'static str,
    /// Shown where scripts do not run, and where the averages are then.
    pub no_script: &'static str,
    pub numbers_at: &'static str,
    /// Shown by `start.js` where the page's own texts cannot be loaded.
    pub not_loaded: &'static str,
    pub reload: &'static str,
    /// Of the file that explains an export of answers.
    pub dictionary: Dictionary,
}

/// What an export of answers contains.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dictionary {
    /// The headings of the explanation.
    pub column: &'static str,
    pub heading: &'static str,
    pub kind: &'static str,
    pub meaning: &'static str,
    /// The kinds of values.
    pub text: &'static str,
    pub time: &'static str,
    pub flag: &'static str,
    pub percent: &'static str,
    /// The meanings of the columns.
    pub answer: &'static str,
    pub hour: &'static str,
    pub counted: &'static str,
    pub excluded_because: &'static str,
    pub share: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Ltr,
    Rtl,
}

/// The texts by language tag.
pub static TEXTS: LazyLock<BTreeMap<String, Texts>> = LazyLock::new(|| {
    let read = |name: &str| {
        let tag = name.strip_suffix(".json")?.to_owned();
        let file = String::from_utf8(Files::get(name)?.data.into_owned()).expect("a test reads every file");
        // Leaked once and for the life of the process, so that the texts are plain `&'static str` everywhere.
        let texts = serde_json::from_str(file.leak()).expect("a test reads every file");
        Some((tag, texts))
    };
    Files::iter().filter_map(|name| read(&name)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_language_of_the_page_is_there_with_all_its_texts() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/texts/languages");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let page: BTreeSet<String> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(TEXTS.keys().cloned().collect::<BTreeSet<_>>(), page, "locales/ and the texts of the page");
    }

    #[test]
    fn a_text_in_which_something_is_filled_in_has_one_place_for_it() {
        for (tag, texts) in TEXTS.iter() {
            let filled = [texts.gives_most, texts.picture, texts.picture_of_one, texts.participants, texts.more];
            for text in filled.into_iter().chain([texts.numbers_at]) {
                assert_eq!(text.matches("{}").count(), 1, "{tag}: {text}");
            }
        }
    }
}
