//! The head of a document: what it tells browsers, search engines, and programs that show a preview of a link.

use super::language::Language;

/// The marks in `frontend/index.html` between which the head is inserted.
const BEGIN: &str = "<!--head-->";
const END: &str = "<!--/head-->";

/// The values are plain text. They are escaped here and nowhere else.
#[derive(Debug, Clone)]
pub struct Head {
    pub language: Language,
    pub title: String,
    pub description: String,
    /// The URL to share. Like the picture's, it begins with the origin.
    pub address: String,
    pub picture: Option<Picture>,
    /// Whether search engines may list the page.
    pub is_listed: bool,
}

/// The picture of a preview, 1200 by 630 pixels.
#[derive(Debug, Clone)]
pub struct Picture {
    pub address: String,
    pub description: String,
}

impl Head {
    /// Inserts this head into the page, with a link to the script that the page imports first. A page without the marks
    /// is returned unchanged.
    pub fn complete(&self, page: &str, script: Option<&str>) -> String {
        let Some((before, rest)) = page.split_once(BEGIN) else { return page.to_owned() };
        let Some((_, after)) = rest.split_once(END) else { return page.to_owned() };
        let direction = if self.language.is_rtl() { "rtl" } else { "ltr" };
        let root = format!("<html lang=\"{}\" dir=\"{direction}\"", self.language.tag());
        let before = before.replacen("<html lang=\"en\"", &root, 1);
        let preload = script.map(|path| format!("\n    <link rel=\"modulepreload\" href=\"/{}\" />", escape(path)));
        format!("{before}{}{}{after}", self.tags(), preload.unwrap_or_default())
    }

    fn tags(&self) -> String {
        let mut tags = format!("<title>{}</title>", escape(&self.title));
        let mut meta = |kind: &str, name: &str, content: &str| {
            tags.push_str(&format!("\n    <meta {kind}=\"{name}\" content=\"{}\" />", escape(content)));
        };
        meta("name", "description", &self.description);
        if !self.is_listed {
            meta("name", "robots", "noindex");
        }
        let texts = self.language.texts();
        meta("name", "taxbudget:not-loaded", texts.not_loaded);
        meta("name", "taxbudget:reload", texts.reload);
        meta("property", "og:type", "website");
        meta("property", "og:title", &self.title);
        meta("property", "og:description", &self.description);
        meta("property", "og:url", &self.address);
        meta("property", "og:locale", self.language.locale());
        if let Some(picture) = &self.picture {
            meta("property", "og:image", &picture.address);
            meta("property", "og:image:type", "image/png");
            meta("property", "og:image:width", "1200");
            meta("property", "og:image:height", "630");
            meta("property", "og:image:alt", &picture.description);
            meta("name", "twitter:card", "summary_large_image");
        }
        tags.push_str(&format!("\n    <link rel=\"canonical\" href=\"{}\" />", escape(&self.address)));
        tags
    }
}

/// Escapes text for HTML, XML and their attributes. Characters that XML cannot represent are left out.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head {
            language: Language::of_tag("ar").unwrap(),
            title: "</title><script>alert(\"1\")</script> & 'more'\u{0}".to_owned(),
            description: "\" onload=\"x".to_owned(),
            address: "https://taxes.example.org/?budget=a&lang=b".to_owned(),
            picture: None,
            is_listed: false,
        }
    }

    #[test]
    fn a_page_is_completed_and_nothing_in_it_can_become_markup() {
        let page = "<html lang=\"en\"><head><!--head--><title>x</title><!--/head--></head></html>";
        let completed = head().complete(page, Some("assets/texts-ar-1.js"));
        assert!(completed.starts_with("<html lang=\"ar\" dir=\"rtl\"><head><title>&lt;/title&gt;&lt;script&gt;"));
        assert!(completed.contains("content=\"&quot; onload=&quot;x\""), "{completed}");
        assert!(completed.contains("href=\"https://taxes.example.org/?budget=a&amp;lang=b\""));
        assert!(completed.contains("<meta name=\"robots\" content=\"noindex\" />"));
        assert!(!completed.contains("<title>x") && !completed.contains("<script>") && !completed.contains('\u{0}'));
        assert!(completed.contains("<link rel=\"modulepreload\" href=\"/assets/texts-ar-1.js\" />"));
        assert!(!completed.contains("og:image") && completed.ends_with("</head></html>"));
    }

    #[test]
    fn a_page_without_room_stays_as_it_is() {
        for page in ["<html lang=\"en\"></html>", "<html lang=\"en\"><!--head--></html>"] {
            assert_eq!(head().complete(page, None), page);
        }
    }
}
