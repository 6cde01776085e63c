//! Which of the page's languages a reader gets.

use axum::http::{HeaderMap, header};

use super::texts::{Direction, TEXTS, Texts};
use crate::{domain::percent::Percent, http::respond::negotiation};

/// A language of the page.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    tag: &'static str,
    texts: &'static Texts,
}

impl Language {
    /// As asked for in the address (`?lang=`), else the best of `Accept-Language`, else English.
    pub fn choose(asked: Option<&str>, headers: &HeaderMap) -> Self {
        asked.and_then(Self::of_tag).or_else(|| Self::accepted(headers)).unwrap_or_else(Self::english)
    }

    pub fn english() -> Self {
        Self::of_tag("en").expect("locales/en.json is embedded, and a test reads it")
    }

    fn accepted(headers: &HeaderMap) -> Option<Self> {
        // Of equal weights the first one; `max_by` would give the last.
        let mut best: Option<(u16, Self)> = None;
        for (range, weight) in negotiation::weighted(headers, header::ACCEPT_LANGUAGE) {
            if let Some(language) = str::from_utf8(range).ok().and_then(Self::of_tag)
                && weight > best.map_or(0, |(weight, _)| weight)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// `de-AT` is `de`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?.to_ascii_lowercase();
        TEXTS.get_key_value(&primary).map(|(tag, texts)| Self { tag, texts })
    }

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        self.tag
    }

    /// The words that the server says in this language.
    pub fn texts(self) -> &'static Texts {
        self.texts
    }

    /// As Open Graph writes it.
    pub fn locale(self) -> &'static str {
        self.texts.locale
    }

    /// Whether it is written from right to left.
    pub fn is_rtl(self) -> bool {
        self.texts.direction == Direction::Rtl
    }

    /// Basis points as per cent, without zeros that say nothing: `12.5%`, `12,5 %`.
    pub fn percent(self, basis_points: u32) -> String {
        let mark = self.texts.decimal_mark;
        let figure = Percent(basis_points).to_string().replace('.', &mark.to_string());
        format!("{}{}", figure.trim_end_matches('0').trim_end_matches(mark), self.texts.percent_sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn chosen(asked: Option<&str>, accept: &'static str) -> &'static str {
        let headers = [(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept))].into_iter().collect();
        Language::choose(asked, &headers).tag()
    }

    #[test]
    fn the_address_comes_first_then_the_weightiest_language_that_the_page_speaks() {
        assert_eq!(chosen(Some("ar"), "de"), "ar");
        assert_eq!(chosen(Some("xx"), "de-AT,de;q=0.9"), "de");
        assert_eq!(chosen(None, "nl, fr;q=0.5, es;q=0.8"), "es");
        assert_eq!(chosen(None, "fr, es"), "fr", "of equals the first");
        assert_eq!(chosen(None, "de;q=0, en"), "en", "refused");
        assert_eq!(chosen(None, "*;q=;;,--"), "en");
        assert_eq!(chosen(Some("\"><script>"), ""), "en");
    }

    #[test]
    fn percents_are_written_as_in_the_language() {
        let language = |tag| Language::of_tag(tag).unwrap();
        assert_eq!(language("en").percent(3267), "32.67%");
        assert_eq!(language("de").percent(1250), "12,5\u{a0}%");
        assert_eq!(language("fr").percent(10_000), "100\u{a0}%");
        assert_eq!(language("ar").percent(0), "0%");
        assert_eq!(language("es").percent(1205), "12,05\u{a0}%");
    }
}
