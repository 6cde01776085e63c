//! The head of a document: what it tells browsers, search engines, and programs that show a preview of a link.

use super::language::Language;

/// The marks in `index.html` and `embed.html` of `frontend/` between which the head is inserted.
const BEGIN: &str = "<!--head-->";
const END: &str = "<!--/head-->";
/// The marks of what is read where scripts do not run.
const NO_SCRIPT_BEGIN: &str = "<!--no-script-->";
const NO_SCRIPT_END: &str = "<!--/no-script-->";

/// The values are plain text. They are escaped here and nowhere else.
#[derive(Debug, Clone)]
pub struct Head {
    pub language: Language,
    pub title: String,
    pub description: String,
    /// The URL to share. Like the picture's, it begins with the origin.
    pub address: String,
    pub picture: Option<Picture>,
    /// The path of the budget's averages as a file, if everybody may see them.
    pub numbers: Option<String>,
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
    /// Inserts this head into the page, with links to scripts that the page imports, and what is read without scripts. A page without the marks is returned unchanged.
    pub fn complete(&self, page: &str, scripts: &[String]) -> String {
        let Some((before, _, after)) = between(page, BEGIN, END) else { return page.to_owned() };
        let direction = if self.language.is_rtl() { "rtl" } else { "ltr" };
        let root = format!("<html lang=\"{}\" dir=\"{direction}\"", self.language.tag());
        let before = before.replacen("<html lang=\"en\"", &root, 1);
        // The style sheet alone comes before the first paint, so the scripts must not take the network from it.
        let preload = |path: &String| {
            format!("\n    <link rel=\"modulepreload\" fetchpriority=\"low\" href=\"/{}\" />", escape(path))
        };
        let preloads: String = scripts.iter().map(preload).collect();
        let after = match between(after, NO_SCRIPT_BEGIN, NO_SCRIPT_END) {
            Some((before, _, after)) => format!("{before}{}{after}", self.without_scripts()),
            None => after.to_owned(),
        };
        format!("{before}{}{preloads}{after}", self.tags())
    }

    fn without_scripts(&self) -> String {
        let texts = self.language.texts();
        let numbers = self.numbers.as_ref().map(|path| format!(" {}", texts.numbers_at.replace("{}", path)));
        escape(&format!("{}{}", texts.no_script, numbers.unwrap_or_default()))
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

/// What stands before, between and after two marks.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, rest) = page.split_once(begin)?;
    let (inner, after) = rest.split_once(end)?;
    Some((before, inner, after))
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
            numbers: Some("/api/budgets/<b>/aggregate.json".to_owned()),
            is_listed: false,
        }
    }

    #[test]
    fn a_page_is_completed_and_nothing_in_it_can_become_markup() {
        let page = "<html lang=\"en\"><head><!--head--><title>x</title><!--/head--></head><!--no-script-->x<!--/no-script--></html>";
        let completed = head().complete(page, &["assets/texts-ar-1.js".to_owned()]);
        assert!(completed.starts_with("<html lang=\"ar\" dir=\"rtl\"><head><title>&lt;/title&gt;&lt;script&gt;"));
        assert!(completed.contains("content=\"&quot; onload=&quot;x\""), "{completed}");
        assert!(completed.contains("href=\"https://taxes.example.org/?budget=a&amp;lang=b\""));
        assert!(completed.contains("<meta name=\"robots\" content=\"noindex\" />"));
        assert!(!completed.contains("<title>x") && !completed.contains("<script>") && !completed.contains('\u{0}'));
        assert!(
            completed.contains("<link rel=\"modulepreload\" fetchpriority=\"low\" href=\"/assets/texts-ar-1.js\" />")
        );
        assert!(
            !completed.contains("og:image") && completed.ends_with("/api/budgets/&lt;b&gt;/aggregate.json.</html>")
        );
    }

    #[test]
    fn a_page_without_room_stays_as_it_is() {
        for page in ["<html lang=\"en\"></html>", "<html lang=\"en\"><!--head--></html>"] {
            assert_eq!(head().complete(page, &[]), page);
        }
    }
}
