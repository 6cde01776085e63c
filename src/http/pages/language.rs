//! Which of the page's languages a reader gets.

use axum::http::{HeaderMap, header};

use crate::http::respond::negotiation;

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
    French,
    German,
    Arabic,
}

impl Language {
    /// As asked for in the address (`?lang=`), else the best of `Accept-Language`, else English.
    pub fn choose(asked: Option<&str>, headers: &HeaderMap) -> Self {
        asked.and_then(Self::of_tag).or_else(|| Self::accepted(headers)).unwrap_or(Self::English)
    }

    fn accepted(headers: &HeaderMap) -> Option<Self> {
        // Of equal weights the first one; `max_by` would give the last.
        let mut best: Option<(u16, Self)> = None;
        for (range, weight) in negotiation::weighted(headers, header::ACCEPT_LANGUAGE) {
            if let Some(language) = Self::of_tag(range)
                && weight > best.map_or(0, |(weight, _)| weight)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// `de-AT` is `de`.
    fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            "fr" => Some(Self::French),
            "de" => Some(Self::German),
            "ar" => Some(Self::Arabic),
            _ => None,
        }
    }

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }

    /// As Open Graph writes it.
    pub fn locale(self) -> &'static str {
        match self {
            Self::English => "en_US",
            Self::Spanish => "es_ES",
            Self::French => "fr_FR",
            Self::German => "de_DE",
            Self::Arabic => "ar_AR",
        }
    }

    /// Whether it is written from right to left.
    pub fn is_rtl(self) -> bool {
        self == Self::Arabic
    }

    /// Basis points as per cent, without zeros that say nothing: `12.5%`, `12,5 %`.
    pub fn percent(self, basis_points: u32) -> String {
        let mark = self.decimal_mark();
        let figure = format!("{}{mark}{:02}", basis_points / 100, basis_points % 100);
        format!("{}{}", figure.trim_end_matches('0').trim_end_matches(mark), self.percent_sign())
    }

    /// Between the whole and the fraction of a number.
    pub fn decimal_mark(self) -> char {
        if matches!(self, Self::English | Self::Arabic) { '.' } else { ',' }
    }

    /// With the space that stands between a number and it.
    pub fn percent_sign(self) -> &'static str {
        if matches!(self, Self::English | Self::Arabic) { "%" } else { "\u{a0}%" }
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
        assert_eq!(Language::English.percent(3267), "32.67%");
        assert_eq!(Language::German.percent(1250), "12,5\u{a0}%");
        assert_eq!(Language::French.percent(10_000), "100\u{a0}%");
        assert_eq!(Language::Arabic.percent(0), "0%");
        assert_eq!(Language::Spanish.percent(1205), "12,05\u{a0}%");
    }
}
